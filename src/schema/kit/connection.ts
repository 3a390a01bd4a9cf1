import { hash } from 'node:crypto';
import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { pageSize } from './builder.ts';
import { badInput } from './input-error.ts';

/** Checks how many items are asked for; `undefined` where that is not said. */
export const sizeOf = (size: number | null | undefined, argument: string): number | undefined => {
  if (size === null || size === undefined) return undefined;
  if (size >= 0 && size <= pageSize.max) return size;
  throw badInput(argument, `a number from 0 to ${pageSize.max}`);
};

/** Where an item stands in a list, and what tells it from the others. */
export interface PagePosition {
  readonly index: number;
  readonly key: string;
}

/** A cursor says which item it stands at and where that was: one that has moved is found again by its key. */
export const cursorOf = ({ index, key }: PagePosition): string =>
  Buffer.from(`${index}:${key}`).toString('base64url');

export const readCursor = (cursor: string | null | undefined, argument: string): PagePosition | undefined => {
  if (cursor === null || cursor === undefined) return undefined;
  const match = /^(\d{1,9}):(.*)$/s.exec(Buffer.from(cursor, 'base64url').toString());
  if (match) return { index: Number(match[1]), key: match[2] ?? '' };
  throw badInput(argument, 'a cursor that came with an earlier page');
};

/** Tells rows apart that have no number of their own, by all that they hold. */
export const digestOf = (row: Row): string => hash('sha256', JSON.stringify(row), 'base64url').slice(0, 16);

/** An item in a page. Its cursor is made when it is asked for: that may take a digest of all that the item holds. */
class Edge<Item> {
  readonly node: Item;
  readonly #index: number;
  readonly #keyOf: (item: Item) => string;

  constructor(node: Item, index: number, keyOf: (item: Item) => string) {
    this.node = node;
    this.#index = index;
    this.#keyOf = keyOf;
  }

  get cursor(): string {
    return cursorOf({ index: this.#index, key: this.#keyOf(this.node) });
  }
}

/** Where a page begins and ends; its cursors are made when they are asked for as well. */
class PageInfo {
  readonly #edges: readonly { readonly cursor: string }[];
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;

  constructor(edges: readonly { readonly cursor: string }[], hasPreviousPage: boolean, hasNextPage: boolean) {
    this.#edges = edges;
    this.hasPreviousPage = hasPreviousPage;
    this.hasNextPage = hasNextPage;
  }

  get startCursor(): string | null {
    return this.#edges[0]?.cursor ?? null;
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? null;
  }
}

/** The bounds of the items behind one cursor and before another. */
const boundsOf = <Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  after: PagePosition | undefined,
  before: PagePosition | undefined,
): { start: number; end: number } => {
  const isAt = ({ index, key }: PagePosition): boolean => {
    const item = items[index];
    return item !== undefined && keyOf(item) === key;
  };
  const indexOf = (place: PagePosition): number =>
    isAt(place) ? place.index : items.findIndex((item) => keyOf(item) === place.key);
  const start = (): number => {
    if (!after) return 0;
    const index = indexOf(after);
    // What followed an item that is gone has moved up into its place.
    return index < 0 ? after.index : index + 1;
  };
  const end = (): number => {
    if (!before) return items.length;
    const index = indexOf(before);
    return index < 0 ? before.index : index;
  };
  return { start: Math.min(start(), items.length), end: Math.min(end(), items.length) };
};

/**
 * Gives one page of a list that is there as a whole.
 *
 * @param keyOf tells an item from all others of the list, now and later.
 * @throws {GraphQLError} with the code BAD_USER_INPUT for arguments out of range.
 */
export const pageOf = <Item>(
  items: readonly Item[],
  args: DefaultConnectionArguments,
  keyOf: (item: Item) => string,
) => {
  const first = sizeOf(args.first, 'first');
  const last = sizeOf(args.last, 'last');
  const bounds = boundsOf(items, keyOf, readCursor(args.after, 'after'), readCursor(args.before, 'before'));
  let { start, end } = bounds;
  if (first !== undefined || last === undefined) end = Math.min(end, start + (first ?? pageSize.default));
  if (last !== undefined) start = Math.max(start, end - last);
  const edges = items
    .slice(start, Math.max(start, end))
    .map((node, index) => new Edge(node, start + index, keyOf));
  return {
    edges,
    totalCount: items.length,
    pageInfo: new PageInfo(edges, start > 0, end < items.length),
  };
};
