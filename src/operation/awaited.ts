/** Puts awaited values into their object or list, and reports when all have arrived. */
export class Awaited<Holder extends object> {
  readonly #holder: Holder;
  #left = 0;
  #error: unknown;
  #hasFailed = false;
  #settle: { resolve(holder: Holder): void; reject(error: unknown): void } | undefined;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  add(key: keyof Holder, value: PromiseLike<unknown>): void {
    this.#left += 1;
    // Keeps its place among the others.
    this.#holder[key] = undefined as never;
    value.then(
      (settled) => {
        this.#holder[key] = settled as never;
        this.#left -= 1;
        this.#end();
      },
      (error: unknown) => {
        this.#left = 0;
        this.fail(error);
      },
    );
  }

  /** Makes all fail with an error, unless it has already: as soon as the others are there, or one of them has failed. */
  fail(error: unknown): void {
    if (!this.#hasFailed) this.#error = error;
    this.#hasFailed = true;
    this.#end();
  }

  /** Fulfilled with the object or list, rejected with the first error. */
  all(): Promise<Holder> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#end();
    });
  }

  #end(): void {
    if (this.#left > 0) return;
    if (this.#hasFailed) this.#settle?.reject(this.#error);
    else this.#settle?.resolve(this.#holder);
  }
}
