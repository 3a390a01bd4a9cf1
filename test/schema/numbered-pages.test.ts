import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOpaqueDigest } from '../../src/lib/opaque-digest.ts';
import { pageOf, wantedOf } from '../../src/schema/kit/connection.ts';
import { ListCursors } from '../../src/schema/kit/cursor.ts';
import { pageOfNumbered } from '../../src/schema/kit/numbered-pages.ts';
import { withLeftOut } from '../../src/upstreams/endpoint/left-out.ts';
import type { Row } from '../../src/upstreams/endpoint/row.ts';

const cursors = new ListCursors(createOpaqueDigest(Buffer.alloc(32, 1)), ['Query.orders']);

interface List {
  /** `undefined` for a row that is left out. */
  readonly rows: readonly (Row | undefined)[];
  /** The size of its pages; `undefined` if it is the requested one. */
  readonly ownSize: number | undefined;
  readonly isTotalStated: boolean;
  readonly isSizeStated: boolean;
  /** Whether a page after the last one has no description of the pages. */
  readonly isBehindBlank: boolean;
}

/** An upstream that returns a list in pages, and the pages that were requested of it. */
const upstreamOf = ({ rows, ownSize, isTotalStated, isSizeStated, isBehindBlank }: List) => {
  const requested: string[] = [];
  const load = async (page: number, asked: number) => {
    requested.push(`${page}/${asked}`);
    const size = ownSize ?? asked;
    const places = rows.slice((page - 1) * size, page * size);
    const leftOut: { at: number; row: Row }[] = [];
    const found: Row[] = [];
    for (const row of places) {
      if (row) found.push(row);
      else leftOut.push({ at: found.length, row: {} });
    }
    const paging = {
      lastPage: Math.max(1, Math.ceil(rows.length / size)),
      total: isTotalStated && rows.length > 0 ? rows.length : null,
      perPage: isSizeStated ? size : null,
    };
    const isBehind = page > 1 && places.length === 0;
    return { rows: withLeftOut(found, leftOut), paging: isBehind && isBehindBlank ? null : paging };
  };
  return { load, requested };
};

interface Places {
  readonly first?: number | undefined;
  readonly last?: number | undefined;
  /** The indexes of items. */
  readonly after?: number | undefined;
  readonly before?: number | undefined;
}

/** The arguments of a connection, with the cursors of items in place of their indexes. */
const written = ({ after, before, ...sizes }: Places, keyAt: (index: number) => string) => {
  const cursorAt = (index: number | undefined) =>
    index === undefined ? undefined : cursors.write({ index, key: keyAt(index) });
  return wantedOf({ ...sizes, after: cursorAt(after), before: cursorAt(before) }, cursors);
};

/** The page of the same list in memory, without the rows that are left out. */
const inMemory = (rows: List['rows'], places: Places) => {
  // Here rows that are left out have keys.
  const keyAt = (index: number): string => String(rows[index]?.['id'] ?? `left out ${index}`);
  const { edges, totalCount, pageInfo } = pageOf(
    rows.map((row, index) => ({ row, key: keyAt(index) })),
    written(places, keyAt),
    { cursors, keyOf: ({ key }) => key, nodeOf: ({ row }) => row },
  );
  const { hasPreviousPage, hasNextPage } = pageInfo;
  return {
    totalCount,
    hasPreviousPage,
    hasNextPage,
    edges: edges.filter(({ node }) => node).map(({ node, cursor }) => ({ node, cursor })),
  };
};

const numbered = async (list: List, places: Places, isCounted = true, before = list.rows) => {
  const { load, requested } = upstreamOf(list);
  const nodeOf = (row: Row) => row;
  const wanted = written(places, (index) => String(before[index]?.['id'] ?? ''));
  const page = await pageOfNumbered(load, wanted, { cursors, nodeOf, isCounted });
  const { hasPreviousPage, hasNextPage } = page.pageInfo;
  return {
    requested,
    page: {
      totalCount: page.totalCount,
      hasPreviousPage,
      hasNextPage,
      edges: page.edges.map(({ node, cursor }) => ({ node, cursor })),
    },
  };
};

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

/** Any number of rows, of which every so many is left out. */
const anyRows = (mostRows: number): fc.Arbitrary<List['rows']> =>
  fc
    .tuple(fc.nat(mostRows), fc.constantFrom(2, 3, 7, mostRows + 1))
    .map(([count, gap]) =>
      Array.from({ length: count }, (_, index) => ((index + 1) % gap === 0 ? undefined : { id: index + 1 })),
    );

const anyList = (mostRows: number): fc.Arbitrary<List> =>
  fc.record({
    rows: anyRows(mostRows),
    ownSize: optional(fc.constantFrom(1, 2, 3, 5, 8, 20, 250)),
    isTotalStated: fc.boolean(),
    isSizeStated: fc.boolean(),
    isBehindBlank: fc.boolean(),
  });

