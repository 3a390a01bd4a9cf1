import type { Ledger } from '../ledger/ledger.ts';
import type { SenderState } from '../upstreams/client/sender.ts';
import type { UpstreamSystem } from '../upstreams/errors.ts';
import type { UpstreamStates } from '../upstreams/tenants.ts';

/** The state of an upstream, as `/ready` reports it: the names are documented. */
type ReportedState = Omit<SenderState, 'inFlight' | 'slots'> & { readonly underWay: number };

/** Whether requests should be sent here, and the state of what they need. */
export interface Readiness {
  readonly isReady: boolean;
  readonly isStopping: boolean;
  readonly store: 'open' | 'unavailable';
  readonly upstreams: Readonly<Record<UpstreamSystem, ReportedState | 'not configured'>>;
}

export interface ReadinessParts {
  readonly ledger: Pick<Ledger, 'check'>;
  readonly upstreams: UpstreamStates;
  readonly isStopping: () => boolean;
}

const reported = (state: SenderState | null): ReportedState | 'not configured' => {
  if (!state) return 'not configured';
  const { breaker, inFlight: underWay, waiting } = state;
  return { breaker, underWay, waiting };
};

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
      SCOLLECT: reported(upstreams.SCOLLECT.state()),
      RECOVERY_CONNECT: reported(upstreams.RECOVERY_CONNECT.state()),
    },
  };
};
