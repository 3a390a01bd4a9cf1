import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSharedRedis, type SharedRedis } from '../../src/redis/shared-redis.ts';
import type { CacheStore } from '../../src/upstreams/cache/cache-store.ts';
import { createMemoryStore } from '../../src/upstreams/cache/memory-store.ts';
import { createRedisStore } from '../../src/upstreams/cache/redis-store.ts';
import { cachesOf } from '../support/caches.ts';
import { type Reply, startGateway } from '../support/gateway.ts';
import { hasRedis, testRedisUrl } from '../support/redis.ts';
import {
  type Coming,
  listEnd,
  listHead,
  rowsOf,
  startStreamingScollect,
} from '../support/streaming-scollect.ts';

const patiently = { timeout: 30_000, interval: 10 };

const portfolio = (args: string): string =>
  `{ portfolio(name: "P") { accounts(${args}) { edges { node { fileNumber client } } pageInfo { endCursor } } } }`;

const page = (after: string): string => portfolio(`first: 10, after: "${after}"`);

const addPhone = `mutation { addAccountPhone(input: {
  fileNumber: "R1", number: "+13125550136", type: "CELL", status: "Good", origin: "USER" }) { __typename } }`;

const addNote =
  'mutation { addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { __typename } }';

interface Edge {
  readonly node: { readonly fileNumber: string; readonly client: string };
}

/** The first account of a page, and which version of the portfolio it is from. */
const pageOf = ({ data, errors }: Reply) => {
  expect(errors).toBeUndefined();
  const { edges, pageInfo } = data.portfolio.accounts;
  const [first] = edges as readonly Edge[];
  const { fileNumber, client } = first?.node ?? {};
  return { first: `${fileNumber} ${client}`, endCursor: pageInfo.endCursor as string };
};

const write = async ({ query }: { query(document: string): Promise<Reply> }, document: string) => {
  const { data, errors } = await query(document);
  expect(errors).toBeUndefined();
  return Object.values(data as Record<string, { readonly __typename: string }>)[0]?.__typename;
};

/** What the rows of a version contain. */
const version = (number: number) => ({ clientname: `v${number}` });

/** Sends a whole portfolio, in one of its versions. */
const sendWhole = (coming: Coming, number = 0): void =>
  coming.end(`${listHead}${rowsOf(0, 100, version(number)).join(', ')}${listEnd}`);

type Scollect = Awaited<ReturnType<typeof startStreamingScollect>>;

const startReplica = async (scollect: Scollect, store: CacheStore, options = {}) => {
  const caches = cachesOf(['getportfoliolist'], store);
  const gateway = await startGateway({
    scollect: scollect.upstream,
    recoveryConnect: null,
    caches,
    ...options,
  });
  const isIdle = () =>
    vi.waitFor(() => expect(gateway.upstreams.SCOLLECT.state()?.inFlight).toBe(0), patiently);
  return { ...gateway, isIdle };
};

type Replica = Awaited<ReturnType<typeof startReplica>>;

/** Reads the first page, and keeps the rows of the others. @returns the cursor of the next page. */
const readFirstPage = async (scollect: Scollect, replica: Replica, nth = 0): Promise<string> => {
  const first = replica.query(portfolio('first: 10'));
  sendWhole(await scollect.coming(nth), nth);
  const { endCursor } = pageOf(await first);
  await replica.isIdle();
  return endCursor;
};

