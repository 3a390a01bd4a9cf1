import { describe, expect, it } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { type Reply, startGateway } from '../support/gateway.ts';
import type { LocalUpstream, Received } from '../support/upstream.ts';

interface Paged {
  /** How many orders there are; their numbers count from 1. */
  readonly count: number;
  /** The size of its pages, whatever is asked for. */
  readonly perPage?: number;
  /** What it tells of its pages. */
  readonly tells?: (page: {
    current_page: number;
    last_page: number;
    per_page: string;
    total: number;
  }) => object;
}

/** Answers orders in pages, as Laravel does. */
const startPaged = ({ count, perPage: own, tells = (page) => page }: Paged): Promise<LocalUpstream> =>
  startCorpusUpstream('recoveryconnect', {
    filterOrders: ({ query }: Received) => {
      const perPage = own ?? Number(query['per_page']);
      const page = Number(query['page'] ?? 1);
      const all = Array.from({ length: count }, (_, at) => ({ id: at + 1, client_id: 7 }));
      const data = all.slice((page - 1) * perPage, page * perPage);
      const last_page = Math.max(1, Math.ceil(count / perPage));
      return {
        json: {
          data,
          meta: tells({ current_page: page, last_page, per_page: String(perPage), total: count }),
        },
      };
    },
  });

/** Answers all orders at once, whatever page is asked for. */
const startWhole = (count: number): Promise<LocalUpstream> =>
  startCorpusUpstream('recoveryconnect', {
    filterOrders: { json: { data: Array.from({ length: count }, (_, at) => ({ id: at + 1 })) } },
  });

const document = `query ($filter: OrderFilter, $first: Int, $after: String) {
  orders(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { startCursor endCursor hasPreviousPage hasNextPage } edges { cursor node { orderId } }
  }
}`;

const idsOf = ({ data }: Reply): number[] =>
  data.orders.edges.map((edge: { node: { orderId: string } }) => Number(edge.node.orderId));

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

const cursor = (text: string): string => Buffer.from(text).toString('base64url');

/** What was asked of `filterOrders`, as `page/per_page`, in no order. */
const pagesAsked = ({ received }: LocalUpstream): string[] =>
  received
    .filter(({ path }) => path === '/api/v150/recon/orders')
    .map(({ query }) => `${query['page']}/${query['per_page']}`)
    .sort();

describe('Query.orders', () => {
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

  it('leaves out what the filter does not tell', async () => {
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
    [{ after: 'nonsense' }, 'after'],
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
  /** Reads on until there is no more, and gives all that came. */
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

  it('are counted by the last one where no total is told, if that is asked for', async () => {
    const tells = ({ last_page, per_page }: { last_page: number; per_page: string }) => ({
      last_page,
      per_page,
    });
    const recoveryConnect = await startPaged({ count: 25, tells });
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

  it('of a size that is not told are taken by their rows', async () => {
    const tells = ({ last_page, total }: { last_page: number; total: number }) => ({ last_page, total });
    const recoveryConnect = await startPaged({ count: 65, perPage: 20, tells });
    const { query } = await startGateway({ recoveryConnect });
    expect(idsOf(await query(document, { first: 30 }))).toEqual(range(1, 30));
    expect(pagesAsked(recoveryConnect)).toEqual(['1/30', '2/20']);
  });

  it('go on from a cursor of another size', async () => {
    const recoveryConnect = await startPaged({ count: 100 });
    const { query } = await startGateway({ recoveryConnect });
    const { data } = await query(document, { first: 7 });
    const next = await query(document, { first: 10, after: data.orders.pageInfo.endCursor });
    expect(idsOf(next)).toEqual(range(8, 17));
    expect(pagesAsked(recoveryConnect)).toEqual(['1/10', '1/7', '2/10']);
  });

  it('go on from a cursor where pages are larger than asked', async () => {
    const recoveryConnect = await startPaged({ count: 100, perPage: 250 });
    const { query } = await startGateway({ recoveryConnect });
    const reply = await query(document, { first: 10, after: cursor('59:60') });
    expect(idsOf(reply)).toEqual(range(61, 70));
    expect(reply.data.orders).toMatchObject({ totalCount: 100, pageInfo: { hasNextPage: true } });
  });

  it('go on behind the order of the cursor where others came in before it', async () => {
    const { query } = await startGateway({ recoveryConnect: await startPaged({ count: 100 }) });
    expect(idsOf(await query(document, { first: 10, after: cursor('9:13') }))).toEqual(range(14, 23));
    const whole = await startGateway({ recoveryConnect: await startWhole(100) });
    expect(idsOf(await whole.query(document, { first: 10, after: cursor('9:13') }))).toEqual(range(14, 23));
  });

  it('end behind the last order', async () => {
    const { query } = await startGateway({ recoveryConnect: await startPaged({ count: 100 }) });
    const reply = await query(document, { first: 10, after: cursor('99:100') });
    expect(reply.data.orders).toMatchObject({
      totalCount: 100,
      pageInfo: { hasPreviousPage: true, hasNextPage: false, endCursor: null },
      edges: [],
    });
  });

  it('of more than the upstream gives at once take several calls', async () => {
    const recoveryConnect = await startPaged({ count: 600 });
    const { query } = await startGateway({ recoveryConnect });
    const reply = await query(document, { first: 500 });
    expect(idsOf(reply)).toEqual(range(1, 500));
    expect(reply.data.orders.pageInfo.hasNextPage).toBe(true);
    expect(pagesAsked(recoveryConnect)).toEqual(['1/250', '2/250']);
  });

  it('without orders still tell how many there are', async () => {
    const recoveryConnect = await startPaged({ count: 25 });
    const { query } = await startGateway({ recoveryConnect });
    const reply = await query(document, { first: 0 });
    expect(reply.data.orders).toMatchObject({ totalCount: 25, pageInfo: { hasNextPage: true }, edges: [] });
  });
});
