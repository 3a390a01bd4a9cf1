import { describe, expect, it } from 'vitest';
import { costOf } from '../cost/asked.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { ledgerInMemory, type Reply, startGateway } from '../support/gateway.ts';
import type { LocalUpstream, Received } from '../support/upstream.ts';

interface Paged {
  /** How many orders there are. */
  readonly count: number;
  /** The number of the first one; 1 unless given. */
  readonly from?: number;
  /** The size of its pages, whatever is asked for. */
  readonly perPage?: number;
  /** Changes the description of its pages. */
  readonly meta?: (page: {
    current_page: number;
    last_page: number;
    per_page: string;
    total: number;
  }) => object;
}

/** Answers orders in pages, as Laravel does. */
const startPaged = ({
  count,
  from = 1,
  perPage: own,
  meta = (page) => page,
}: Paged): Promise<LocalUpstream> =>
  startCorpusUpstream('recoveryconnect', {
    filterOrders: ({ query }: Received) => {
      const perPage = own ?? Number(query['per_page']);
      const page = Number(query['page'] ?? 1);
      const all = Array.from({ length: count }, (_, at) => ({ id: at + from, client_id: 7 }));
      const data = all.slice((page - 1) * perPage, page * perPage);
      const last_page = Math.max(1, Math.ceil(count / perPage));
      return {
        json: {
          data,
          meta: meta({ current_page: page, last_page, per_page: String(perPage), total: count }),
        },
      };
    },
  });

/** Answers all orders at once, whatever page is asked for. */
const startWhole = (count: number, from = 1): Promise<LocalUpstream> =>
  startCorpusUpstream('recoveryconnect', {
    filterOrders: { json: { data: Array.from({ length: count }, (_, at) => ({ id: at + from })) } },
  });

const document = `query ($filter: OrderFilter, $first: Int, $after: String, $last: Int, $before: String) {
  orders(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { startCursor endCursor hasPreviousPage hasNextPage } edges { cursor node { orderId } }
  }
}`;

const idsOf = ({ data }: Reply): number[] =>
  data.orders.edges.map((edge: { node: { orderId: string } }) => Number(edge.node.orderId));

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Reads the cursor of an order. */
const cursorOf = async (
  query: (text: string, variables: object) => Promise<Reply>,
  orderId: number,
): Promise<string> => {
  const { data } = await query(document, { first: 500 });
  return data.orders.edges.find(
    (edge: { node: { orderId: string } }) => Number(edge.node.orderId) === orderId,
  ).cursor;
};

/** What was asked of `filterOrders`, as `page/per_page`, in no order. */
const pagesAsked = ({ received }: LocalUpstream): string[] =>
  received
    .filter(({ path }) => path === '/api/v150/recon/orders')
    .map(({ query }) => `${query['page']}/${query['per_page']}`)
    .sort();

