import { withGaps } from '../../upstreams/endpoint/left-out.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import type { Paging } from '../../upstreams/endpoint/verdict.ts';
import { cursorOf, pageOf, readCursor } from './connection.ts';

/** The largest page of RecoveryConnect that is known. */
const largestPage = 250;

interface NumberedPage {
  readonly rows: readonly Row[];
  readonly paging: Paging | null;
}

/** Gets a page by its number, counted from 1. */
type LoadPage = (page: number, perPage: number) => Promise<NumberedPage>;

/** What is asked for of a connection. */
export interface Wanted {
  readonly first: number;
  readonly after: string | null | undefined;
  /** Whether it has to be known how many items there are in all. */
  readonly isCounted: boolean;
}

const keyOf = (row: Row): string => String(row['id']);

/** Gets the page on which an item stands if pages are as large as asked, with its number. */
const openAt = async (load: LoadPage, index: number, perPage: number) => {
  const page = Math.floor(index / perPage) + 1;
  const found = await load(page, perPage);
  // A page without rows tells nothing of the others: there are not as many, or they are larger.
  const isBehindAll = page > 1 && found.rows.length === 0 && found.paging === null;
  return isBehindAll ? { page: 1, ...(await load(1, perPage)) } : { page, ...found };
};

/** The cursor of a place whose row was left out: a page without any other row has to lead to the next. */
const placeOf = (left: { readonly index: number } | undefined): string | null =>
  left ? cursorOf({ index: left.index, key: '' }) : null;

/** How many rows a page holds: the upstream may have another size than it was asked for. */
const sizeOfPages = (page: number, rows: readonly unknown[], paging: Paging, asked: number): number =>
  paging.perPage || (page < paging.lastPage ? rows.length : 0) || asked;

/** The numbers of the pages that the items from `start` to before `end` stand on. */
const numbersOf = (start: number, end: number, perPage: number, lastPage: number): number[] => {
  const from = Math.floor(start / perPage) + 1;
  const to = start < end ? Math.min(Math.ceil(end / perPage), lastPage) : 0;
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
};

/**
 * Gives one page of a list that the upstream gives in pages by their numbers, of whatever size, or as a whole.
 *
 * @throws {GraphQLError} with the code BAD_USER_INPUT for a cursor that is none.
 */
export const pageOfNumbered = async (load: LoadPage, { first, after, isCounted }: Wanted) => {
  const place = readCursor(after, 'after');
  const offset = place ? place.index + 1 : 0;
  const asked = Math.min(Math.max(first, 1), largestPage);
  const { page: openedAt, rows: opened, paging } = await openAt(load, offset, asked);
  if (paging === null) return pageOf(opened, { first, after }, keyOf);

  const { lastPage } = paging;
  // Rows that were left out keep their places: the upstream counts them.
  const places = withGaps(opened);
  const perPage = sizeOfPages(openedAt, places, paging, asked);
  const startOf = (page: number): number => (page - 1) * perPage;
  // Where other items came in before that of the cursor, it has moved on.
  const movedTo = place ? places.findIndex((row) => row && keyOf(row) === place.key) : -1;
  const start = movedTo < 0 ? offset : startOf(openedAt) + movedTo + 1;
  const end = start + first;

  const numbers = numbersOf(start, end, perPage, lastPage);
  const pages = new Map([[openedAt, places]]);
  const loadInto = async (page: number): Promise<void> => {
    if (!pages.has(page)) pages.set(page, withGaps((await load(page, perPage)).rows));
  };
  // Without a total told, only the last page says how many there are.
  const counting = isCounted && paging.total === null ? [lastPage] : [];
  await Promise.all([...new Set([...numbers, ...counting])].map(loadInto));

  const inPage = numbers
    .flatMap((page) => (pages.get(page) ?? []).map((node, at) => ({ node, index: startOf(page) + at })))
    .filter(({ index }) => index >= start && index < end);
  const edges = inPage.flatMap(({ node, index }) =>
    node ? [{ node, cursor: cursorOf({ index, key: keyOf(node) }) }] : [],
  );
  const last = pages.get(lastPage);
  const total = paging.total ?? (last ? startOf(lastPage) + last.length : null);
  return {
    edges,
    totalCount: total ?? startOf(lastPage),
    pageInfo: {
      startCursor: edges[0]?.cursor ?? placeOf(inPage[0]),
      endCursor: edges.at(-1)?.cursor ?? placeOf(inPage.at(-1)),
      hasPreviousPage: start > 0,
      // Where the last page was not needed, it is still to come.
      hasNextPage: total === null || end < total,
    },
  };
};
