interface Place<Item> {
  readonly item: Item;
  index: number;
}

/**
 * What is under way just now, in no order.
 *
 * V8 makes the table of a Set that things come into and leave anew again and again, and each table refers to the next
 * one: once one of them has grown old, all later ones stay until the whole heap is collected, with what stood in them.
 */
export class UnderWay<Item> {
  readonly #places: Place<Item>[] = [];

  get size(): number {
    return this.#places.length;
  }

  /** @returns what takes it away again. */
  add(item: Item): () => void {
    const place = { item, index: this.#places.length };
    this.#places.push(place);
    return () => this.#take(place);
  }

  /** Those that are under way now. */
  all(): Item[] {
    return this.#places.map(({ item }) => item);
  }

  #take(place: Place<Item>): void {
    const last = this.#places[place.index] === place ? this.#places.pop() : undefined;
    if (!last || last === place) return;
    last.index = place.index;
    this.#places[place.index] = last;
  }
}
