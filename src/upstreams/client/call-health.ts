import type { CallHealth } from './breaker.ts';
import type { AttemptOutcome } from './retry.ts';
import { TransportError, transportFailure } from './transport-error.ts';

/** Returns how an attempt counts for the circuit breaker. */
export const healthOf = (ending: AttemptOutcome): CallHealth => {
  if ('judged' in ending) {
    const { isUnhealthy, verdict } = ending.judged;
    // An upstream that limits rates is reachable, and possibly unhealthy.
    if (verdict.kind === 'rateLimited') return 'neither';
    return isUnhealthy ? 'failure' : 'success';
  }
  const loss = ending.error instanceof TransportError ? ending.error.loss : undefined;
  return loss === 'lost' || loss === 'timeout' ? 'failure' : 'neither';
};

/** Returns a description of the failure for the log, without any value of the call or its response. */
export const describeOutcome = (ending: AttemptOutcome): string =>
  'judged' in ending ? `HTTP ${ending.judged.status}` : transportFailure(ending.error);
