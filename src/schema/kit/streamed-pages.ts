import { ArrivingItems } from '../../operation/arriving-items.ts';
import { UnavailableError } from '../../upstreams/errors.ts';
import type { RowList, RowListReader, RowsEndpoint } from '../../upstreams/rows/row-list.ts';
import { boundsBetween, Edge, type ListForm, PageInfo, type Wanted } from './connection.ts';
import type { PagePosition } from './cursor.ts';

/** The current index of the row of a cursor; -1 if the row was removed. */
const indexOf = async (list: RowList, { index, key }: PagePosition): Promise<number> =>
  (await list.keyAt(index)) === key ? index : list.find(key);

/** The index of the first row after a cursor. */
const startOf = async (list: RowList, { after }: Wanted): Promise<number> => {
  const index = after ? await indexOf(list, after) : -1;
  // The row that followed a removed row now has its index.
  return list.reach(index < 0 ? (after?.index ?? 0) : index + 1);
};

/** The bounds of the requested rows. Rows after them are awaited only if they have to be counted. */
const boundsOf = async (list: RowList, wanted: Wanted) => {
  const { before } = wanted;
  const beforeIndex = before ? await indexOf(list, before) : -1;
  const to = beforeIndex < 0 ? (before?.index ?? Number.POSITIVE_INFINITY) : beforeIndex;
  const start = await startOf(list, wanted);
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

type RowEdge<Rows extends readonly unknown[], Node> = Edge<ListedRow<Rows[number]>, Node>;

const keyOf = ({ key }: ListedRow<unknown>): string => key;

/** The edges of an index range. */
const edgesIn = async <Rows extends readonly unknown[], Node>(
  list: RowList<Rows>,
  start: number,
  end: number,
  form: RowForm<Rows, Node>,
): Promise<RowEdge<Rows, Node>[]> => {
  const rows = start < end ? await list.rows(start, end) : [];
  const edges: RowEdge<Rows, Node>[] = [];
  for (const row of rows) {
    const index = start + edges.length;
    const key = (await list.keyAt(index)) ?? '';
    edges.push(new Edge({ key, row }, index, { ...form, keyOf }));
  }
  return edges;
};

interface Page<Rows extends readonly unknown[], Node> {
  readonly edges: readonly RowEdge<Rows, Node>[];
  readonly totalCount: number;
  readonly pageInfo: PageInfo;
}

const pageIn = async <Rows extends readonly unknown[], Node>(
  list: RowList<Rows>,
  wanted: Wanted,
  { isCounted, ...form }: RowForm<Rows, Node> & { readonly isCounted: boolean },
): Promise<Page<Rows, Node>> => {
  const { start, end } = await boundsOf(list, wanted);
  const edges = await edgesIn(list, start, end, form);
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
): Promise<Page<Rows, Node>> => {
  const reading = await readFor(read, wanted);
  return reading.read((list) => pageIn(list, wanted, form));
};

/** A page whose edges are available while its rows arrive. */
class ArrivingPage<Rows extends readonly unknown[], Node> {
  readonly edges = new ArrivingItems<RowEdge<Rows, Node>>();
  readonly #reading: RowListReader<Rows>;
  readonly #wanted: Wanted;
  readonly #form: RowForm<Rows, Node>;
  readonly #endpoint: RowsEndpoint;
  /** The keys of the rows in the edges. */
  readonly #keys: (string | undefined)[] = [];
  #start = 0;
  #hasNextPage = false;

  constructor(
    reading: RowListReader<Rows>,
    wanted: Wanted,
    form: RowForm<Rows, Node>,
    endpoint: RowsEndpoint,
  ) {
    this.#reading = reading;
    this.#wanted = wanted;
    this.#form = form;
    this.#endpoint = endpoint;
    reading
      .read((list) => this.#readRows(list))
      .then(
        (last) => this.edges.end(last),
        (error: unknown) => this.edges.fail(error),
      );
  }

  /** Waits for the end of the list. */
  get totalCount(): Promise<number> {
    return this.#reading.read((list) => list.reach(Number.POSITIVE_INFINITY));
  }

  /** Waits for the end of the page. */
  get pageInfo(): Promise<PageInfo> {
    const { edges } = this;
    return edges
      .reach(Number.POSITIVE_INFINITY)
      .then(() => new PageInfo(edges.items, this.#start > 0, this.#hasNextPage));
  }

  /**
   * Adds rows as they arrive. Runs again if the response is aborted and the read is retried.
   *
   * @returns the last edges.
   * @throws {UnavailableError} if rows that were added are not in the list any more.
   */
  async #readRows(list: RowList<Rows>): Promise<readonly RowEdge<Rows, Node>[]> {
    const start = await startOf(list, this.#wanted);
    this.#start = start;
    for (const index of this.#keys.keys()) await this.#compare(list, index);
    const { end } = boundsBetween(start, Number.POSITIVE_INFINITY, this.#wanted);
    for (;;) {
      const added = this.#keys.length;
      const at = start + added;
      // The row after the page decides whether there is a next one.
      const reached = await list.reach(at + 1, end + 1);
      const edges = await edgesIn(list, at, Math.min(reached, end), this.#form);
      // The rows are those of the whole response once that has been judged.
      if (added > 0) await this.#compare(list, added - 1);
      this.#hasNextPage = reached > end;
      // Also if the reader has cancelled.
      if (reached <= at || reached > end || !this.edges.isOpen) return edges;
      for (const index of edges.keys()) this.#keys.push(await list.keyAt(at + index));
      this.edges.add(edges);
    }
  }

  /** Compares a row that was added with the one at its index. */
  async #compare(list: RowList<Rows>, index: number): Promise<void> {
    if ((await list.keyAt(this.#start + index)) === this.#keys[index]) return;
    throw new UnavailableError(this.#endpoint, undefined, 'changed rows that were already delivered');
  }
}

/** Whether rows are known to be in the page as soon as they arrive: no bound of the page depends on later ones. */
export const areKnownAtOnce = ({ last, before }: Wanted): boolean =>
  last === undefined && before === undefined;

/**
 * Returns one page of a list that is being read, when its first rows have arrived. Errors before that are those of the
 * page; later ones are those of its edges.
 *
 * @param read starts the read of the list; a later page may use a list that was read earlier.
 * @param wanted bounds that are known at once.
 * @param form also says which operation reads the rows, and the number of edges that are needed first.
 */
export const arrivingPageOfRows = async <Rows extends readonly unknown[], Node>(
  read: Read<Rows>,
  wanted: Wanted,
  {
    endpoint,
    initialCount,
    ...form
  }: RowForm<Rows, Node> & { readonly endpoint: RowsEndpoint; readonly initialCount: number },
): Promise<Page<Rows, Node>> => {
  const reading = await readFor(read, wanted);
  const page = new ArrivingPage(reading, wanted, form, endpoint);
  await page.edges.reach(Math.max(1, initialCount));
  // The executor waits for its values, for which the types of the schema builder have no form.
  return page as unknown as Page<Rows, Node>;
};
