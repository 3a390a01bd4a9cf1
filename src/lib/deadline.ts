import { setMaxListeners } from 'node:events';

/** When a request is to be answered at the latest. */
export interface Deadline {
  /** Aborts when it has passed. */
  readonly signal: AbortSignal;
  /** Milliseconds until then; 0 when it has passed. */
  remainingMs(): number;
  /** Lets it pass in so many milliseconds, unless it does earlier. */
  shorten(milliseconds: number): void;
  /** Ends its timer: nobody waits any more. */
  clear(): void;
}

export class DeadlineError extends Error {
  constructor() {
    super('The deadline of the request has passed.');
    this.name = 'DeadlineError';
  }
}

/** A class, since an accessor of its own would give each object a shape of its own, which is dear to make and to collect. */
class TimedDeadline implements Deadline {
  readonly #onPass: (reason: DeadlineError) => void;
  // Few requests ask for the signal.
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
    // Any number of calls wait for it, which Node would take for a leak.
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
    // A process that has nothing else to do does not live on for it.
    return setTimeout(() => this.#pass(), milliseconds).unref();
  }

  #pass(): void {
    this.#passed = new DeadlineError();
    this.#onPass(this.#passed);
    this.#controller?.abort(this.#passed);
  }
}

/** @param onPass hears when it passes, before its signal aborts. */
export const createDeadline = (
  milliseconds: number,
  onPass: (reason: DeadlineError) => void = () => {},
): Deadline => new TimedDeadline(milliseconds, onPass);
