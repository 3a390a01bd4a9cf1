import type { Ledger } from '../ledger/ledger.ts';
import type { SenderState } from '../upstreams/client/sender.ts';
import type { UpstreamSystem } from '../upstreams/errors.ts';
import type { UpstreamStates } from '../upstreams/tenants.ts';

/** Whether requests should be sent here, and how what they need is. */
export interface Readiness {
  readonly isReady: boolean;
  readonly isStopping: boolean;
  readonly store: 'open' | 'unavailable';
  readonly upstreams: Readonly<Record<UpstreamSystem, SenderState | 'not configured'>>;
}

export interface ReadinessParts {
  readonly ledger: Pick<Ledger, 'check'>;
  readonly upstreams: UpstreamStates;
  readonly isStopping: () => boolean;
}

/** An upstream that is down does not make the gateway unready: the other one's fields are served. */
export const readReadiness = async ({
  ledger,
  upstreams,
  isStopping,
}: ReadinessParts): Promise<Readiness> => {
  const store = await ledger.check().then(
    () => 'open' as const,
    () => 'unavailable' as const,
  );
  return {
    isReady: store === 'open' && !isStopping(),
    isStopping: isStopping(),
    store,
    upstreams: {
      SCOLLECT: upstreams.SCOLLECT.state() ?? 'not configured',
      RECOVERY_CONNECT: upstreams.RECOVERY_CONNECT.state() ?? 'not configured',
    },
  };
};
