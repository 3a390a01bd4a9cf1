interface Entry<Item> {
  /** Cleared when the entry is removed. */
  item: Item | undefined;
}

/**
 * The items in flight that may be joined by their key.
 *
 * Each item has an entry object that is cleared on removal: the tables of a Map refer to removed entries, like those of
 * a Set (`InFlightSet`).
 */
export class Joinable<Item> {
  readonly #entries = new Map<string, Entry<Item>>();

  of(key: string): Item | undefined {
    return this.#entries.get(key)?.item;
  }

  /** Makes an item joinable under a key. */
  open(key: string, item: Item): void {
    this.#entries.set(key, { item });
  }

  /** Removes an item. Another item under the same key stays. */
  close(key: string, item: Item): void {
    const entry = this.#entries.get(key);
    if (entry?.item !== item) return;
    entry.item = undefined;
    this.#entries.delete(key);
  }

  /** Removes all items. @returns the removed items. */
  closeAll(): Item[] {
    const items = this.all();
    for (const entry of this.#entries.values()) entry.item = undefined;
    this.#entries.clear();
    return items;
  }

  all(): Item[] {
    return [...this.#entries.values()].flatMap(({ item }) => (item === undefined ? [] : [item]));
  }
}
