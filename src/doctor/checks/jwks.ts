import { fetchFailureOf, fetchPublishedKeys } from '../../auth/jwks.ts';
import type { Settings } from '../../config/settings.ts';
import { type CheckSubject, note, ok, type Report, skipped, trouble } from '../result.ts';
import type { Check } from '../run-check.ts';
import { type ClockReading, clockResult, type Headers, readClock } from './clocks.ts';

export interface JwksContext {
  readonly settings: Pick<Settings, 'authentication'>;
}

const clock: CheckSubject = { id: 'clock.issuer', subject: 'Clock of the issuer' };

const examine = async (url: string, skewSeconds: number, report: Report): Promise<void> => {
  let reading: ClockReading | null = null;
  const readHeaders = (headers: Headers): void => {
    reading = readClock(headers);
  };
  try {
    const { keys, published, hasPrivateKeys } = await fetchPublishedKeys(url, readHeaders);
    // A key may serve both algorithms in the set, but not by its type.
    const usable = keys.length;
    const algorithms = [...new Set(keys.map(({ algorithm }) => algorithm))].sort().join(', ');
    const counts = `${usable} of ${published} keys can be used (${algorithms})`;
    if (hasPrivateKeys) {
      report(
        trouble(
          jwksCheck,
          `${counts}, but the issuer publishes a secret or private key: others can sign tokens with it.`,
          'Replace the keys of the issuer.',
        ),
      );
    } else {
      report(ok(jwksCheck, `${counts}.`));
    }
    if (keys.length > 1 && keys.some(({ kid }) => kid === undefined)) {
      report(
        note(
          { id: 'jwks.key-ids', subject: 'Key ids of the issuer' },
          'a key has no id: each token is tried with it.',
          'Publish keys with the member `kid`.',
        ),
      );
    }
  } catch (error) {
    report(
      trouble(
        jwksCheck,
        `the keys cannot be used: ${fetchFailureOf(error)}. No caller would be admitted.`,
        'Check the URL, the network, and that the issuer publishes RSA keys of 2048 bits or P-256 keys.',
      ),
    );
  }
  report(clockResult(clock, reading, skewSeconds));
};

/** Fetches the keys of the issuer, and imports them as the gateway does. */
export const jwksCheck: Check<JwksContext> = {
  id: 'jwks',
  subject: 'AUTH_JWKS_URL',
  run: async ({ settings: { authentication } }, report) => {
    if (authentication && 'jwksUrl' in authentication.keys) {
      await examine(authentication.keys.jwksUrl, authentication.clockSkewSeconds, report);
      return;
    }
    report(skipped(jwksCheck, 'not set.'));
    report(skipped(clock, 'AUTH_JWKS_URL is not set.'));
  },
};
