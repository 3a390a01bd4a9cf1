import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import type { ListCursors, PagePosition } from './cursor.ts';
import { badInput } from './input-error.ts';
import { pageSize } from './page-size.ts';

/** Checks the requested number of items; `undefined` if it is not given. */
const sizeOf = (size: number | null | undefined, argument: string): number | undefined => {
  if (size === null || size === undefined) return undefined;
  if (size >= 0 && size <= pageSize.max) return size;
  throw badInput(argument, `a number from 0 to ${pageSize.max}`);
};

const numberIn = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The number of items of a page in the estimate of a cost, if the list is as long as assumed. */
export const sizeOfPage = (
  { first, last }: Readonly<Record<string, unknown>>,
  size: number = pageSize.max,
): number => {
  const fromStart = numberIn(first) ?? (typeof last === 'number' ? pageSize.max : pageSize.default);
  return Math.max(0, Math.min(fromStart, numberIn(last) ?? pageSize.max, size, pageSize.max));
};

/** The arguments of a connection, checked. */
export interface Wanted {
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly after: PagePosition | undefined;
  readonly before: PagePosition | undefined;
}

/**
 * Checks the arguments of a connection. Fields do so before they make a call.
 *
 * @throws {GraphQLError} with the code BAD_USER_INPUT for a size out of range and a cursor of another list.
 */
export const wantedOf = (
  { first, last, after, before }: DefaultConnectionArguments,
  cursors: ListCursors,
): Wanted => ({
  first: sizeOf(first, 'first'),
  last: sizeOf(last, 'last'),
  after: cursors.read(after, 'after'),
  before: cursors.read(before, 'before'),
});

/**
 * Returns the bounds of a page: of the items from `from` to before `to`, the first ones, and of these the last ones.
 *
 * @param to infinite if the end of the list is not known.
 */
export const boundsBetween = (from: number, to: number, { first, last }: Wanted) => {
  const size = first ?? (last === undefined ? pageSize.default : Number.POSITIVE_INFINITY);
  const end = Math.min(to, from + size);
  return { start: last === undefined ? from : Math.max(from, end - last), end };
};

/** How the items of a list appear in its pages. */
export interface ListForm<Item, Node> {
  readonly cursors: ListCursors;
  /** Returns a stable key that distinguishes an item from all others of the list. */
  readonly keyOf: (item: Item) => string;
  readonly nodeOf: (item: Item) => Node;
}

/** An item in a page. Its cursor is computed on demand: that may take a digest of the whole item. */
export class Edge<Item, Node> {
  readonly node: Node;
  readonly #item: Item;
  readonly #index: number;
  readonly #form: ListForm<Item, Node>;

  constructor(item: Item, index: number, form: ListForm<Item, Node>) {
    this.node = form.nodeOf(item);
    this.#item = item;
    this.#index = index;
    this.#form = form;
  }

  get cursor(): string {
    const { cursors, keyOf } = this.#form;
    return cursors.write({ index: this.#index, key: keyOf(this.#item) });
  }
}

interface WithCursor {
  readonly cursor: string;
}

/** The page info of a page; its cursors are computed on demand as well. */
export class PageInfo {
  readonly #start: WithCursor | undefined;
  readonly #end: WithCursor | undefined;
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;

  /** @param places the places of the page in their order, or its first and its last one. */
  constructor(places: readonly WithCursor[], hasPreviousPage: boolean, hasNextPage: boolean) {
    this.#start = places[0];
    this.#end = places.at(-1);
    this.hasPreviousPage = hasPreviousPage;
    this.hasNextPage = hasNextPage;
  }

  get startCursor(): string | null {
    return this.#start?.cursor ?? null;
  }

  get endCursor(): string | null {
    return this.#end?.cursor ?? null;
  }
}

/** A list that is completely in memory. */
interface ListInMemory<Item, Node> extends ListForm<Item, Node> {
  /**
   * Whether cursors count from the end of the list: new items come first in it, and would move all others. By default
   * new items come last.
   */
  readonly isCountedFromEnd?: boolean;
}

/** The bounds of the items after one cursor and before another. */
const boundsIn = <Item>(
  items: readonly Item[],
  { after, before }: Wanted,
  { keyOf, isCountedFromEnd = false }: ListInMemory<Item, unknown>,
): { from: number; to: number } => {
  const { length } = items;
  const indexOf = ({ index, key }: PagePosition): number => {
    const place = isCountedFromEnd ? length - 1 - index : index;
    const item = items[place];
    return item !== undefined && keyOf(item) === key ? place : items.findIndex((one) => keyOf(one) === key);
  };
  // The item that followed a removed item now has its index.
  const gapOf = ({ index }: PagePosition): number =>
    Math.max(0, Math.min(isCountedFromEnd ? length - index : index, length));
  const from = (): number => {
    if (!after) return 0;
    const index = indexOf(after);
    return index < 0 ? gapOf(after) : index + 1;
  };
  const to = (): number => {
    if (!before) return length;
    const index = indexOf(before);
    return index < 0 ? gapOf(before) : index;
  };
  return { from: from(), to: to() };
};

/** Returns one page of a list that is completely in memory. */
export const pageOf = <Item, Node>(
  items: readonly Item[],
  wanted: Wanted,
  list: ListInMemory<Item, Node>,
) => {
  const { from, to } = boundsIn(items, wanted, list);
  const { start, end } = boundsBetween(from, to, wanted);
  const indexOf = (place: number): number => (list.isCountedFromEnd ? items.length - 1 - place : place);
  const edges = items
    .slice(start, Math.max(start, end))
    .map((item, at) => new Edge(item, indexOf(start + at), list));
  return {
    edges,
    totalCount: items.length,
    pageInfo: new PageInfo(edges, start > 0, end < items.length),
  };
};