describe.skipIf(!hasRedis)('rows of a portfolio that one of two replicas keeps', () => {
  const redises: SharedRedis[] = [];
  beforeAll(async () => {
    for (let nth = 0; nth < 2; nth += 1) redises.push(openSharedRedis(testRedisUrl, { timeoutMs: 10_000 }));
    await vi.waitFor(() => expect(redises.every((redis) => redis.isUp())).toBe(true), patiently);
  });
  afterAll(() => Promise.all(redises.map((redis) => redis.close())));

  /** Two gateways with a store in one Redis; the commands of each are counted. */
  const startReplicas = async () => {
    const scollect = await startStreamingScollect();
    const prefix = `test:{${randomBytes(9).toString('base64url')}}:`;
    const start = async (shared: SharedRedis | undefined) => {
      if (!shared) throw new Error('no Redis');
      const commands: string[] = [];
      let isDown = false;
      let onChange: (isUp: boolean) => void = () => {};
      const redis: SharedRedis = {
        ...shared,
        isUp: () => !isDown && shared.isUp(),
        onChange: (listener) => {
          onChange = listener;
        },
        run: (script, keys, args) => {
          commands.push(script.name);
          return shared.run(script, keys, args);
        },
      };
      const store = createRedisStore({ redis, prefix: () => prefix });
      const lose = (): void => {
        isDown = true;
        onChange(false);
      };
      // The first command of a process invalidates everything.
      await store.find('', [], 0);
      return { ...(await startReplica(scollect, store)), commands, lose };
    };
    return { scollect, one: await start(redises[0]), other: await start(redises[1]) };
  };

  it('serve later pages until the other replica writes what they may contain', async () => {
    const { scollect, one, other } = await startReplicas();
    const endCursor = await readFirstPage(scollect, one);
    expect(pageOf(await one.query(page(endCursor))).first).toBe('R10 v0');
    expect(scollect.downloads()).toBe(1);
    expect(await write(other, addPhone)).toBe('AddAccountPhoneSuccess');
    const later = one.query(page(endCursor));
    sendWhole(await scollect.coming(1), 1);
    expect(pageOf(await later).first).toBe('R10 v1');
    // These are kept again.
    await one.isIdle();
    expect(pageOf(await one.query(page(endCursor))).first).toBe('R10 v1');
    expect(scollect.downloads()).toBe(2);
  });

  it('serve later pages after a write that cannot change them, such as a note', async () => {
    const { scollect, one, other } = await startReplicas();
    const endCursor = await readFirstPage(scollect, one);
    expect(await write(other, addNote)).toBe('AddNoteSuccess');
    expect(pageOf(await one.query(page(endCursor))).first).toBe('R10 v0');
    expect(scollect.downloads()).toBe(1);
  });

  it('are not joined while they come by a page that is requested after a write of the other', async () => {
    const { scollect, one, other } = await startReplicas();
    const first = one.query(portfolio('first: 10'));
    const before = await scollect.coming(0);
    await before.write(listHead + rowsOf(0, 20, version(0)).join(', '));
    const { endCursor } = pageOf(await first);
    await write(other, addPhone);
    const again = one.query(portfolio('first: 10'));
    sendWhole(await scollect.coming(1), 1);
    expect(pageOf(await again).first).toBe('R0 v1');
    // Nobody needs the older ones.
    await vi.waitFor(() => expect(before.isAbandoned()).toBe(true), patiently);
    await one.isIdle();
    expect(pageOf(await one.query(page(endCursor))).first).toBe('R10 v1');
    expect(scollect.downloads()).toBe(2);
  });

  it('are returned to those who wait for them already when the other writes', async () => {
    const { scollect, one, other } = await startReplicas();
    const waiting = one.query(portfolio('first: 10'));
    const before = await scollect.coming(0);
    await write(other, addPhone);
    const again = one.query(portfolio('first: 10'));
    sendWhole(await scollect.coming(1), 1);
    expect(pageOf(await again).first).toBe('R0 v1');
    sendWhole(before);
    const { first, endCursor } = pageOf(await waiting);
    expect(first).toBe('R0 v0');
    // The later ones are kept.
    await one.isIdle();
    expect(pageOf(await one.query(page(endCursor))).first).toBe('R10 v1');
    expect(scollect.downloads()).toBe(2);
  });

  it('are not used after a write of the other whose outcome is unknown, nor those that are read then', async () => {
    const { scollect, one, other } = await startReplicas();
    const endCursor = await readFirstPage(scollect, one);
    scollect.loseWrites();
    expect(await write(other, addPhone)).toBe('OutcomeUnknownError');
    for (const nth of [1, 2]) {
      const later = one.query(page(endCursor));
      sendWhole(await scollect.coming(nth), nth);
      expect(pageOf(await later).first).toBe(`R10 v${nth}`);
      await one.isIdle();
    }
  });

  it('are not used without Redis', async () => {
    const { scollect, one } = await startReplicas();
    const endCursor = await readFirstPage(scollect, one);
    one.lose();
    for (const nth of [1, 2]) {
      const later = one.query(page(endCursor));
      sendWhole(await scollect.coming(nth), nth);
      expect(pageOf(await later).first).toBe(`R10 v${nth}`);
      await one.isIdle();
    }
  });

  it('take one command of Redis for each request that uses a portfolio, however many of its pages', async () => {
    const { scollect, one } = await startReplicas();
    // The list of portfolios is cached too.
    const commandsOf = async (work: () => Promise<unknown>): Promise<string[]> => {
      one.commands.length = 0;
      await work();
      return [...one.commands];
    };
    await vi.waitFor(
      async () =>
        expect(await commandsOf(() => one.query('{ portfolios { name } }'))).toEqual(['cache-find']),
      patiently,
    );
    let endCursor = '';
    const ofFirst = await commandsOf(async () => {
      endCursor = await readFirstPage(scollect, one);
    });
    expect(ofFirst).toEqual(['cache-find', 'cache-find']);
    const two = `{ portfolio(name: "P") {
      a: accounts(first: 10, after: "${endCursor}") { edges { node { fileNumber } } }
      b: accounts(first: 20, after: "${endCursor}") { edges { node { fileNumber } } } } }`;
    expect(await commandsOf(() => one.query(two))).toEqual(['cache-find', 'cache-find']);
    expect(scollect.downloads()).toBe(1);
  });
});

describe('rows of a portfolio that a gateway keeps', () => {
  it('are not used after a write with other credentials, with a cache in memory', async () => {
    const scollect = await startStreamingScollect();
    const apiKeys = { ann: 'key of Ann', bob: 'key of Bob' };
    const { query } = await startReplica(scollect, createMemoryStore(), { apiKeys });
    const ask = (caller: string) => (document: string) => query(document, {}, { 'x-caller': caller });
    const [ann, bob] = [ask('ann'), ask('bob')];
    const first = ann(portfolio('first: 10'));
    sendWhole(await scollect.coming(0));
    const { endCursor } = pageOf(await first);
    await vi.waitFor(async () => {
      expect(pageOf(await ann(page(endCursor))).first).toBe('R10 v0');
    }, patiently);
    expect(scollect.downloads()).toBe(1);
    await write({ query: bob }, addPhone);
    const later = ann(page(endCursor));
    sendWhole(await scollect.coming(1), 1);
    expect(pageOf(await later).first).toBe('R10 v1');
  });

  it('are used after a write of another process without a cache', async () => {
    const scollect = await startStreamingScollect();
    const start = () => startGateway({ scollect: scollect.upstream, recoveryConnect: null });
    const [one, other] = [await start(), await start()];
    const first = one.query(portfolio('first: 10'));
    sendWhole(await scollect.coming(0));
    const { endCursor } = pageOf(await first);
    await write(other, addPhone);
    expect(pageOf(await one.query(page(endCursor))).first).toBe('R10 v0');
    expect(scollect.downloads()).toBe(1);
  });
});
