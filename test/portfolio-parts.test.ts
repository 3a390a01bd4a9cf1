import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../src/http/server.ts';
import { startAudited } from './support/audited.ts';
import { collectGarbage } from './support/collect-garbage.ts';
import type { startGateway } from './support/gateway.ts';
import { mergePayloads, openPayloads, type Payload, type ShownError } from './support/in-parts.ts';
import { openRaw, written } from './support/raw-connection.ts';
import { listEnd, listHead, rowsOf, startStreamingScollect } from './support/streaming-scollect.ts';

type Options = NonNullable<Parameters<typeof startGateway>[0]>;

const formats = ['deferSpec=20220824', 'incrementalSpec=v0.2'] as const;
const older = `multipart/mixed;${formats[0]}, application/json`;

const start = async (options: Options = {}) => {
  const scollect = await startStreamingScollect();
  const started = await startAudited({
    scollect: scollect.upstream,
    recoveryConnect: null,
    timeoutMs: 60_000,
    requestTimeoutMs: 60_000,
    ...options,
  });
  const post = (
    query: string,
    accept: string,
    headers: Readonly<Record<string, string>> = {},
  ): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, 'x-recollect-cost': '1', ...headers },
    body: JSON.stringify({ query }),
  });
  const open = async (query: string, accept = older, headers: Readonly<Record<string, string>> = {}) =>
    openPayloads(await started.gateway.fetch('http://gateway/graphql', post(query, accept, headers)));
  return { ...scollect, ...started, open, post };
};

const streamed = (args: string, count: number, more = '') =>
  `{ portfolio(name: "P") { name accounts${args} { edges @stream(initialCount: ${count}) { cursor node { fileNumber } } ${more} } } }`;

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `R${from + at}`);

interface Edges {
  readonly portfolio: {
    readonly accounts: {
      readonly edges: readonly { readonly node: { readonly fileNumber: string } }[];
    } | null;
  };
}

const accountsIn = (payloads: readonly Payload[]) =>
  (mergePayloads(payloads.map(({ hasNext: _, ...payload }) => payload)).data as Edges | undefined)?.portfolio
    .accounts;

/** The numbers of the accounts that have arrived. */
const numbersIn = (payloads: readonly Payload[]): string[] =>
  accountsIn(payloads)?.edges.map(({ node }) => node.fileNumber) ?? [];

const has = (count: number) => (payloads: readonly Payload[]) => numbersIn(payloads).length >= count;

const codesIn = (payloads: readonly Payload[]) =>
  mergePayloads(payloads).errors.map(({ path, extensions }) => ({ path, code: extensions?.code }));

const edgesPath = ['portfolio', 'accounts', 'edges'];

