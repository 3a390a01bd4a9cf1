/**
 * The changes of an object, for one subscriber. Those that come while it is busy with another are one change, with the
 * last response of each part: what waits for a slow client does not grow.
 */
export class Changes<Part extends string> implements AsyncIterableIterator<ReadonlyMap<Part, unknown>> {
  readonly #onEnd: () => void;
  #pending = new Map<Part, unknown>();
  #failure: { readonly error: unknown } | undefined;
  #isEnded = false;
  #wake: (() => void) | undefined;

  /** @param onEnd is called once, when nobody waits for changes any more. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  add(changed: Iterable<readonly [Part, unknown]>): void {
    if (this.#isEnded) return;
    for (const [part, response] of changed) this.#pending.set(part, response);
    this.#wake?.();
  }

  /** The subscriber receives an error after the changes so far. */
  fail(error: unknown): void {
    if (this.#isEnded) return;
    this.#failure = { error };
    this.end();
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#wake?.();
    this.#onEnd();
  }

  async next(): Promise<IteratorResult<ReadonlyMap<Part, unknown>, undefined>> {
    if (this.#pending.size === 0 && !this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    if (this.#pending.size > 0) {
      const value = this.#pending;
      this.#pending = new Map();
      return { done: false, value };
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<ReadonlyMap<Part, unknown>, undefined>> {
    this.#pending = new Map();
    this.#failure = undefined;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
