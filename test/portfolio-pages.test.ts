import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { serve } from '../src/http/server.ts';
import { get_accounts_in_portfolio } from '../src/upstreams/scollect/portfolios.ts';
import { closeUpstreams, createUpstreams } from '../src/upstreams/upstreams.ts';
import { type Reply, startGateway } from './support/gateway.ts';
import { limits } from './support/limits.ts';
import {
  type Coming,
  listEnd,
  listHead,
  rowsOf,
  startStreamingScollect,
} from './support/streaming-scollect.ts';

const start = async (options: Parameters<typeof startGateway>[0] = {}) => {
  const scollect = await startStreamingScollect();
  const gateway = await startGateway({ scollect: scollect.upstream, recoveryConnect: null, ...options });
  return { ...scollect, ...gateway };
};

const portfolio = (args: string, selection = 'edges { cursor node { fileNumber } }', more = '') =>
  `{ portfolio(name: "P") { accounts${args} { ${selection} pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } } ${more} }`;

const pageOf = ({ data, errors }: Reply) => {
  expect(errors).toBeUndefined();
  const { edges = [], pageInfo, ...page } = data.portfolio.accounts;
  return {
    ...page,
    ...pageInfo,
    numbers: edges.map((edge: { node: { fileNumber: string } }) => edge.node.fileNumber),
  };
};

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `R${from + at}`);

const writeAll = async (coming: Coming, count: number): Promise<void> => {
  await coming.write(listHead + rowsOf(0, count).join(', '));
  coming.end(listEnd);
};

/** Long enough for what must not happen. */
const aWhile = 150;

const isOpen = async (waiting: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([waiting.then(() => 'over'), pause(aWhile, 'open')])) === 'open';

const note = `mutation { addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { __typename } }`;

const error = (reply: Reply) => reply.errors?.map(({ extensions }) => extensions?.['code']);

describe('a page of a portfolio', () => {
  it('is answered while the rest of the portfolio is still coming', async () => {
    const { query, coming } = await start();
    const page = query(portfolio('(first: 20)'));
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 20).join(', '));
    // Nobody knows yet whether more follow.
    expect(await isOpen(page)).toBe(true);
    await answer.write(`, ${rowsOf(20, 21).join()}`);
    expect(pageOf(await page)).toMatchObject({ numbers: numbers(0, 20), hasNextPage: true });
    expect(answer.isAbandoned()).toBe(false);
  });

  it.each([
    ['totalCount', '', 'totalCount'],
    ['an alias', '', 'n: totalCount'],
    ['a fragment', '', '... on AccountConnection { n: totalCount }'],
    ['what is included', '', 'totalCount @include(if: true)'],
    ['last', 'last: 2', ''],
  ])('waits for the end where that is needed: %s', async (_, args, selection) => {
    const { query, coming } = await start();
    const list = `edges { node { fileNumber } } ${selection}`;
    const page = query(portfolio(args === '' ? '' : `(${args})`, list));
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 150).join(', '));
    expect(await isOpen(page)).toBe(true);
    answer.end(`, ${rowsOf(150, 160).join()}${listEnd}`);
    const { totalCount, n = totalCount, numbers: received } = pageOf(await page);
    expect(received).toEqual(args === '' ? numbers(0, 50) : numbers(158, 160));
    if (selection !== '') expect(n).toBe(160);
  });

  it('does not wait for a number that is left out', async () => {
    const { query, coming } = await start();
    const page = query(portfolio('', 'edges { node { fileNumber } } totalCount @skip(if: true)'));
    await (await coming()).write(listHead + rowsOf(0, 60).join(', '));
    expect(pageOf(await page)).toMatchObject({ numbers: numbers(0, 50), hasNextPage: true });
  });

  it('shares its call with others, each of which is answered when its own rows are there', async () => {
    const { query, coming, downloads } = await start();
    const [small, large] = [query(portfolio('(first: 5)')), query(portfolio('(first: 100)', 'totalCount'))];
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 30).join(', '));
    expect(pageOf(await small)).toMatchObject({ numbers: numbers(0, 5) });
    expect(await isOpen(large)).toBe(true);
    answer.end(listEnd);
    expect(pageOf(await large)).toMatchObject({ totalCount: 30, hasNextPage: false });
    expect(downloads()).toBe(1);
  });

  it('traces its call, with the status of a response that has not ended', async () => {
    const { query, coming } = await start();
    const trace = { 'x-recollect-trace': '1' };
    const [one, other] = [
      query(portfolio('(first: 1)'), {}, trace),
      query(portfolio('(first: 2)'), {}, trace),
    ];
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 10).join(', '));
    const calls = (await Promise.all([one, other])).flatMap(
      ({ extensions }) =>
        extensions?.['upstream'] as { operation: string; status: number; shared: boolean }[],
    );
    const received = calls.filter(({ operation }) => operation === 'get_accounts_in_portfolio');
    expect(received.map(({ status, shared }) => ({ status, shared }))).toEqual([
      { status: 200, shared: false },
      { status: 200, shared: true },
    ]);
  });

  it('refuses what cannot be asked for without asking the upstream for the rows', async () => {
    const { query, downloads } = await start();
    expect(error(await query(portfolio('(first: 501)')))).toEqual(['BAD_USER_INPUT']);
    expect(error(await query(portfolio('(after: "CANARY")')))).toEqual(['BAD_USER_INPUT']);
    expect(downloads()).toBe(0);
  });
});