describe('streamed accounts of a portfolio', () => {
  it.each([older, `multipart/mixed;${formats[1]}`, 'text/event-stream'])(
    'leave the gateway while the upstream sends later rows (%s)',
    async (accept) => {
      const { open, coming, downloads } = await start();
      const opened = open(streamed('(first: 100)', 20), accept);
      const body = await coming();
      await body.write(listHead + rowsOf(0, 30).join(', '));
      const parts = await opened;
      const [first] = await parts.until((payloads) => payloads.length > 0);
      expect(first?.data).toMatchObject({ portfolio: { name: 'P' } });
      expect(first && numbersIn([first])).toEqual(numbers(0, 20));
      expect(numbersIn(await parts.until(has(30)))).toEqual(numbers(0, 30));
      await body.write(`, ${rowsOf(30, 60).join()}`);
      expect(numbersIn(await parts.until(has(60)))).toEqual(numbers(0, 60));
      expect(body.isAbandoned()).toBe(false);
      body.end(`, ${rowsOf(60, 130).join()}${listEnd}`);
      const all = await parts.all();
      expect(numbersIn(all)).toEqual(numbers(0, 100));
      expect(mergePayloads(all)).toMatchObject({ errors: [], hasFailed: false });
      expect(downloads()).toBe(1);
    },
  );

  it.each(formats)('end with the list (%s)', async (format) => {
    const { open, coming } = await start();
    const trace = { 'x-recollect-trace': '1' };
    const opened = open(streamed('(first: 100)', 0), `multipart/mixed;${format}`, trace);
    const body = await coming();
    await body.write(listHead + rowsOf(0, 30).join(', '));
    const parts = await opened;
    await parts.until(has(30));
    body.end(listEnd);
    const all = await parts.all();
    expect(numbersIn(all)).toEqual(numbers(0, 30));
    const end = format === formats[0] ? { incremental: [] } : { completed: [{ id: '0' }] };
    const { extensions, ...last } = all.at(-1) ?? {};
    expect(last).toEqual({ ...end, hasNext: false });
    expect(extensions).toMatchObject({
      cost: { made: 2 },
      upstream: [
        { operation: 'getportfoliolist', status: 200 },
        { operation: 'get_accounts_in_portfolio', status: 200, shared: false },
      ],
    });
  });

  it('begin after a cursor', async () => {
    const { open, coming, query } = await start();
    const first = query(
      '{ portfolio(name: "P") { accounts(first: 2) { pageInfo { endCursor } edges { node { fileNumber } } } } }',
    );
    const body = await coming();
    await body.write(listHead + rowsOf(0, 10).join(', '));
    const { endCursor } = (await first).data.portfolio.accounts.pageInfo;
    const parts = await open(streamed(`(first: 20, after: "${endCursor}")`, 1));
    expect(numbersIn(await parts.until(has(8)))).toEqual(numbers(2, 10));
    body.end(`, ${rowsOf(10, 15).join()}${listEnd}`);
    expect(numbersIn(await parts.all())).toEqual(numbers(2, 15));
  });

  it('come before `pageInfo` and `totalCount` that are deferred', async () => {
    const { open, coming } = await start();
    const opened = open(
      streamed(
        '(first: 40)',
        1,
        '... @defer { pageInfo { hasPreviousPage hasNextPage startCursor endCursor } } ... @defer { totalCount }',
      ),
    );
    const body = await coming();
    await body.write(listHead + rowsOf(0, 30).join(', '));
    const parts = await opened;
    const early = await parts.until(has(30));
    expect(accountsIn(early)).not.toHaveProperty('pageInfo');
    await body.write(`, ${rowsOf(30, 45).join()}`);
    const page = await parts.until((payloads) => 'pageInfo' in (accountsIn(payloads) ?? {}));
    const { edges, pageInfo } = accountsIn(page) as unknown as {
      edges: readonly { readonly cursor: string }[];
      pageInfo: object;
    };
    expect(pageInfo).toEqual({
      hasPreviousPage: false,
      hasNextPage: true,
      startCursor: edges[0]?.cursor,
      endCursor: edges[39]?.cursor,
    });
    expect(accountsIn(page)).not.toHaveProperty('totalCount');
    body.end(`, ${rowsOf(45, 50).join()}${listEnd}`);
    expect(accountsIn(await parts.all())).toMatchObject({ totalCount: 50 });
  });

  it.each([
    ['pageInfo', '(first: 40)', 'pageInfo { hasNextPage }', { pageInfo: { hasNextPage: true } }],
    ['the edges once more', '(first: 40)', 'all: edges { cursor }', {}],
    ['totalCount', '(first: 5)', 'totalCount', { totalCount: 50 }],
    ['last', '(last: 40)', '', {}],
    ['before', '', '', {}],
  ])('wait for what is needed with them: %s', async (what, args, more, expected) => {
    const { open, coming, query } = await start();
    let given = args;
    if (what === 'before') {
      const page = query('{ portfolio(name: "P") { accounts(first: 41) { pageInfo { endCursor } } } }');
      (await coming()).end(`${listHead}${rowsOf(0, 50).join()}${listEnd}`);
      given = `(before: "${(await page).data.portfolio.accounts.pageInfo.endCursor}")`;
    }
    const opened = open(streamed(given, 1, more));
    if (what !== 'before') {
      const body = await coming();
      await body.write(listHead + rowsOf(0, 30).join(', '));
      body.end(`, ${rowsOf(30, 50).join()}${listEnd}`);
    }
    const parts = await opened;
    const [first] = await parts.until((payloads) => payloads.length > 0);
    expect(first?.data).toMatchObject({ portfolio: { accounts: { edges: [{}], ...expected } } });
    expect(numbersIn(await parts.all())).toHaveLength(what === 'totalCount' ? 5 : 40);
  });

  it('share their call with others that need the same rows', async () => {
    const { open, coming, downloads, query } = await start();
    const opened = [open(streamed('(first: 100)', 1)), open(streamed('(first: 50)', 30))];
    const whole = query('{ portfolio(name: "P") { accounts(first: 3) { totalCount } } }');
    const body = await coming();
    await body.write(listHead + rowsOf(0, 40).join(', '));
    const parts = await Promise.all(opened);
    for (const one of parts) expect(numbersIn(await one.until(has(40)))).toEqual(numbers(0, 40));
    // One of them leaves.
    await parts[0]?.cancel();
    await body.write(`, ${rowsOf(40, 45).join()}`);
    expect(numbersIn((await parts[1]?.until(has(45))) ?? [])).toEqual(numbers(0, 45));
    body.end(`, ${rowsOf(45, 60).join()}${listEnd}`);
    expect(numbersIn((await parts[1]?.all()) ?? [])).toEqual(numbers(0, 50));
    expect((await whole).data.portfolio.accounts.totalCount).toBe(60);
    expect(downloads()).toBe(1);
  });

  it('are in one audit line, with the records of all parts', async () => {
    const { open, coming, lines } = await start();
    const opened = open(streamed('(first: 40)', 1));
    const body = await coming();
    await body.write(listHead + rowsOf(0, 30).join(', '));
    const parts = await opened;
    await parts.until(has(30));
    expect(lines()).toEqual([]);
    body.end(`, ${rowsOf(30, 50).join()}${listEnd}`);
    await parts.all();
    expect(lines()).toHaveLength(1);
    expect(lines()[0]?.['records']).toEqual(numbers(0, 40).map((number) => `Account:${number}`));
  });

  it('are within the fields of one response', async () => {
    const { open, coming } = await start({ operationLimits: { maxAnswerFields: 100 } });
    const opened = open(streamed('(first: 200)', 1));
    const body = await coming();
    await body.write(listHead + rowsOf(0, 20).join(', '));
    const parts = await opened;
    await parts.until(has(20));
    body.end(`, ${rowsOf(20, 250).join()}${listEnd}`);
    const all = await parts.all();
    // Each account has three fields, and four are above them.
    expect(numbersIn(all)).toEqual(numbers(0, 32));
    expect(codesIn(all)).toMatchObject([{ code: 'QUERY_TOO_COMPLEX' }]);
  });

  it('are accounts like others: a large page is completed in slices', async () => {
    const { open, coming } = await start();
    const opened = open(streamed('(first: 500)', 0));
    const body = await coming();
    body.end(`${listHead}${rowsOf(0, 600).join()}${listEnd}`);
    const all = await (await opened).all();
    expect(numbersIn(all)).toEqual(numbers(0, 500));
    const sizes = all.flatMap(({ incremental = [] }) => incremental.map(({ items }) => items?.length ?? 0));
    expect(Math.max(...sizes)).toBeLessThan(500);
  });
});

