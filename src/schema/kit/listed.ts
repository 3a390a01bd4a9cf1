import type { OpaqueDigest } from '../../lib/opaque-digest.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { canonicalId } from '../../values/numeric-id.ts';

/** Returns what distinguishes a row from most others of its list: never personal data in a form that can be read. */
export type ItemKey = (row: Row, opaque: OpaqueDigest) => string;

/**
 * The rows of one list, which each have a key of their own within it.
 *
 * The keys of all rows are computed when one is needed: whether a row needs an ordinal depends on the rows before it.
 */
export class KeyedRows {
  readonly #rows: readonly Row[];
  readonly #parent: readonly string[];
  readonly #keyOf: ItemKey;
  readonly #rankOf: ((row: Row) => number) | undefined;
  #keys: readonly (readonly string[])[] | undefined;

  /**
   * @param parent the key of what the list belongs to.
   * @param rankOf returns in which order rows with the same key are counted; by default as in the list.
   */
  constructor(
    rows: readonly Row[],
    parent: readonly string[],
    keyOf: ItemKey,
    rankOf?: (row: Row) => number,
  ) {
    this.#rows = rows;
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#rankOf = rankOf;
  }

  /** Returns the key of a row: that of the parent, and its own, with an ordinal if an earlier row has the same. */
  keyAt(index: number, opaque: OpaqueDigest): readonly string[] {
    this.#keys ??= this.#keysOfAll(opaque);
    return this.#keys[index] ?? [];
  }

  #keysOfAll(opaque: OpaqueDigest): (readonly string[])[] {
    const counts = new Map<string, number>();
    const keys: (readonly string[])[] = [];
    for (const { row, at } of this.#inOrder()) {
      const key = this.#keyOf(row, opaque);
      const ordinal = (counts.get(key) ?? 0) + 1;
      counts.set(key, ordinal);
      keys[at] = ordinal === 1 ? [...this.#parent, key] : [...this.#parent, key, String(ordinal)];
    }
    return keys;
  }

  #inOrder(): { readonly row: Row; readonly at: number }[] {
    const rankOf = this.#rankOf;
    if (!rankOf) return this.#rows.map((row, at) => ({ row, at }));
    return this.#rows
      .map((row, at) => ({ row, at, rank: rankOf(row) }))
      .sort((one, other) => one.rank - other.rank || one.at - other.at);
  }
}

/** A row of a list, with its place there. */
export interface Listed {
  readonly row: Row;
  readonly list: KeyedRows;
  readonly at: number;
}

/** Returns the rows of a list, each with its place. */
export const listed = (rows: readonly Row[], parent: readonly string[], keyOf: ItemKey): Listed[] => {
  const list = new KeyedRows(rows, parent, keyOf);
  return rows.map((row, at) => ({ row, list, at }));
};

/** Returns a row with a number that is in no list. */
export const onlyListed = (row: Row, parent: readonly string[]): Listed => ({
  row,
  list: new KeyedRows([row], parent, byId),
  at: 0,
});

interface HasOpaque {
  readonly opaque: OpaqueDigest;
}

/** The key of a row in a list. */
export const keyOfListed = ({ list, at }: Omit<Listed, 'row'>, { opaque }: HasOpaque): readonly string[] =>
  list.keyAt(at, opaque);

/** Identifies rows by the upstream's number, and a row without one by its content. */
export const byNumber =
  (number: Column<string>): ItemKey =>
  (row, opaque) => {
    const id = number.read(row);
    return id === null ? opaque('row', JSON.stringify(row)) : canonicalId(id);
  };

/** Identifies rows whose number is never missing. */
export const byId: ItemKey = ({ id }) => canonicalId(id);

/** Whether two keys have the same parts. */
export const isSameKey = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((part, index) => part === other[index]);

/** Finds the item of a list that has a key. */
export const itemWithKey = <Item extends Omit<Listed, 'row'>>(
  items: readonly Item[],
  key: readonly string[],
  context: HasOpaque,
): Item | undefined => items.find((item) => isSameKey(keyOfListed(item, context), key));