describe('the entry of an account in its portfolio', () => {
  const entry = (number: string) => `{ account(fileNumber: "${number}") { portfolioEntry { level } } }`;

  it('is answered when its row has come', async () => {
    const { query, coming } = await start();
    const found = query(entry('R700'));
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 700).join(', '));
    expect(await isOpen(found)).toBe(true);
    await answer.write(`, ${rowsOf(700, 710).join()}`);
    expect((await found).data.account.portfolioEntry).toEqual({ level: 'L' });
  });

  it('is null where the portfolio has come to its end without it', async () => {
    const { query, coming } = await start();
    const none = query(entry('X1'));
    await writeAll(await coming(), 300);
    expect((await none).data.account.portfolioEntry).toBeNull();
  });

  it('costs one call for any number of them', async () => {
    const { query, coming, downloads } = await start();
    const many = query(
      `{ accounts(fileNumbers: [${numbers(0, 50).map((number) => `"${number}"`)}]) { portfolioEntry { level } } }`,
    );
    await writeAll(await coming(), 300);
    expect((await many).data.accounts).toEqual(Array(50).fill({ portfolioEntry: { level: 'L' } }));
    expect(downloads()).toBe(1);
  });
});

/** A gateway whose portfolio of so many rows is read once, up to the end. */
const startRead = async (count: number, options: Parameters<typeof start>[0] = {}) => {
  const started = await start(options);
  const first = started.query(portfolio('(first: 10)'));
  const answer = await started.coming();
  await writeAll(answer, count);
  const page = pageOf(await first);
  await vi.waitFor(() => expect(started.upstreams.SCOLLECT.state()?.inFlight).toBe(0));
  return { ...started, page };
};