describe('streamed accounts of a portfolio that does not come whole', () => {
  it.each([
    ['before the first of them', 20, ''],
    ['and other fields need the whole page', 1, 'pageInfo { hasNextPage }'],
    ['and other fields need the whole list', 1, 'totalCount'],
  ])('are null like others, where it fails %s', async (_, count, more) => {
    const { open, coming, query } = await start();
    const fail = async (nth: number): Promise<void> => {
      const body = await coming(nth);
      const other = query('{ portfolio(name: "P") { accounts(first: 4) { edges { cursor } } } }');
      await body.write(listHead + rowsOf(0, 5).join(', '));
      // The rows have arrived.
      await other;
      body.end('], "state": "FAILURE"}');
    };
    const opened = open(streamed('(first: 100)', count, more));
    await fail(0);
    const parts = await (await opened).all();
    const whole = query(streamed('(first: 100)', count, more));
    await fail(1);
    const { data, errors } = await whole;
    expect(parts).toMatchObject([{ data, errors }]);
    expect([data.portfolio.accounts, errors?.[0]?.path]).toEqual([null, ['portfolio', 'accounts']]);
  });

  it.each(formats)('end with an error, where it breaks off each time (%s)', async (format) => {
    const { open, coming, downloads, lines, upstreams } = await start();
    const opened = open(
      streamed('(first: 100)', 1, '... @defer { pageInfo { hasNextPage } }'),
      `multipart/mixed;${format}`,
    );
    for (let nth = 0; nth < 3; nth += 1) {
      const body = await coming(nth);
      await body.write(listHead + rowsOf(0, 30).join(', '));
      if (nth === 0) await (await opened).until(has(30));
      body.cut();
    }
    const all = await (await opened).all();
    expect(numbersIn(all)).toEqual(numbers(0, 30));
    expect(mergePayloads(all).hasFailed).toBe(true);
    expect(codesIn(all)).toEqual(
      expect.arrayContaining([
        { path: edgesPath, code: 'UPSTREAM_UNAVAILABLE' },
        { path: ['portfolio', 'accounts', 'pageInfo'], code: 'UPSTREAM_UNAVAILABLE' },
      ]),
    );
    const ends = all.flatMap(({ incremental = [], completed = [] }) =>
      [...incremental.filter(({ items, data }) => items === null || data === null), ...completed].map(
        ({ errors = [] }) => errors.map(({ path }) => path?.at(-1)),
      ),
    );
    expect(ends.sort()).toEqual([['edges'], ['pageInfo']]);
    expect(downloads()).toBe(3);
    expect(lines()).toMatchObject([{ errors: { UPSTREAM_UNAVAILABLE: 2 } }]);
    expect(lines()[0]?.['records']).toHaveLength(30);
    expect(upstreams.SCOLLECT.state()?.inFlight).toBe(0);
  });

  it('continue with the rows of a retry, if those that were sent are the same', async () => {
    const { open, coming, downloads } = await start();
    const opened = open(streamed('(first: 50)', 1, '... @defer { totalCount }'));
    const broken = await coming();
    await broken.write(listHead + rowsOf(0, 30).join(', '));
    const parts = await opened;
    await parts.until(has(30));
    broken.cut();
    const body = await coming(1);
    await body.write(listHead + rowsOf(0, 40).join(', '));
    expect(numbersIn(await parts.until(has(40)))).toEqual(numbers(0, 40));
    body.end(`, ${rowsOf(40, 60).join()}${listEnd}`);
    const all = await parts.all();
    expect(numbersIn(all)).toEqual(numbers(0, 50));
    expect(mergePayloads(all)).toMatchObject({
      errors: [],
      data: { portfolio: { accounts: { totalCount: 60 } } },
    });
    expect(downloads()).toBe(2);
  });

  it.each([
    ['begins with others', rowsOf(1, 60)],
    ['lacks one of them', [...rowsOf(0, 12), ...rowsOf(13, 60)]],
    ['has another one among them', [...rowsOf(0, 12), ...rowsOf(80, 81), ...rowsOf(13, 60)]],
    ['ends before them', rowsOf(0, 20)],
  ])('end with an error, where a retry %s', async (_, rows) => {
    const { open, coming } = await start();
    const opened = open(streamed('(first: 50)', 1));
    const broken = await coming();
    await broken.write(listHead + rowsOf(0, 30).join(', '));
    const parts = await opened;
    await parts.until(has(30));
    broken.cut();
    (await coming(1)).end(listHead + rows.join() + listEnd);
    const all = await parts.all();
    expect(numbersIn(all)).toEqual(numbers(0, 30));
    expect(codesIn(all)).toEqual([{ path: edgesPath, code: 'UPSTREAM_UNAVAILABLE' }]);
    expect(JSON.stringify(all)).toContain('changed rows that were already delivered');
  });

  it('end with an error, where a retry lacks the account of the cursor', async () => {
    const { open, coming, query, upstreams } = await start();
    const page = query('{ portfolio(name: "P") { accounts(first: 2) { pageInfo { endCursor } } } }');
    const whole = await coming();
    await whole.write(listHead + rowsOf(0, 30).join(', '));
    const { endCursor } = (await page).data.portfolio.accounts.pageInfo;
    whole.cut();
    await expect.poll(() => upstreams.SCOLLECT.state()?.inFlight).toBe(0);
    const opened = open(streamed(`(first: 50, after: "${endCursor}")`, 1));
    const broken = await coming(1);
    await broken.write(listHead + rowsOf(0, 30).join(', '));
    const parts = await opened;
    await parts.until(has(28));
    broken.cut();
    (await coming(2)).end(
      listHead +
        ['R0', 'X']
          .map((lotno) => JSON.stringify({ lotno }))
          .concat(rowsOf(2, 60))
          .join() +
        listEnd,
    );
    const all = await parts.all();
    expect(numbersIn(all)).toEqual(numbers(2, 30));
    expect(codesIn(all)).toEqual([{ path: edgesPath, code: 'UPSTREAM_UNAVAILABLE' }]);
  });

  it.each([
    ['reports a failure', '], "state": "FAILURE"}', 'UPSTREAM_UNAVAILABLE'],
    ['continues with something else than rows', ', 404], "state": "SUCCESS"}', 'UPSTREAM_BAD_RESPONSE'],
    ['ends in its middle', '', 'UPSTREAM_BAD_RESPONSE'],
    [
      'has a second list',
      `], "result": [${rowsOf(500, 700).join()}], "state": "SUCCESS"}`,
      'UPSTREAM_UNAVAILABLE',
    ],
    [
      'has rows of another portfolio',
      `, ${rowsOf(150, 260, { lot_group: 'Q' }).join()}${listEnd}`,
      'UPSTREAM_BAD_RESPONSE',
    ],
  ])('end with an error, where it %s', async (_, end, code) => {
    const { open, coming } = await start();
    const opened = open(streamed('(first: 200)', 1));
    const body = await coming();
    await body.write(listHead + rowsOf(0, 150).join(', '));
    const parts = await opened;
    await parts.until(has(150));
    body.end(end);
    const all = await parts.all();
    expect(numbersIn(all)).toEqual(numbers(0, 150));
    expect(codesIn(all)).toEqual([{ path: edgesPath, code }]);
  });

  it('report rows that were left out', async () => {
    const { open, coming } = await start();
    const opened = open(streamed('(first: 50)', 1));
    const body = await coming();
    await body.write(`${listHead}${rowsOf(0, 150).join()}`.replace('"R20"', '""'));
    const all = await (await opened).until((payloads) => payloads.at(-1)?.hasNext === false);
    expect(numbersIn(all)).toEqual([...numbers(0, 20), ...numbers(21, 51)]);
    expect(mergePayloads(all).extensions).toMatchObject({
      warnings: [{ message: 'Some rows are incomplete and are not included.' }],
    });
  });

  it('end at the deadline', async () => {
    const { open, coming, lives } = await start();
    const opened = open(streamed('(first: 50)', 1));
    const body = await coming();
    await body.write(listHead + rowsOf(0, 30).join(', '));
    const parts = await opened;
    await parts.until(has(30));
    lives.shorten(1);
    expect(codesIn(await parts.all())).toEqual([{ path: edgesPath, code: 'UPSTREAM_TIMEOUT' }]);
    await expect.poll(() => body.isAbandoned()).toBe(true);
  });
});