describe('Query.orders', () => {
  it('writes the ids of rows without leading zeros, as order(orderId:) does', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { json: { data: [{ id: '0020' }] } },
    });
    const { query } = await startGateway({ recoveryConnect });
    const { data } = await query('{ orders { edges { node { orderId } } } }');
    expect(data).toEqual({ orders: { edges: [{ node: { orderId: '20' } }] } });
  });

  it('answers the documented order', async () => {
    const { query } = await startGateway();
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(data.orders).toEqual({
      totalCount: 1,
      pageInfo: {
        startCursor: expect.any(String),
        endCursor: data.orders.pageInfo.startCursor,
        hasPreviousPage: false,
        hasNextPage: false,
      },
      edges: [{ cursor: data.orders.pageInfo.startCursor, node: { orderId: '20' } }],
    });
  });

  it('sends its filter in words of the upstream', async () => {
    const recoveryConnect = await startPaged({ count: 3 });
    const { query } = await startGateway({ recoveryConnect });
    const filter = {
      statusId: 3,
      clientAccountNumber: '  37 / 56&ids=9 ',
      clientId: '0026930',
      ownerCompanyId: '10004',
      otherReferenceNumber: '10230481',
      orderTypeId: '2',
      vin: ' 1gceK19b75z271554 ',
    };
    expect((await query(document, { filter, first: 10 })).errors).toBeUndefined();
    expect(recoveryConnect.received.at(-1)?.query).toEqual({
      status: '3',
      acct_no: '37 / 56&ids=9',
      client_id: '26930',
      owner_id: '10004',
      other_refno: '10230481',
      order_type: '2',
      vin: '1GCEK19B75Z271554',
      per_page: '10',
      page: '1',
    });
  });

  it('sends only the filters that are set', async () => {
    const recoveryConnect = await startPaged({ count: 3 });
    const { query } = await startGateway({ recoveryConnect });
    await query(document, { filter: { clientId: null, vin: 'X1' } });
    expect(recoveryConnect.received.at(-1)?.query).toEqual({ vin: 'X1', per_page: '50', page: '1' });
  });

  it.each([
    [{ filter: { clientId: '1,2' } }, 'filter.clientId'],
    [{ filter: { ownerCompanyId: '' } }, 'filter.ownerCompanyId'],
    [{ filter: { statusId: 'Open' } }, 'filter.statusId'],
    [{ filter: { orderTypeId: '-1' } }, 'filter.orderTypeId'],
    [{ filter: { clientAccountNumber: '  ' } }, 'filter.clientAccountNumber'],
    [{ filter: { otherReferenceNumber: 'x'.repeat(101) } }, 'filter.otherReferenceNumber'],
    [{ filter: { vin: '1GCEK19B-75Z271554' } }, 'filter.vin'],
    [{ filter: { vin: ' ' } }, 'filter.vin'],
    [{ filter: { vin: 'A'.repeat(26) } }, 'filter.vin'],
    [{ first: -1 }, 'first'],
    [{ first: 501 }, 'first'],
    [{ last: -1 }, 'last'],
    [{ last: 501 }, 'last'],
    [{ after: 'nonsense' }, 'after'],
    [{ before: 'nonsense' }, 'before'],
  ])('turns %j away before anything is sent', async (variables, argument) => {
    const recoveryConnect = await startPaged({ count: 3 });
    const { query, calls } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document, variables);
    expect(data).toEqual({ orders: null });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(`^${argument}: expected `),
        extensions: { code: 'BAD_USER_INPUT', argument },
      },
    ]);
    expect(calls()).toEqual([]);
  });

  it('fails as a whole where it cannot be read', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { status: 500, json: { message: 'Server Error' } },
    });
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document);
    expect(data).toEqual({ orders: null });
    expect(errors).toMatchObject([{ path: ['orders'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });

  it('is empty where nothing fits', async () => {
    const recoveryConnect = await startPaged({ count: 0 });
    const { query } = await startGateway({ recoveryConnect });
    expect(await query(document)).toEqual({
      status: 200,
      data: {
        orders: {
          totalCount: 0,
          pageInfo: { startCursor: null, endCursor: null, hasPreviousPage: false, hasNextPage: false },
          edges: [],
        },
      },
    });
  });

  it('spares others the calls for the orders that it has read', async () => {
    const { query, calls } = await startGateway();
    const { data } = await query(
      '{ orders { edges { node { clientId borrowers { order { clientId caseNumber } } } } } }',
    );
    const [borrower] = data.orders.edges[0].node.borrowers;
    expect(borrower).toEqual({ order: { clientId: '26930', caseNumber: '1081-1' } });
    expect(calls()).toEqual(['/api/v140/orders/20/borrowers', '/api/v150/recon/orders']);
  });
});

