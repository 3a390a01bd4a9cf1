import type { CancelSignal } from '../../lib/abort-signal.ts';
import { DeadlineError } from '../../lib/deadline.ts';

/**
 * The reason why no whole response arrived. `lost`: the connection failed or ended. `timeout`: the upstream took too
 * long. `tooLarge`: the response exceeds its limit. `crowded`: all concurrent responses together exceed theirs. `late`:
 * the deadline of the request passed. `left`: nobody waits any more.
 */
export type Loss = 'lost' | 'timeout' | 'tooLarge' | 'crowded' | 'late' | 'left';

/** A request without a whole response. */
export class TransportError extends Error {
  readonly loss: Loss;
  /** Whether any part of the request may have reached the upstream. */
  readonly mayBeSent: boolean;

  constructor(loss: Loss, mayBeSent: boolean, cause?: unknown) {
    super('The upstream returned no complete response', { cause });
    this.name = 'TransportError';
    this.loss = loss;
    this.mayBeSent = mayBeSent;
  }
}

/** Creates the error of a cancelled request: its deadline passed, or nobody waits for it any more. */
export const cancelled = ({ reason }: CancelSignal, mayBeSent = false): TransportError =>
  new TransportError(reason instanceof DeadlineError ? 'late' : 'left', mayBeSent, reason);

/** Returns the kind of a failure: an error code of Node, or of a loss. It contains no value of the call. */
export const transportFailure = (error: unknown): string => {
  if (!(error instanceof TransportError)) return 'unknown';
  const { loss, cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : loss;
};
