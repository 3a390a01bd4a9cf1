import type { CancelSignal } from '../../lib/abort-signal.ts';
import { DeadlineError } from '../../lib/deadline.ts';

/**
 * Why no whole answer came. `lost`: the connection could not be made, or ended. `timeout`: the upstream took too long.
 * `tooLarge`: the answer is, or, `crowded`, all answers that are coming in together are.
 * `late`: the deadline of the request has passed. `left`: nobody waits any more.
 */
export type Loss = 'lost' | 'timeout' | 'tooLarge' | 'crowded' | 'late' | 'left';

/** A request that got no whole answer. */
export class TransportError extends Error {
  readonly loss: Loss;
  /** Whether any of the request may have reached the upstream. */
  readonly mayBeSent: boolean;

  constructor(loss: Loss, mayBeSent: boolean, cause?: unknown) {
    super('No whole answer came from the upstream', { cause });
    this.name = 'TransportError';
    this.loss = loss;
    this.mayBeSent = mayBeSent;
  }
}

/** That a request was given up: for its deadline, or since nobody waits for it any more. */
export const cancelled = ({ reason }: CancelSignal, mayBeSent = false): TransportError =>
  new TransportError(reason instanceof DeadlineError ? 'late' : 'left', mayBeSent, reason);
