import { setMaxListeners } from 'node:events';
import { type QueuedTimeout, TimeoutQueue } from './timeout-queue.ts';

/** The time by which a request must be answered. */
export interface Deadline {
  /** Aborts when the deadline passes. */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline; 0 once it has passed. */
  remainingMs(): number;
  /** Moves the deadline to this many milliseconds from now, unless it is earlier already. */
  shorten(milliseconds: number): void;
  /** Stops the timer: the request is answered. */
  clear(): void;
}

export class DeadlineError extends Error {
  constructor() {
    super('The deadline of the request has passed.');
    this.name = 'DeadlineError';
  }
}

/** A class: an object literal with an accessor gets its own hidden class, which is slow to create and to collect. */
class TimedDeadline implements Deadline {
  readonly #onPass: (reason: DeadlineError) => void;
  // Few requests use the signal.
  #controller: AbortController | undefined;
  #passed: DeadlineError | undefined;
  #at: number;
  #timeouts: TimeoutQueue;
  #timeout: QueuedTimeout;

  constructor(timeouts: TimeoutQueue, onPass: (reason: DeadlineError) => void) {
    this.#onPass = onPass;
    this.#timeouts = timeouts;
    this.#timeout = timeouts.start(this.#pass);
    this.#at = this.#timeout.dueAt;
  }

  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal;
    this.#controller = new AbortController();
    // Any number of calls listen to it, which Node would report as a leak.
    setMaxListeners(0, this.#controller.signal);
    if (this.#passed) this.#controller.abort(this.#passed);
    return this.#controller.signal;
  }

  remainingMs(): number {
    return this.#passed ? 0 : Math.max(0, this.#at - performance.now());
  }

  shorten(milliseconds: number): void {
    const earlier = performance.now() + milliseconds;
    if (this.#passed || earlier >= this.#at) return;
    this.clear();
    this.#at = earlier;
    this.#timeouts = new TimeoutQueue(milliseconds);
    this.#timeout = this.#timeouts.start(this.#pass);
  }

  clear(): void {
    this.#timeouts.cancel(this.#timeout);
  }

  readonly #pass = (): void => {
    this.#passed = new DeadlineError();
    this.#onPass(this.#passed);
    this.#controller?.abort(this.#passed);
  };
}

/**
 * @param onPass is called when the deadline passes, before its signal aborts.
 * @param timeouts a queue of the same length, if deadlines share one.
 */
export const createDeadline = (
  milliseconds: number,
  onPass: (reason: DeadlineError) => void = () => {},
  timeouts = new TimeoutQueue(milliseconds),
): Deadline => new TimedDeadline(timeouts, onPass);