describe('later pages of a portfolio', () => {
  it.each([25, 1200])('are those of the whole list, without another call (%i accounts)', async (count) => {
    const { query, downloads, page } = await startRead(count);
    const received: string[] = [...page.numbers];
    let cursor: string = page.endCursor;
    for (let hasMore = true; hasMore; ) {
      const {
        numbers: next,
        endCursor,
        hasNextPage,
        totalCount,
      } = pageOf(
        await query(
          portfolio(`(first: 400, after: "${cursor}")`, 'totalCount edges { node { fileNumber } }'),
        ),
      );
      received.push(...next);
      expect(totalCount).toBe(count);
      [cursor, hasMore] = [endCursor, hasNextPage];
    }
    expect(received).toEqual(numbers(0, count));
    const before = pageOf(await query(portfolio(`(last: 3, before: "${cursor}")`)));
    expect(before).toMatchObject({ numbers: numbers(count - 4, count - 1), hasNextPage: true });
    expect(downloads()).toBe(1);
  });

  it('continue from a portfolio that is still being received', async () => {
    const { query, coming, downloads } = await start();
    const first = query(portfolio('(first: 10)'));
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 11).join(', '));
    const { endCursor } = pageOf(await first);
    const second = query(portfolio(`(first: 10, after: "${endCursor}")`));
    expect(await isOpen(second)).toBe(true);
    answer.end(`, ${rowsOf(11, 30).join()}${listEnd}`);
    expect(pageOf(await second)).toMatchObject({ numbers: numbers(10, 20), hasNextPage: true });
    expect(downloads()).toBe(1);
  });

  it('are not first pages: each of those asks anew', async () => {
    const { query, coming, downloads } = await startRead(100);
    const again = query(portfolio('(first: 10)'));
    const answer = await coming(1);
    answer.end(`${listHead}${rowsOf(50, 60).join()}${listEnd}`);
    expect(pageOf(await again).numbers).toEqual(numbers(50, 60));
    expect(downloads()).toBe(2);
  });

  it('need no other call where others are asked for between, and few enough', async () => {
    const { query, coming, downloads } = await start();
    const [, q, r, s] = await Promise.all(
      ['P', 'Q', 'R', 'S'].map(async (name, nth) => {
        await pause(nth * aWhile);
        const ask = (args: string) => query(portfolio(args).replace('"P"', `"${name}"`));
        const page = ask('(first: 10)');
        const answer = await coming(nth);
        await answer.write(listHead + rowsOf(0, 150).join(', '));
        return { ask, answer, page: pageOf(await page) };
      }),
    );
    await vi.waitFor(() => expect(q?.answer.isAbandoned()).toBe(true));
    expect([r?.answer.isAbandoned(), s?.answer.isAbandoned()]).toEqual([false, false]);
    for (const one of [r, s]) {
      one?.answer.end(listEnd);
      const later = await one?.ask(`(first: 10, after: "${one.page.endCursor}")`);
      if (later) expect(pageOf(later).numbers).toEqual(numbers(10, 20));
    }
    expect(downloads()).toBe(4);
    const given = q?.ask(`(first: 10, after: "${q.page.endCursor}")`);
    await writeAll(await coming(4), 20);
    expect((await given)?.errors).toBeUndefined();
    expect(downloads()).toBe(5);
  });

  it('are read again after a write', async () => {
    const { query, coming, page } = await startRead(100);
    await query(note);
    const second = query(portfolio(`(first: 10, after: "${page.endCursor}")`));
    (await coming(1)).end(`${listHead}${rowsOf(0, 15).join()}${listEnd}`);
    expect(pageOf(await second)).toMatchObject({ numbers: numbers(10, 15), hasNextPage: false });
  });

  it('are read again after a write during which the portfolio was coming, which then is for nobody', async () => {
    const { query, coming } = await start();
    const first = query(portfolio('(first: 10)'));
    const before = await coming();
    await before.write(listHead + rowsOf(0, 11).join(', '));
    const { endCursor } = pageOf(await first);
    await query(note);
    await vi.waitFor(() => expect(before.isAbandoned()).toBe(true));
    const second = query(portfolio(`(first: 10, after: "${endCursor}")`));
    (await coming(1)).end(`${listHead}${rowsOf(0, 12).join()}${listEnd}`);
    expect(pageOf(await second).numbers).toEqual(numbers(10, 12));
  });

  it('are those of one credential only', async () => {
    const { query, coming } = await start({ apiKeys: { ann: 'key of Ann', bob: 'key of Bob' } });
    const ask = (caller: string, args: string) => query(portfolio(args), {}, { 'x-caller': caller });
    const ofAnn = ask('ann', '(first: 10)');
    await writeAll(await coming(0), 300);
    const { endCursor } = pageOf(await ofAnn);
    const ofBob = ask('bob', `(first: 10, after: "${endCursor}")`);
    const answer = await coming(1);
    answer.end(`${listHead}${rowsOf(10, 30).join()}${listEnd}`);
    expect(pageOf(await ofBob)).toMatchObject({ hasPreviousPage: true, numbers: numbers(19, 29) });
    expect(answer.apiKey).toBe('key of Bob');
    await vi.waitFor(async () => {
      expect(pageOf(await ask('ann', `(first: 10, after: "${endCursor}")`)).numbers).toEqual(numbers(10, 20));
    });
  });
});