describe('a client of streamed accounts', () => {
  it('ends the download if it leaves', async () => {
    const started = await start();
    const server = await serve(started.gateway.handle, { port: 0, host: '127.0.0.1' });
    onTestFinished(() => server.cut());
    const client = new AbortController();
    const response = fetch(`http://127.0.0.1:${server.address.port}/graphql`, {
      ...started.post(streamed('(first: 100)', 1), older),
      signal: client.signal,
    });
    const body = await started.coming();
    await body.write(listHead + rowsOf(0, 30).join(', '));
    await openPayloads(await response).until(has(30));
    expect(body.isAbandoned()).toBe(false);
    client.abort();
    await expect.poll(() => body.isAbandoned()).toBe(true);
    await expect.poll(() => started.lives.count()).toBe(0);
    await expect.poll(() => started.lines().length).toBe(1);
    expect(started.upstreams.SCOLLECT.state()?.inFlight).toBe(0);
  });

  it('leaves nothing in memory if it leaves', async () => {
    const { open, coming, lives } = await start();
    let nth = 0;
    const cancelSome = async (count: number): Promise<void> => {
      for (const end = nth + count; nth < end; nth += 1) {
        const opened = open(streamed('(first: 500)', 20));
        const body = await coming(nth);
        await body.write(listHead + rowsOf(0, 150).join(', '));
        const parts = await opened;
        await parts.until(has(40));
        await parts.cancel();
        await expect.poll(() => body.isAbandoned(), { interval: 1 }).toBe(true);
      }
      await expect.poll(() => lives.count()).toBe(0);
      collectGarbage();
    };
    await cancelSome(10);
    const before = process.memoryUsage().heapUsed;
    await cancelSome(60);
    // The rows of one response take more than 90 KB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(3 * 1024 * 1024);
  }, 60_000);

  it('does not slow down the download for others if it does not read', async () => {
    const started = await start();
    const server = await serve(started.gateway.handle, { port: 0, host: '127.0.0.1' });
    onTestFinished(() => server.cut());
    const { socket, received } = await openRaw(server.address.port);
    const query = streamed('(first: 500)', 1).replace(
      'cursor',
      Array.from({ length: 20 }, (_, index) => `c${index}: cursor`).join(' '),
    );
    socket.write(written({ headers: [`Accept: ${older}`], body: JSON.stringify({ query }) }));
    const body = await started.coming();
    await body.write(listHead + rowsOf(0, 30).join(', '));
    await expect.poll(received).toContain('"hasNext":true');
    socket.pause();
    const other = started.query('{ portfolio(name: "P") { accounts(first: 1) { totalCount } } }');
    body.end(`, ${rowsOf(30, 2000).join()}${listEnd}`);
    expect((await other).data.portfolio.accounts.totalCount).toBe(2000);
    expect(started.downloads()).toBe(1);
    socket.resume();
    await expect.poll(() => received().includes('"hasNext":false'), { timeout: 10_000 }).toBe(true);
  });
});

