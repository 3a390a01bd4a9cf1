/** An item, and the next one whose key has the same digest. All is cleared when the item is removed. */
interface Entry<Item> {
  key: string;
  item: Item | undefined;
  next: Entry<Item> | undefined;
}

/** The removals after which the Map is replaced. */
const mostRemovals = 512;

/** Keys differ in their last characters: those of a record, or of a body. */
const digestedLength = 16;

const digestOf = (key: string): number => {
  let digest = key.length;
  for (let at = Math.max(0, key.length - digestedLength); at < key.length; at += 1) {
    digest = (Math.imul(digest, 31) + key.charCodeAt(at)) | 0;
  }
  return digest;
};

/**
 * The items in flight that may be joined by their key.
 *
 * They are found by a number, since V8 of Node 26 copies each string that is the key of a Map to the old generation,
 * where it stays until a full collection.
 *
 * Each item has an entry object that is cleared on removal: the tables of a Map refer to removed entries, like those of
 * a Set (`InFlightSet`). Each table refers to the next one too, but not to that of another Map: so the Map is replaced
 * at times, after which an old table in the old generation keeps no later ones in memory.
 */
export class Joinable<Item> {
  #entries = new Map<number, Entry<Item>>();
  #removals = 0;

  of(key: string): Item | undefined {
    return this.#find(digestOf(key), key)?.item;
  }

  /** Makes an item joinable under a key. */
  open(key: string, item: Item): void {
    const digest = digestOf(key);
    const entry = this.#find(digest, key);
    if (entry) entry.item = item;
    else this.#entries.set(digest, { key, item, next: this.#entries.get(digest) });
  }

  /** Removes an item. Another item under the same key stays. */
  close(key: string, item: Item): void {
    const digest = digestOf(key);
    const entry = this.#find(digest, key);
    if (entry?.item !== item) return;
    this.#remove(digest, entry);
    this.#removals += 1;
    if (this.#removals < mostRemovals) return;
    this.#removals = 0;
    this.#entries = new Map(this.#entries);
  }

  /** Removes all items. @returns the removed items. */
  closeAll(): Item[] {
    const entries = this.#all();
    const items = entries.flatMap(({ item }) => (item === undefined ? [] : [item]));
    for (const entry of entries) Object.assign(entry, { key: '', item: undefined, next: undefined });
    this.#entries.clear();
    return items;
  }

  all(): Item[] {
    return this.#all().flatMap(({ item }) => (item === undefined ? [] : [item]));
  }

  #find(digest: number, key: string): Entry<Item> | undefined {
    let entry = this.#entries.get(digest);
    while (entry && entry.key !== key) entry = entry.next;
    return entry;
  }

  #remove(digest: number, entry: Entry<Item>): void {
    let previous = this.#entries.get(digest);
    if (previous === entry) {
      if (entry.next) this.#entries.set(digest, entry.next);
      else this.#entries.delete(digest);
    } else {
      while (previous && previous.next !== entry) previous = previous.next;
      if (previous) previous.next = entry.next;
    }
    entry.key = '';
    entry.item = undefined;
    entry.next = undefined;
  }

  #all(): Entry<Item>[] {
    const all: Entry<Item>[] = [];
    for (const first of this.#entries.values()) {
      for (let entry: Entry<Item> | undefined = first; entry; entry = entry.next) all.push(entry);
    }
    return all;
  }
}
