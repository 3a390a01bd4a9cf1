import { withGaps } from '../../upstreams/endpoint/left-out.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import type { Paging } from '../../upstreams/endpoint/verdict.ts';
import { rowsPerCall } from '../../upstreams/recoveryconnect/page.ts';
import { boundsBetween, Edge, type ListForm, PageInfo, pageOf, type Wanted } from './connection.ts';
import type { PagePosition } from './cursor.ts';

interface NumberedPage {
  readonly rows: readonly Row[];
  readonly paging: Paging | null;
}

/** Gets a page by its number, counted from 1. */
type LoadPage = (page: number, perPage: number) => Promise<NumberedPage>;

/** A page of the upstream. */
interface PageNumber {
  readonly page: number;
  readonly perPage: number;
}

const keyOf = (row: Row): string => String(row['id']);

const pageAt = (index: number, perPage: number): PageNumber => ({
  page: Math.floor(index / perPage) + 1,
  perPage,
});

/**
 * Returns the page of the smallest size that contains all rows from `start` to before `end`, so that they take one call.
 *
 * @returns `undefined` if it would have more rows than two pages with as many rows as are wanted.
 */
const pageAround = (start: number, end: number): PageNumber | undefined => {
  const size = Math.max(1, end - start);
  for (let perPage = size; perPage <= Math.min(2 * size, rowsPerCall); perPage += 1) {
    const page = pageAt(start, perPage);
    if (end <= page.page * perPage) return page;
  }
  return undefined;
};

/** The page to begin with. If the end of the list is to be found, it is as large as possible: it may be the only one. */
const firstPage = (from: number, to: number, wanted: Wanted): PageNumber => {
  const { start, end } = boundsBetween(from, to, wanted);
  if (end === Number.POSITIVE_INFINITY) return pageAt(from, rowsPerCall);
  return pageAround(start, Math.max(start, end)) ?? pageAt(start, Math.min(end - start, rowsPerCall));
};

/** A page that is loaded, with its number. */
interface Opened extends NumberedPage {
  readonly page: number;
}

/**
 * The number of rows per page: the upstream may use another size than requested.
 *
 * @returns `undefined` if it does not follow from the page: one after the end, or the last one of a list without a total.
 */
const sizeIn = ({ page, rows, paging }: Opened, asked: number): number | undefined => {
  if (paging === null) return undefined;
  const { perPage, lastPage, total } = paging;
  if (perPage !== null) return perPage;
  if (page === 1 && lastPage === 1) return asked;
  const { length } = withGaps(rows);
  if (page < lastPage) return length || asked;
  const size = page === lastPage && total !== null ? (total - length) / (lastPage - 1) : 0;
  return Number.isInteger(size) && size > 0 ? size : undefined;
};

/** Loads the page to begin with, and the first one if the other says nothing about the size of pages. */
const open = async (
  load: LoadPage,
  { page, perPage }: PageNumber,
): Promise<readonly [Opened, ...Opened[]]> => {
  const found = { page, ...(await load(page, perPage)) };
  const isWhole = found.paging === null && found.rows.length > 0;
  if (page === 1 || isWhole || sizeIn(found, perPage) !== undefined) return [found];
  return [{ page: 1, ...(await load(1, perPage)) }, found];
};

/** The rows of a list that the upstream returns in numbered pages, as far as they are loaded. */
class NumberedRows {
  readonly #load: LoadPage;
  readonly #perPage: number;
  #hasAnySize: boolean;
  /** By their indexes; `undefined` for a row that was left out, which the upstream counts. */
  readonly #rows = new Map<number, Row | undefined>();
  readonly #loaded: { readonly from: number; readonly to: number }[] = [];
  readonly #lastPage: number;
  /** The number of rows; `null` until it is known. */
  count: number | null;
  /** The number of rows before the last page. */
  readonly countBeforeLast: number;

  /** @param paging the description of the pages in the first of the loaded ones. */
  constructor(load: LoadPage, opened: readonly [Opened, ...Opened[]], paging: Paging, asked: number) {
    const [first] = opened;
    const perPage = sizeIn(first, asked) ?? asked;
    this.#load = load;
    this.#perPage = perPage;
    // Without a total the last page is needed too, which has its number only among pages of one size.
    this.#hasAnySize = paging.perPage === asked && paging.total !== null;
    this.#lastPage = paging.lastPage;
    this.count = paging.total;
    this.countBeforeLast = (paging.lastPage - 1) * perPage;
    for (const { page, rows } of opened) this.#add({ page, perPage }, rows);
  }

  #add({ page, perPage }: PageNumber, listed: readonly Row[]): void {
    const rows = withGaps(listed);
    const from = (page - 1) * perPage;
    for (const [at, row] of rows.entries()) this.#rows.set(from + at, row);
    this.#loaded.push({ from, to: from + Math.max(perPage, rows.length) });
    // Without a total in the response, only the last page determines the number of rows.
    if (perPage === this.#perPage && page === this.#lastPage) this.count ??= from + rows.length;
  }

