interface Slot<Item> {
  readonly item: Item;
  index: number;
}

/**
 * The items that are in flight, in no order.
 *
 * A Set with frequent additions and removals reallocates its table, and each table refers to the next one. Once an old
 * table is in the old generation, all later tables stay in memory until a full collection, with their items.
 */
export class InFlightSet<Item> {
  readonly #slots: Slot<Item>[] = [];

  get size(): number {
    return this.#slots.length;
  }

  /** @returns a function that removes the item. */
  add(item: Item): () => void {
    const slot = { item, index: this.#slots.length };
    this.#slots.push(slot);
    return () => this.#remove(slot);
  }

  /** Returns the items that are in flight. */
  all(): Item[] {
    return this.#slots.map(({ item }) => item);
  }

  #remove(slot: Slot<Item>): void {
    const last = this.#slots[slot.index] === slot ? this.#slots.pop() : undefined;
    if (!last || last === slot) return;
    last.index = slot.index;
    this.#slots[slot.index] = last;
  }
}