const args = fc.record({
  first: fc.option(fc.nat(60), { nil: undefined }),
  last: fc.option(fc.nat(20), { nil: undefined, freq: 4 }),
});

const fields = fc.record({
  isDeferred: fc.boolean(),
  initialCount: fc.nat(30),
  alias: fc.boolean(),
  pageInfo: fc.constantFrom('', 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'),
  totalCount: fc.constantFrom('', 'totalCount'),
  node: fc.constantFrom('fileNumber', 'id portfolioEntry { level }', 'phones { id } fileNumber'),
  defer: fc.constantFrom(...['', '... @defer ', '... @defer(label: "x") ']),
  around: fc.constantFrom('', '', '', '... @defer '),
  other: fc.constantFrom(
    '',
    '',
    'other: accounts(first: 20) { edges @stream(initialCount: 3) { cursor node { id } } }',
    'other: accounts(first: 3) { totalCount edges @stream { cursor } }',
  ),
});

describe('the merged result of streamed accounts', () => {
  it('and the calls are those without directives, however the rows arrive', async () => {
    const { open, coming, downloads, query, upstreams } = await start();
    const plain = (text: string): string => text.replaceAll(/@(stream|defer)(\([^)]*\))?/g, '');
    let nth = 0;
    let inParts = 0;
    const send = async (cuts: readonly number[], rows: readonly string[]): Promise<void> => {
      const body = await coming(nth);
      nth += 1;
      const text = listHead + rows.join() + listEnd;
      let from = 0;
      for (const cut of [...cuts].sort((one, other) => one - other)) {
        const to = Math.floor((cut / 1000) * text.length);
        if (to > from) await body.write(text.slice(from, to));
        await new Promise((resolve) => setImmediate(resolve));
        from = Math.max(from, to);
      }
      body.end(text.slice(from));
    };
    /** A further query does not join the download. */
    const isOver = () => expect.poll(() => upstreams.SCOLLECT.state()?.inFlight, { interval: 2 }).toBe(0);
    await fc.assert(
      fc.asyncProperty(
        args,
        fields,
        fc.nat(80),
        fc.array(fc.nat(999), { maxLength: 5 }),
        fc.constantFrom(...formats),
        async ({ first, last }, chosen, count, cuts, format) => {
          const given = [
            first === undefined ? '' : `first: ${first}`,
            last === undefined ? '' : `last: ${last}`,
          ];
          const list = given.some((one) => one !== '') ? `(${given.join(' ')})` : '';
          const { isDeferred, initialCount, alias, pageInfo, totalCount, node, defer, around, other } =
            chosen;
          const rest = [pageInfo, totalCount].filter((one) => one !== '').join(' ');
          const deferred = rest === '' ? '' : defer === '' ? rest : `${defer}{ ${rest} }`;
          const edges = `edges @stream(initialCount: ${initialCount}) { cursor node { ${node} } }`;
          const selected = `accounts${list} { __typename ${isDeferred ? `... @defer { ${edges} }` : edges} ${alias ? `more: ${edges}` : ''} ${deferred} }`;
          const text = `{ portfolio(name: "P") { name ${around === '' ? selected : `${around}{ ${selected} }`} ${other} } }`;
          const rows = rowsOf(0, count).map((row, at) =>
            at % 17 === 5 ? row.replace(/"lotno":"R\d+"/, '"lotno":""') : row,
          );
          const opened = open(text, `multipart/mixed;${format}, application/json`);
          await send(cuts, rows);
          const parts = await openedPayloads(opened);
          const merged = mergePayloads(parts);
          await isOver();
          const whole = query(plain(text), {}, { 'x-recollect-cost': '1' });
          await send(cuts, rows);
          const { data, errors = [], extensions } = await whole;
          if (parts.length > 1) inParts += 1;
          expect(merged.data).toEqual(data);
          expect(placesOf(merged.errors)).toEqual(placesOf(errors));
          expect(merged.extensions).toEqual(extensions);
          expect(downloads()).toBe(nth);
          await isOver();
        },
      ),
      { seed: Number(process.env['SEED'] ?? 7), numRuns: Number(process.env['RUNS'] ?? 100) },
    );
    expect(inParts).toBeGreaterThan(30);
  }, 60_000);
});

/** Errors without the lines of the document, in the order of their paths: parts come in the order of calls. */
const placesOf = (errors: readonly ShownError[]): string[] =>
  errors.map(({ message, path, extensions }) => JSON.stringify([path, message, extensions])).sort();

const openedPayloads = async (opened: Promise<ReturnType<typeof openPayloads>>): Promise<Payload[]> =>
  (await opened).all();