  async #loadPage({ page, perPage }: PageNumber): Promise<void> {
    const { rows, paging } = await this.#load(page, perPage);
    // The first page may have had the requested size by chance: then these rows are at other places.
    if (perPage !== this.#perPage && paging?.perPage !== perPage) this.#hasAnySize = false;
    else this.#add({ page, perPage }, rows);
  }

  #isLoaded(index: number): boolean {
    return this.#loaded.some(({ from, to }) => index >= from && index < to);
  }

  /** The pages that are still needed for the rows from `start` to before `end`. */
  #pagesFor(start: number, end: number): PageNumber[] {
    let [from, to] = [start, end];
    while (from < to && this.#isLoaded(from)) from += 1;
    while (from < to && this.#isLoaded(to - 1)) to -= 1;
    if (from >= to) return [];
    const whole = this.#hasAnySize ? pageAround(from, to) : undefined;
    if (whole) return [whole];
    const pages: PageNumber[] = [];
    for (let page = pageAt(from, this.#perPage).page; (page - 1) * this.#perPage < to; page += 1) {
      if (!this.#isLoaded((page - 1) * this.#perPage)) pages.push({ page, perPage: this.#perPage });
    }
    return pages;
  }

  /**
   * Loads the rows from `start` to before `end`.
   *
   * @param isCounted whether the number of all rows is needed too.
   */
  async load(start: number, end: number, isCounted: boolean): Promise<void> {
    const pages = this.#pagesFor(start, Math.min(end, this.count ?? this.#lastPage * this.#perPage));
    if (isCounted && this.count === null && !pages.some(({ page }) => page === this.#lastPage)) {
      pages.push({ page: this.#lastPage, perPage: this.#perPage });
    }
    const hadAnySize = this.#hasAnySize;
    await Promise.all(pages.map((page) => this.#loadPage(page)));
    if (hadAnySize && !this.#hasAnySize) await this.load(start, end, isCounted);
  }

  /** Returns the index of the row of a cursor: if it is among the loaded rows, it may have moved. */
  indexOf({ index, key }: PagePosition): number {
    for (const [at, row] of this.#rows) if (row && keyOf(row) === key) return at;
    return index;
  }

  /** Returns the rows from `start` to before `end` that exist, with their indexes. */
  between(start: number, end: number): { readonly index: number; readonly row: Row | undefined }[] {
    const found = [];
    for (let index = start; index < end; index += 1) {
      if (this.#rows.has(index)) found.push({ index, row: this.#rows.get(index) });
    }
    return found;
  }
}

const pageIn = <Node>(
  rows: NumberedRows,
  { start, end }: { readonly start: number; readonly end: number },
  form: ListForm<Row, Node>,
) => {
  const places = rows.between(start, end);
  const edges = places.flatMap(({ index, row }) => (row ? [new Edge(row, index, form)] : []));
  // A page without any other row must lead to the next.
  const gaps = places.map(({ index }) => ({
    get cursor() {
      return form.cursors.write({ index, key: '' });
    },
  }));
  return {
    edges,
    // Incomplete unless it is counted; then it is not selected.
    totalCount: rows.count ?? rows.countBeforeLast,
    // If the last page was not needed, it follows.
    pageInfo: new PageInfo(
      edges.length > 0 ? edges : gaps,
      start > 0,
      end < (rows.count ?? Number.POSITIVE_INFINITY),
    ),
  };
};

/**
 * Returns one page of a list that the upstream returns in numbered pages of any size, or as a whole.
 *
 * It makes one call if the upstream uses the requested size and the page does not have to be found from the end of the
 * list. A cursor is followed by its index, and by its key among the rows that are loaded anyway.
 *
 * @param form also says whether the total number of rows is selected.
 */
export const pageOfNumbered = async <Node>(
  load: LoadPage,
  wanted: Wanted,
  { isCounted, ...rest }: Omit<ListForm<Row, Node>, 'keyOf'> & { readonly isCounted: boolean },
) => {
  const { last, after, before } = wanted;
  const form: ListForm<Row, Node> = { ...rest, keyOf };
  const asked = firstPage(after ? after.index + 1 : 0, before?.index ?? Number.POSITIVE_INFINITY, wanted);
  const opened = await open(load, asked);
  const [{ paging, rows: listed }] = opened;
  if (paging === null) return pageOf(listed, wanted, form);

  const rows = new NumberedRows(load, opened, paging, asked.perPage);
  const from = after ? rows.indexOf(after) + 1 : 0;
  const to = before ? rows.indexOf(before) : Number.POSITIVE_INFINITY;
  const bounds = () => {
    const count = rows.count ?? Number.POSITIVE_INFINITY;
    return boundsBetween(Math.min(from, count), Math.min(to, count), wanted);
  };
  const isEndNeeded = (): boolean => {
    const { start, end } = bounds();
    return Math.max(start, end) > rows.countBeforeLast;
  };
  // Which are the last rows is known once it is known how many there are.
  if (last !== undefined && isEndNeeded()) await rows.load(0, 0, true);
  const { start, end } = bounds();
  await rows.load(start, end, isCounted || isEndNeeded());
  return pageIn(rows, bounds(), form);
};