describe('Query.orders pages', () => {
  /** Reads all pages, and returns their orders. */
  const readAll = async (query: (text: string, variables: object) => Promise<Reply>, first: number) => {
    const ids: number[] = [];
    const totals: number[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 20; pages += 1) {
      const reply: Reply = await query(document, { first, after });
      expect(reply.errors).toBeUndefined();
      ids.push(...idsOf(reply));
      const { totalCount, pageInfo } = reply.data.orders;
      totals.push(totalCount);
      expect(pageInfo.hasPreviousPage).toBe(pages > 0);
      if (!pageInfo.hasNextPage) return { ids, totals };
      after = pageInfo.endCursor;
    }
    throw new Error('there is no end of pages');
  };

  it('follow one another, each with the calls that it needs', async () => {
    const recoveryConnect = await startPaged({ count: 25 });
    const { query } = await startGateway({ recoveryConnect });
    expect(await readAll(query, 10)).toEqual({ ids: range(1, 25), totals: [25, 25, 25] });
    expect(pagesAsked(recoveryConnect)).toEqual(['1/10', '2/10', '3/10']);
  });

  it('follow one another where the upstream gives all at once', async () => {
    const { query } = await startGateway({ recoveryConnect: await startWhole(25) });
    expect(await readAll(query, 10)).toEqual({ ids: range(1, 25), totals: [25, 25, 25] });
  });

  it('are counted by the last page if no total is stated and `totalCount` is selected', async () => {
    const meta = ({ last_page, per_page }: { last_page: number; per_page: string }) => ({
      last_page,
      per_page,
    });
    const recoveryConnect = await startPaged({ count: 25, meta });
    const { query } = await startGateway({ recoveryConnect });
    expect(await readAll(query, 10)).toEqual({ ids: range(1, 25), totals: [25, 25, 25] });
    const before = recoveryConnect.calls().length;
    const { data } = await query('{ orders(first: 10) { pageInfo { hasNextPage } } }');
    expect(data).toEqual({ orders: { pageInfo: { hasNextPage: true } } });
    expect(recoveryConnect.calls()).toHaveLength(before + 1);
  });

  it('of a size of the upstream are read as many as are needed', async () => {
    const recoveryConnect = await startPaged({ count: 65, perPage: 20 });
    const { query } = await startGateway({ recoveryConnect });
    expect(await readAll(query, 30)).toEqual({ ids: range(1, 65), totals: [65, 65, 65] });
  });

  it('without a stated size are counted by their rows', async () => {
    const meta = ({ last_page, total }: { last_page: number; total: number }) => ({ last_page, total });
    const recoveryConnect = await startPaged({ count: 65, perPage: 20, meta });
    const { query } = await startGateway({ recoveryConnect });
    expect(idsOf(await query(document, { first: 30 }))).toEqual(range(1, 30));
    expect(pagesAsked(recoveryConnect)).toEqual(['1/30', '2/20']);
  });

  it('continue from a cursor of another page size', async () => {
    const recoveryConnect = await startPaged({ count: 100 });
    const { query } = await startGateway({ recoveryConnect });
    const { data } = await query(document, { first: 7 });
    const next = await query(document, { first: 10, after: data.orders.pageInfo.endCursor });
    expect(idsOf(next)).toEqual(range(8, 17));
    // A page of 17 begins with the first order, and contains all that are wanted.
    expect(pagesAsked(recoveryConnect)).toEqual(['1/17', '1/7']);
  });

  it('continue from a cursor if pages are larger than requested', async () => {
    const recoveryConnect = await startPaged({ count: 100, perPage: 250 });
    const { query } = await startGateway({ recoveryConnect });
    const reply = await query(document, { first: 10, after: await cursorOf(query, 60) });
    expect(idsOf(reply)).toEqual(range(61, 70));
    expect(reply.data.orders).toMatchObject({ totalCount: 100, pageInfo: { hasNextPage: true } });
  });

  it.each([
    ['in pages', (from: number) => startPaged({ count: 100, from })],
    ['as a whole', (from: number) => startWhole(100, from)],
  ])('continue after the order of the cursor if orders were inserted before it: %s', async (_, startFrom) => {
    const ledger = await ledgerInMemory();
    const before = await startGateway({ ledger, recoveryConnect: await startFrom(4) });
    // Its index was 9; after three were inserted before it, it is 12.
    const after = await cursorOf(before.query, 13);
    const { query } = await startGateway({ ledger, recoveryConnect: await startFrom(1) });
    expect(idsOf(await query(document, { first: 10, after }))).toEqual(range(14, 23));
  });

  it('end behind the last order', async () => {
    const { query } = await startGateway({ recoveryConnect: await startPaged({ count: 100 }) });
    const reply = await query(document, { first: 10, after: await cursorOf(query, 100) });
    expect(reply.data.orders).toMatchObject({
      totalCount: 100,
      pageInfo: { hasPreviousPage: true, hasNextPage: false, endCursor: null },
      edges: [],
    });
  });

  it('end behind the last order even if no total is stated', async () => {
    const meta = ({ last_page }: { last_page: number }) => ({ last_page });
    const { query } = await startGateway({ recoveryConnect: await startPaged({ count: 100, meta }) });
    const after = await cursorOf(query, 100);
    const text = '($after: String) { orders(first: 10, after: $after) { pageInfo { hasNextPage } } }';
    expect((await query(`query ${text}`, { after })).data.orders).toEqual({
      pageInfo: { hasNextPage: false },
    });
  });

  it.each([
    ['with a total', (page: object) => page],
    [
      'without a total',
      ({ last_page, per_page }: { last_page: number; per_page: string }) => ({ last_page, per_page }),
    ],
  ])('precede one another, from the last to the first: %s', async (_, meta) => {
    const recoveryConnect = await startPaged({ count: 65, meta });
    const { query } = await startGateway({ recoveryConnect });
    let before: string | null = null;
    const pages: number[][] = [];
    for (let hasMore = true; hasMore && pages.length < 20; ) {
      const reply: Reply = await query(document, { last: 20, before });
      expect(reply.errors).toBeUndefined();
      const { pageInfo, totalCount } = reply.data.orders;
      expect(totalCount).toBe(65);
      expect(pageInfo.hasNextPage).toBe(pages.length > 0);
      pages.unshift(idsOf(reply));
      hasMore = pageInfo.hasPreviousPage;
      before = pageInfo.startCursor;
    }
    expect(pages).toEqual([range(1, 5), range(6, 25), range(26, 45), range(46, 65)]);
  });

  it('precede one another where the upstream gives all at once', async () => {
    const { query } = await startGateway({ recoveryConnect: await startWhole(25) });
    const reply = await query(document, { last: 10 });
    expect(idsOf(reply)).toEqual(range(16, 25));
    const before = reply.data.orders.pageInfo.startCursor;
    expect(idsOf(await query(document, { last: 10, before }))).toEqual(range(6, 15));
  });

  it('before a cursor need no count, and the last ones one call for the end of the list', async () => {
    const recoveryConnect = await startPaged({ count: 1000 });
    const { query } = await startGateway({ recoveryConnect });
    const { data } = await query(document, { last: 10 });
    expect(pagesAsked(recoveryConnect)).toEqual(['1/250', '100/10']);
    expect(data.orders.edges[0].node.orderId).toBe('991');
    const reply = await query(document, { last: 10, before: data.orders.pageInfo.startCursor });
    expect(idsOf(reply)).toEqual(range(981, 990));
    expect(pagesAsked(recoveryConnect)).toEqual(['1/250', '100/10', '99/10']);
  });

  it.each([
    ['that describes its pages', (page: object) => page],
    ['that states only the last page', ({ last_page }: { last_page: number }) => ({ last_page })],
  ])('make no more calls than estimated of an upstream %s', { timeout: 60_000 }, async (_, meta) => {
    const text = document.replace(/edges .*/, 'edges { node { orderId } }');
    for (const count of [3, 260, 777]) {
      const recoveryConnect = await startPaged({ count, meta });
      const gateway = await startGateway({ recoveryConnect });
      const all = await gateway.query(document, { first: 500 });
      const cursors = all.data.orders.edges.map((edge: { cursor: string }) => edge.cursor);
      for (const first of [undefined, 20, 500]) {
        for (const last of [undefined, 20, 500]) {
          for (const after of [undefined, cursors[130], cursors.at(-1)]) {
            for (const before of [undefined, cursors[200]]) {
              const { cost, made, reply } = await costOf(gateway, text, { first, last, after, before });
              expect(reply.errors).toBeUndefined();
              expect(made).toBeLessThanOrEqual(cost.upstreamCalls);
            }
          }
        }
      }
    }
  });

  it('of more than the upstream gives at once take several calls', async () => {
    const recoveryConnect = await startPaged({ count: 600 });
    const { query } = await startGateway({ recoveryConnect });
    const reply = await query(document, { first: 500 });
    expect(idsOf(reply)).toEqual(range(1, 500));
    expect(reply.data.orders.pageInfo.hasNextPage).toBe(true);
    expect(pagesAsked(recoveryConnect)).toEqual(['1/250', '2/250']);
  });

  it('without orders still contain the total', async () => {
    const recoveryConnect = await startPaged({ count: 25 });
    const { query } = await startGateway({ recoveryConnect });
    const reply = await query(document, { first: 0 });
    expect(reply.data.orders).toMatchObject({ totalCount: 25, pageInfo: { hasNextPage: true }, edges: [] });
  });
});
