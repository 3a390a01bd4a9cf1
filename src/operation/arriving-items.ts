/**
 * The items of a list that arrive one after the other. A list with `@stream` is delivered while they arrive; any other
 * waits for all of them.
 */
export class ArrivingItems<Item = unknown> {
  readonly #items: Item[] = [];
  #isOpen = true;
  #failure: { readonly error: unknown } | undefined;
  #waiting: (() => void)[] = [];

  /** Those that have arrived. */
  get items(): readonly Item[] {
    return this.#items;
  }

  /** Whether further items may arrive. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether all items have arrived. */
  get isComplete(): boolean {
    return !this.#isOpen && this.#failure === undefined;
  }

  /** Adds items. */
  add(items: readonly Item[]): void {
    if (!this.#isOpen) return;
    for (const item of items) this.#items.push(item);
    this.#wake();
  }

  /** Adds the last items. */
  end(items: readonly Item[]): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const item of items) this.#items.push(item);
    this.#wake();
  }

  /** No further items arrive, because of an error. */
  fail(error: unknown): void {
    if (!this.#isOpen) return;
    this.#failure = { error };
    this.#isOpen = false;
    this.#wake();
  }

  /**
   * Waits for a number of items, or the end of the list.
   *
   * @throws the error because of which they do not arrive.
   */
  async reach(count: number): Promise<void> {
    while (this.#isOpen && this.#items.length < count) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    if (this.#failure && this.#items.length < count) throw this.#failure.error;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
