/** A timeout in a queue. Everything is cleared when it leaves the queue, so that it keeps nothing in memory. */
export interface QueuedTimeout {
  readonly dueAt: number;
  onDue: (() => void) | undefined;
  previous: QueuedTimeout | undefined;
  next: QueuedTimeout | undefined;
}

/**
 * Timeouts of one length, served by one timer: most are cancelled long before they are due, and a timer for each takes
 * several percent of the CPU time of a query.
 */
export class TimeoutQueue {
  /** The length of each timeout. */
  readonly milliseconds: number;
  // In the order in which they are due.
  #first: QueuedTimeout | undefined;
  #last: QueuedTimeout | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  /** Starts a timeout. @param onDue is called once; if it throws, later timeouts are still due at their times. */
  start(onDue: () => void): QueuedTimeout {
    const last = this.#last;
    const dueAt = performance.now() + this.milliseconds;
    const timeout: QueuedTimeout = { dueAt, onDue, previous: last, next: undefined };
    if (last) last.next = timeout;
    else this.#first = timeout;
    this.#last = timeout;
    this.#timer ??= this.#timerFor(this.milliseconds);
    return timeout;
  }

  /** Ends a timeout, unless it has ended. */
  cancel(timeout: QueuedTimeout): void {
    if (!timeout.onDue) return;
    this.#remove(timeout);
    if (!this.#first) this.#stop();
  }

  #remove(timeout: QueuedTimeout): void {
    const { previous, next } = timeout;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    timeout.onDue = undefined;
    timeout.previous = undefined;
    timeout.next = undefined;
  }

  #timerFor(milliseconds: number): NodeJS.Timeout {
    // It does not keep the process alive.
    return setTimeout(this.#onTimer, milliseconds).unref();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #onTimer = (): void => {
    const now = performance.now();
    try {
      while (this.#first && this.#first.dueAt <= now) {
        const { onDue } = this.#first;
        this.#remove(this.#first);
        onDue?.();
      }
    } finally {
      this.#stop();
      if (this.#first) this.#timer = this.#timerFor(Math.ceil(this.#first.dueAt - now));
    }
  };
}
