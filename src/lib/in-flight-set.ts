interface Slot<Item> {
  readonly item: Item;
  index: number;
}

/**
 * What is under way just now, in no order.
 *
 * V8 makes the table of a Set that things come into and leave anew again and again, and each table refers to the next
 * one: once one of them has grown old, all later ones stay until the whole heap is collected, with what stood in them.
 */
export class InFlightSet<Item> {
  readonly #slots: Slot<Item>[] = [];

  get size(): number {
    return this.#slots.length;
  }

  /** @returns what takes it away again. */
  add(item: Item): () => void {
    const slot = { item, index: this.#slots.length };
    this.#slots.push(slot);
    return () => this.#remove(slot);
  }

  /** Those that are under way now. */
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