describe('a portfolio that does not come whole', () => {
  it('is asked for again where it breaks off before the page is full', async () => {
    const { query, coming, downloads } = await start();
    const page = query(portfolio('(first: 10)'));
    const broken = await coming();
    await broken.write(listHead + rowsOf(100, 105).join(', '));
    broken.cut();
    await writeAll(await coming(1), 20);
    expect(pageOf(await page)).toMatchObject({ numbers: numbers(0, 10), hasNextPage: true });
    expect(downloads()).toBe(2);
  });

  it('is an error where it breaks off each time', async () => {
    const { query, coming, downloads } = await start();
    const page = query(portfolio('(first: 10)'));
    for (let nth = 0; nth < 3; nth += 1) {
      const broken = await coming(nth);
      await broken.write(listHead + rowsOf(0, 5).join(', '));
      broken.cut();
    }
    const reply = await page;
    expect([reply.data.portfolio.accounts, error(reply)]).toEqual([null, ['UPSTREAM_UNAVAILABLE']]);
    expect(downloads()).toBe(3);
  });

  it.each<readonly [string, (answer: Coming) => void]>([
    ['breaks off', (answer) => answer.cut()],
    ['ends in its middle', (answer) => answer.end()],
    ['says that it failed', (answer) => answer.end('], "state": "FAILURE"}')],
    ['continues with something else', (answer) => answer.end(', 404]}')],
  ])('leaves a page that was answered, and nothing for later ones, where it %s', async (_, spoil) => {
    const { query, coming, upstreams } = await start();
    const first = query(portfolio('(first: 10)'));
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 150).join(', '));
    const { endCursor, numbers: received } = pageOf(await first);
    expect(received).toEqual(numbers(0, 10));
    spoil(answer);
    await vi.waitFor(() => expect(upstreams.SCOLLECT.state()?.inFlight).toBe(0));
    await pause(aWhile);
    const second = query(portfolio(`(first: 10, after: "${endCursor}")`));
    await writeAll(await coming(1), 20);
    expect(pageOf(await second)).toMatchObject({ numbers: numbers(10, 20), hasNextPage: false });
  });

  it.each([
    ['a failure', '], "state": "FAILURE"}', 'UPSTREAM_UNAVAILABLE'],
    ['something else than rows', ', 404], "state": "SUCCESS"}', 'UPSTREAM_BAD_RESPONSE'],
    ['no end', '', 'UPSTREAM_BAD_RESPONSE'],
    ['more behind its end', `${listEnd}x`, 'UPSTREAM_BAD_RESPONSE'],
  ])('is an error where the page needs its end, and that is %s', async (_, end, code) => {
    const { query, coming } = await start();
    const page = query(portfolio('(first: 10)', 'totalCount'));
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 150).join(', '));
    answer.end(end);
    expect(error(await page)).toEqual([code]);
  });

  it('continues without a reader no longer than an exchange may take', async () => {
    const { query, coming, upstreams } = await start({ timeoutMs: 400 });
    const page = query(portfolio('(first: 10)'));
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 150).join(', '));
    pageOf(await page);
    expect(upstreams.SCOLLECT.state()?.inFlight).toBe(1);
    await vi.waitFor(() => expect(answer.isAbandoned()).toBe(true));
    expect(upstreams.SCOLLECT.state()?.inFlight).toBe(0);
  });

  it('continues without a reader no longer than the gateway', async () => {
    const { upstream, coming } = await startStreamingScollect();
    const upstreams = createUpstreams({
      ...limits,
      scollect: { url: upstream.url, apiKey: 'key', pin: 'pin' },
    });
    const input = { params: {}, body: { portfolio: 'P' } };
    const reading = await upstreams.SCOLLECT.readRows(get_accounts_in_portfolio, input);
    const page = reading.read((list) => list.rows(0, 10));
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 150).join(', '));
    expect(await page).toHaveLength(10);
    await closeUpstreams(upstreams);
    await vi.waitFor(() => expect(answer.isAbandoned()).toBe(true));
  });

  it('is given up when those who waited for it have left without a page', async () => {
    const { gateway, coming, query, upstreams } = await start();
    const server = await serve(gateway.handle, {
      port: 0,
      host: '127.0.0.1',
    });
    onTestFinished(() => {
      server.cut();
      return server.stop();
    });
    const leaving = [new AbortController(), new AbortController()];
    const ask = ({ signal }: AbortController) =>
      fetch(`http://127.0.0.1:${server.address.port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: portfolio('(first: 20)') }),
        signal,
      }).catch(() => {});
    const left = leaving.map(ask);
    const answer = await coming();
    await answer.write(listHead + rowsOf(0, 10).join(', '));
    await pause(aWhile);
    leaving[0]?.abort();
    await pause(aWhile);
    expect(answer.isAbandoned()).toBe(false);
    leaving[1]?.abort();
    await Promise.all(left);
    await vi.waitFor(() => expect(answer.isAbandoned()).toBe(true));
    expect(upstreams.SCOLLECT.state()?.inFlight).toBe(0);
    const later = query(portfolio('(first: 20)'));
    await writeAll(await coming(1), 5);
    expect(pageOf(await later).numbers).toEqual(numbers(0, 5));
  });
});
