import { setTimeout as pause } from 'node:timers/promises';
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

/** Milliseconds that the answer waits for the ledger: the probes of `deploy/` wait for two seconds. */
export const readinessWaitMs = 1500;

/** Whether the ledger can be read now. One that does not answer counts as one that fails. */
const isOpen = async (ledger: ReadinessParts['ledger']): Promise<boolean> => {
  const checked = ledger.check().then(
    () => true,
    () => false,
  );
  const timer = new AbortController();
  const late = pause(readinessWaitMs, false, { ref: false, signal: timer.signal }).catch(() => false);
  return Promise.race([checked, late]).finally(() => timer.abort());
};

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
  const canRead = await isOpen(ledger);
  return {
    isReady: canRead && !isStopping(),
    isStopping: isStopping(),
    store: canRead ? 'open' : 'unavailable',
    upstreams: {
      SCOLLECT: reported(upstreams.SCOLLECT.state()),
      RECOVERY_CONNECT: reported(upstreams.RECOVERY_CONNECT.state()),
    },
  };
};
