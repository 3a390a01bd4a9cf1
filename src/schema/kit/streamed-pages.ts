import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import type { RowList, RowListReader } from '../../upstreams/rows/row-list.ts';
import { pageSize } from './builder.ts';
import { cursorOf, type PagePosition, readCursor, sizeOf } from './connection.ts';

/** What is asked for of a connection. */
interface Wanted {
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly after: PagePosition | undefined;
  readonly before: PagePosition | undefined;
}

const wantedOf = ({ first, last, after, before }: DefaultConnectionArguments): Wanted => ({
  first: sizeOf(first, 'first'),
  last: sizeOf(last, 'last'),
  after: readCursor(after, 'after'),
  before: readCursor(before, 'before'),
});

/** Where the row of a cursor stands now; -1 where it is gone. */
const indexOf = async (list: RowList, { index, key }: PagePosition): Promise<number> =>
  (await list.keyAt(index)) === key ? index : list.find(key);

/** The bounds of the rows that are asked for. The rows behind them are waited for only where they have to be counted. */
const boundsOf = async (list: RowList, { first, last, after, before }: Wanted) => {
  const afterIndex = after ? await indexOf(list, after) : -1;
  const beforeIndex = before ? await indexOf(list, before) : -1;
  // What followed a row that is gone has moved up into its place.
  const from = afterIndex < 0 ? (after?.index ?? 0) : afterIndex + 1;
  const to = beforeIndex < 0 ? (before?.index ?? Number.POSITIVE_INFINITY) : beforeIndex;
  const size = first ?? (last === undefined ? pageSize.default : Number.POSITIVE_INFINITY);
  const start = await list.reach(from);
  const end = await list.reach(Math.min(to, start + size));
  return { start: last === undefined ? start : Math.max(start, end - last), end };
};

const pageIn = async <Rows extends readonly unknown[]>(
  list: RowList<Rows>,
  wanted: Wanted,
  isCounted: boolean,
) => {
  const { start, end } = await boundsOf(list, wanted);
  const rows = start < end ? await list.rows(start, end) : [];
  const edges: { node: { key: string; row: Rows[number] }; cursor: string }[] = [];
  for (const row of rows) {
    const index = start + edges.length;
    const key = (await list.keyAt(index)) ?? '';
    edges.push({ node: { key, row }, cursor: cursorOf({ index, key }) });
  }
  const reached = await list.reach(isCounted ? Number.POSITIVE_INFINITY : end + 1);
  return {
    edges,
    // Where nobody asks for it, it is not known.
    totalCount: reached,
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasPreviousPage: start > 0,
      hasNextPage: end < reached,
    },
  };
};

type Read<Rows extends readonly unknown[]> = (isLater: boolean) => Promise<RowListReader<Rows>>;

const readFor = <Rows extends readonly unknown[]>(
  read: Read<Rows>,
  { after, before }: Wanted,
): Promise<RowListReader<Rows>> => read(after !== undefined || before !== undefined);

/** Reads ahead what a page needs. @throws {GraphQLError} as the page itself will. */
export const awaitPageOfRows = async <Rows extends readonly unknown[]>(
  read: Read<Rows>,
  args: DefaultConnectionArguments,
): Promise<void> => {
  const wanted = wantedOf(args);
  const reading = await readFor(read, wanted);
  await reading.read((list) => boundsOf(list, wanted));
};

/**
 * Gives one page of a list whose rows are coming in, as soon as those of the page are there.
 *
 * @param read begins to read the list: for a later page an earlier one of its lists will do.
 * @param isCounted whether it has to be known how many rows there are in all.
 * @throws {GraphQLError} with the code BAD_USER_INPUT for arguments out of range.
 */
export const pageOfRows = async <Rows extends readonly unknown[]>(
  read: Read<Rows>,
  args: DefaultConnectionArguments,
  isCounted: boolean,
) => {
  const wanted = wantedOf(args);
  const reading = await readFor(read, wanted);
  return reading.read((list) => pageIn(list, wanted, isCounted));
};
