import type { Settings } from '../../config/settings.ts';
import { note, ok } from '../result.ts';
import type { Check } from '../run-check.ts';

export interface ProxiesContext {
  readonly settings: Pick<Settings, 'authentication' | 'trustedProxies'>;
}

/** A number that is too low or too high assigns requests to wrong addresses. */
export const proxiesCheck: Check<ProxiesContext> = {
  id: 'proxies',
  subject: 'TRUSTED_PROXIES',
  run: ({ settings: { authentication, trustedProxies } }, report) => {
    if (authentication && trustedProxies === 0) {
      report(
        note(
          proxiesCheck,
          '0: right only if no proxy is in front. Its clients would share one address.',
          'Set it to the number of proxies that add to X-Forwarded-For.',
        ),
      );
      return;
    }
    report(
      ok(
        proxiesCheck,
        trustedProxies === 0
          ? '0: clients connect to the gateway.'
          : `${trustedProxies}: right only if exactly as many proxies add to X-Forwarded-For.`,
      ),
    );
  },
};