const anyArguments = (mostItems: number, mostIndex: number) =>
  fc.record({
    first: optional(fc.nat(mostItems)),
    last: optional(fc.nat(mostItems)),
    after: optional(fc.nat(mostIndex)),
    before: optional(fc.nat(mostIndex)),
  });

/** The estimate of the calls for a page of a list whose pages have the requested size. */
const mostCalls = ({ first, last, after, before }: Places, isCounted: boolean): number => {
  const size = Math.min(first ?? (last === undefined ? 50 : 500), last ?? 500);
  const displaced = after === undefined && before === undefined ? 0 : 2;
  return Math.max(1, Math.ceil(size / 250)) + displaced + (last === undefined ? 0 : 3) + (isCounted ? 1 : 0);
};

describe('a page of a list in numbered pages', () => {
  it('is that of the same list in memory', async () => {
    await fc.assert(
      fc.asyncProperty(anyList(40), anyArguments(12, 45), async (list, places) => {
        const { page } = await numbered(list, places);
        expect(page).toEqual(inMemory(list.rows, places));
      }),
      { numRuns: 3000 },
    );
  });

  it('is that of the same list in memory if it takes several calls', async () => {
    await fc.assert(
      fc.asyncProperty(anyList(1200), anyArguments(500, 1210), async (list, places) => {
        const { page } = await numbered(list, places);
        expect(page).toEqual(inMemory(list.rows, places));
      }),
      { numRuns: 200 },
    );
  });

  it('differs only in `totalCount` if that is not selected', async () => {
    await fc.assert(
      fc.asyncProperty(anyList(40), anyArguments(12, 45), async (list, places) => {
        const { page } = await numbered(list, places, false);
        const { totalCount: _, ...expected } = inMemory(list.rows, places);
        expect(page).toMatchObject(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no more calls than estimated, and none twice', async () => {
    const lists = anyList(1200).map((list) => ({ ...list, ownSize: undefined }));
    await fc.assert(
      fc.asyncProperty(lists, anyArguments(500, 1210), fc.boolean(), async (list, places, isCounted) => {
        const { requested } = await numbered(list, places, isCounted);
        expect(new Set(requested).size).toBe(requested.length);
        expect(requested.length).toBeLessThanOrEqual(mostCalls(places, isCounted));
      }),
      { numRuns: 1000 },
    );
  });

  const whole = (count: number): List => ({
    rows: Array.from({ length: count }, (_, index) => ({ id: index + 1 })),
    ownSize: undefined,
    isTotalStated: true,
    isSizeStated: true,
    isBehindBlank: false,
  });

  it.each<[string, number, Places, Partial<List>, string[]]>([
    ['the first items', 100, { first: 10 }, {}, ['1/10']],
    ['items after a cursor', 100, { first: 10, after: 9 }, {}, ['2/10']],
    ['items that begin within a page', 100, { first: 10, after: 6 }, {}, ['1/17']],
    ['items between pages of a size', 1000, { first: 200, after: 149 }, {}, ['1/200', '2/175']],
    ['the last items of few', 100, { last: 10 }, {}, ['1/250']],
    ['the last items of many', 1000, { last: 10 }, {}, ['1/250', '100/10']],
    ['the last items across a page', 1003, { last: 10 }, {}, ['1/250', '67/15']],
    ['the last items without a total', 1000, { last: 10 }, { isTotalStated: false }, ['1/250', '4/250']],
    [
      'the last items without a total across a page',
      1003,
      { last: 10 },
      { isTotalStated: false },
      ['1/250', '5/250', '4/250'],
    ],
    ['items before a cursor', 1000, { last: 10, before: 500 }, {}, ['50/10']],
    [
      'items before a cursor without a total',
      1000,
      { last: 10, before: 500 },
      { isTotalStated: false },
      ['50/10'],
    ],
    ['the first items before a cursor', 1000, { first: 10, before: 500 }, {}, ['1/10']],
    ['the few items before a cursor', 1000, { first: 10, before: 3 }, {}, ['1/3']],
    ['the last of the first items', 1000, { first: 500, last: 10 }, {}, ['50/10']],
    ['the last items of a list in pages of 20', 95, { last: 10 }, { ownSize: 20 }, ['1/250', '5/20']],
  ])('takes the fewest calls for %s', async (_, count, places, list, calls) => {
    const all = { ...whole(count), ...list };
    const { page, requested } = await numbered(all, places, false);
    const { totalCount, ...expected } = inMemory(all.rows, places);
    expect(page).toMatchObject(expected);
    expect(requested).toEqual(calls);
    expect(totalCount).toBe(count);
  });

  it('ends before the item of its cursor if another was deleted before that', async () => {
    const list = whole(20);
    const rows = list.rows.filter((_, index) => index !== 1);
    const { page } = await numbered({ ...list, rows }, { last: 3, before: 5 }, true, list.rows);
    expect(page.edges.map(({ node }) => node['id'])).toEqual([3, 4, 5]);
  });
});
