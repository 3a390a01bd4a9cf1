import type { RowList, RowListReader } from '../../upstreams/rows/row-list.ts';
import { boundsBetween, Edge, type ListForm, PageInfo, type Wanted } from './connection.ts';
import type { PagePosition } from './cursor.ts';

/** The current index of the row of a cursor; -1 if the row was removed. */
const indexOf = async (list: RowList, { index, key }: PagePosition): Promise<number> =>
  (await list.keyAt(index)) === key ? index : list.find(key);

/** The bounds of the requested rows. Rows after them are awaited only if they have to be counted. */
const boundsOf = async (list: RowList, wanted: Wanted) => {
  const { after, before } = wanted;
  const afterIndex = after ? await indexOf(list, after) : -1;
  const beforeIndex = before ? await indexOf(list, before) : -1;
  // The row that followed a removed row now has its index.
  const from = afterIndex < 0 ? (after?.index ?? 0) : afterIndex + 1;
  const to = beforeIndex < 0 ? (before?.index ?? Number.POSITIVE_INFINITY) : beforeIndex;
  const start = await list.reach(from);
  const end = await list.reach(boundsBetween(start, to, wanted).end);
  return boundsBetween(start, end, wanted);
};

/** A row of a list, with its key. */
export interface ListedRow<Row> {
  readonly key: string;
  readonly row: Row;
}

/** How the rows of a list appear in its pages. */
type RowForm<Rows extends readonly unknown[], Node> = Omit<ListForm<ListedRow<Rows[number]>, Node>, 'keyOf'>;

const keyOf = ({ key }: ListedRow<unknown>): string => key;

const pageIn = async <Rows extends readonly unknown[], Node>(
  list: RowList<Rows>,
  wanted: Wanted,
  { isCounted, ...form }: RowForm<Rows, Node> & { readonly isCounted: boolean },
) => {
  const { start, end } = await boundsOf(list, wanted);
  const rows = start < end ? await list.rows(start, end) : [];
  const edges: Edge<ListedRow<Rows[number]>, Node>[] = [];
  for (const row of rows) {
    const index = start + edges.length;
    const key = (await list.keyAt(index)) ?? '';
    edges.push(new Edge({ key, row }, index, { ...form, keyOf }));
  }
  const reached = await list.reach(isCounted ? Number.POSITIVE_INFINITY : end + 1);
  return {
    edges,
    // Incomplete unless `isCounted`; then it is not selected.
    totalCount: reached,
    pageInfo: new PageInfo(edges, start > 0, end < reached),
  };
};

type Read<Rows extends readonly unknown[]> = (isLater: boolean) => Promise<RowListReader<Rows>>;

const readFor = <Rows extends readonly unknown[]>(
  read: Read<Rows>,
  { after, before }: Wanted,
): Promise<RowListReader<Rows>> => read(after !== undefined || before !== undefined);

/** Prefetches the rows of a page. */
export const awaitPageOfRows = async <Rows extends readonly unknown[]>(
  read: Read<Rows>,
  wanted: Wanted,
): Promise<void> => {
  const reading = await readFor(read, wanted);
  await reading.read((list) => boundsOf(list, wanted));
};

/**
 * Returns one page of a list that is being read, as soon as the rows of the page have arrived.
 *
 * @param read starts the read of the list; a later page may use a list that was read earlier.
 * @param form also says whether the total number of rows is selected.
 */
export const pageOfRows = async <Rows extends readonly unknown[], Node>(
  read: Read<Rows>,
  wanted: Wanted,
  form: RowForm<Rows, Node> & { readonly isCounted: boolean },
) => {
  const reading = await readFor(read, wanted);
  return reading.read((list) => pageIn(list, wanted, form));
};
