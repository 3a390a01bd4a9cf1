import { setMaxListeners } from 'node:events';

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
  #timer: NodeJS.Timeout;

  constructor(milliseconds: number, onPass: (reason: DeadlineError) => void) {
    this.#onPass = onPass;
    this.#at = performance.now() + milliseconds;
    this.#timer = this.#passAfter(milliseconds);
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
    clearTimeout(this.#timer);
    this.#at = earlier;
    this.#timer = this.#passAfter(milliseconds);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  #passAfter(milliseconds: number): NodeJS.Timeout {
    // The timer does not keep the process alive.
    return setTimeout(() => this.#pass(), milliseconds).unref();
  }

  #pass(): void {
    this.#passed = new DeadlineError();
    this.#onPass(this.#passed);
    this.#controller?.abort(this.#passed);
  }
}

/** @param onPass is called when the deadline passes, before its signal aborts. */
export const createDeadline = (
  milliseconds: number,
  onPass: (reason: DeadlineError) => void = () => {},
): Deadline => new TimedDeadline(milliseconds, onPass);
