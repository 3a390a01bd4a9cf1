interface Place<Item> {
  /** Let go of when it is left. */
  item: Item | undefined;
}

/**
 * What is under way, and may be joined by its key.
 *
 * Each thing stands in a place of its own, which is emptied: the tables of a Map hold what has left it, as those of a
 * Set do (`UnderWay`).
 */
export class Joinable<Item> {
  readonly #places = new Map<string, Place<Item>>();

  of(key: string): Item | undefined {
    return this.#places.get(key)?.item;
  }

  /** Lets it be joined from now on. */
  open(key: string, item: Item): void {
    this.#places.set(key, { item });
  }

  /** Lets nobody join it any more; another that stands under the key meanwhile stays. */
  close(key: string, item: Item): void {
    const place = this.#places.get(key);
    if (place?.item !== item) return;
    place.item = undefined;
    this.#places.delete(key);
  }

  /** Lets nobody join any of them. @returns those that there were. */
  closeAll(): Item[] {
    const items = this.all();
    for (const place of this.#places.values()) place.item = undefined;
    this.#places.clear();
    return items;
  }

  all(): Item[] {
    return [...this.#places.values()].flatMap(({ item }) => (item === undefined ? [] : [item]));
  }
}
