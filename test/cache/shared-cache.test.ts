import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openSharedRedis } from '../../src/redis/shared-redis.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { createRedisStore } from '../../src/upstreams/cache/redis-store.ts';
import { cachesOf } from '../support/caches.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import type { LocalUpstream } from '../support/upstream.ts';

const account = '{ account(fileNumber: "R1001") { client } }';

const change = (client: string) =>
  `mutation { updateAccount(input: { fileNumber: "R1001", changes: { client: "${client}" } }) { __typename } }`;

const patiently = { timeout: 30_000, interval: 20 };

/** The way of one replica to Redis, which can be cut. */
const startLink = async (target: string) => {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) {
      socket.destroy();
      return;
    }
    const onward = connect(Number(port), hostname);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const mend = (): void => {
    isCut = false;
  };
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, cut, mend };
};

/** A Redis with the replicas of a gateway. */
const startFleet = async (
  operations: readonly string[] = ['getaccount'],
  options: { readonly scollect?: LocalUpstream; readonly timeoutMs?: number } = {},
) => {
  const server = await startRedisServer();
  const client = new Redis(server.url, { retryStrategy: () => 20 });
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const gatewayKey = randomBytes(32);
  const link = await startLink(server.url);
  const startReplica = async (url: string) => {
    const redis = openSharedRedis(url, { timeoutMs: options.timeoutMs ?? 10_000 });
    onTestFinished(() => redis.close());
    const onUnreported = vi.fn();
    const store = createRedisStore({ redis, prefix: () => 'test:{fleet}:', onUnreported });
    const upstream = options.scollect ? { scollect: options.scollect } : { sandbox };
    const { query } = await startGateway({ ...upstream, caches: cachesOf(operations, store, gatewayKey) });
    const read = async (document = account) => {
      const { data, errors, extensions } = await query(document);
      expect(errors).toBeUndefined();
      return { client: data.account?.client, isCached: extensions?.['asOf'] !== undefined };
    };
    const isUsingCache = () =>
      vi.waitFor(async () => {
        await read();
        expect(await read()).toMatchObject({ isCached: true });
      }, patiently);
    await vi.waitFor(() => expect(redis.isUp()).toBe(true), patiently);
    return { redis, query, read, isUsingCache, onUnreported };
  };
  const replicas = [await startReplica(link.url), await startReplica(server.url)] as const;
  // Each of them invalidates everything when it connects.
  await vi.waitFor(async () => {
    await replicas[0].read();
    expect(await replicas[1].read()).toMatchObject({ isCached: true });
  }, patiently);
  return { server, client, link, sandbox, replicas };
};

describe.skipIf(!hasRedisServer)('replicas with one Redis', () => {
  it('use the responses of each other, until one of them writes', async () => {
    const {
      replicas: [one, other],
    } = await startFleet();
    await one.query(change('First'));
    expect(await one.read()).toEqual({ client: 'First', isCached: false });
    const shared = { client: 'First', isCached: true };
    await vi.waitFor(async () => expect(await other.read()).toEqual(shared), patiently);
    await other.query(change('Second'));
    expect(await one.read()).toEqual({ client: 'Second', isCached: false });
  });

  it('do not join a read in flight from before the write of another', async () => {
    const held: (() => void)[] = [];
    let isHolding = false;
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: async () => {
        if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
        return { json: { result: [{ filenumber: 'R1001', client: 'Before' }], state: 'SUCCESS' } };
      },
    });
    const {
      replicas: [one, other],
    } = await startFleet(['getaccount'], { scollect });
    await other.query(change('x'));
    isHolding = true;
    const begun = one.read();
    await vi.waitFor(() => expect(held).toHaveLength(1), patiently);
    await other.query(change('y'));
    const afterwards = one.read();
    await vi.waitFor(() => expect(held).toHaveLength(2), patiently);
    isHolding = false;
    for (const release of held) release();
    await Promise.all([begun, afterwards]);
  });

  it('keep only encrypted values there, under digests of their keys', async () => {
    const row = { filenumber: 'R1001', client: 'Canary Motors', lastname: 'Canary' };
    const found = (more: object) => ({ json: { result: [{ ...row, ...more }], state: 'SUCCESS' } });
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: found({}),
      searchbyphone: found({}),
      getaccountbysocial: found({ socialsecuritynumber: '912-55-4418' }),
    });
    const operations = ['getaccount', 'getaccountbysocial', 'searchbyphone'];
    const { client, replicas } = await startFleet(operations, { scollect });
    const [{ query }] = replicas;
    await query('{ accountsByPhone(number: "+13125550136") { client } }');
    await query('{ accountsBySsn(ssn: "912-55-4418") { client } }');
    const dumped: string[] = [];
    await vi.waitFor(async () => {
      dumped.length = 0;
      for (const key of await client.keys('*')) {
        dumped.push(key);
        if ((await client.type(key)) === 'hash') {
          for (const value of await client.hvalsBuffer(key)) dumped.push(value.toString('latin1'));
        }
      }
      expect(dumped.filter((text) => text.includes(':entry:')).length).toBe(3);
    }, patiently);
    const everything = dumped.join('\n');
    const canaries = ['R1001', '3125550136', '912-55-4418', '912554418', 'filenumber', 'SUCCESS'];
    for (const canary of [...canaries, 'Canary']) expect(everything.includes(canary)).toBe(false);
  });

  it('do not accept a value that was moved to another key', async () => {
    const { client, replicas } = await startFleet();
    const [one] = replicas;
    const other = '{ account(fileNumber: "R1002") { client } }';
    const entries = () => client.keys('*:entry:*');
    const before = await entries();
    await one.read(other);
    await vi.waitFor(async () => expect(await entries()).toHaveLength(before.length + 1), patiently);
    const [added = ''] = (await entries()).filter((key) => !before.includes(key));
    const value = await client.hgetBuffer(before[0] ?? '', 'value');
    await client.hset(added, 'value', value ?? '');
    const { isCached } = await one.read(other);
    expect(isCached).toBe(false);
  });

  it('read from the upstream while Redis is down or hangs, and write without delay beyond its timeout', async () => {
    const { server, replicas } = await startFleet(['getaccount'], { timeoutMs: 250 });
    const [one, other] = replicas;
    server.hang();
    expect(await one.read()).toMatchObject({ isCached: false });
    await one.query(change('Hung'));
    expect(await one.read()).toEqual({ client: 'Hung', isCached: false });
    expect(await other.read()).toEqual({ client: 'Hung', isCached: false });
    expect(one.onUnreported).toHaveBeenCalled();
    server.resume();
    // The connection comes back, and with it nothing from before.
    await one.isUsingCache();
    expect(await other.read()).toMatchObject({ client: 'Hung' });
    await server.kill();
    await one.query(change('Down'));
    expect(await one.read()).toEqual({ client: 'Down', isCached: false });
    await server.start();
    await other.isUsingCache();
    expect(await one.read()).toMatchObject({ client: 'Down' });
  });

  it('use nothing of an older state that Redis was restarted with', async () => {
    const { server, client, replicas } = await startFleet();
    const [one, other] = replicas;
    await one.query(change('Old'));
    await other.isUsingCache();
    await client.call('SAVE');
    await one.query(change('New'));
    await server.kill();
    await server.start();
    await vi.waitFor(() => expect(other.redis.isUp()).toBe(true), patiently);
    await vi.waitFor(
      async () => expect((await client.keys('*:entry:*')).length).toBeGreaterThan(0),
      patiently,
    );
    expect(await other.read()).toMatchObject({ client: 'New' });
    expect(await one.read()).toMatchObject({ client: 'New' });
  });

  it('continue after a flush, and without memory for more', async () => {
    const { client, replicas } = await startFleet();
    const [one, other] = replicas;
    await client.flushall();
    expect(await one.read()).toMatchObject({ isCached: false });
    await other.isUsingCache();
    await client.config('SET', 'maxmemory', '1');
    await one.query(change('Full'));
    expect(await other.read()).toEqual({ client: 'Full', isCached: false });
    expect(await other.read()).toEqual({ client: 'Full', isCached: false });
    await client.config('SET', 'maxmemory', '0');
    await other.isUsingCache();
    expect(await one.read()).toMatchObject({ client: 'Full' });
  });

  it('do not use responses from before a write whose report was lost, once its replica is connected', async () => {
    const { link, replicas } = await startFleet();
    const [one, other] = replicas;
    await other.isUsingCache();
    link.cut();
    await vi.waitFor(() => expect(one.redis.isUp()).toBe(false), patiently);
    // It is executed, and answered.
    const { data } = await one.query(change('Unreported'));
    expect(data.updateAccount.__typename).toBe('UpdateAccountSuccess');
    expect(one.onUnreported).toHaveBeenCalled();
    expect(await one.read()).toEqual({ client: 'Unreported', isCached: false });
    link.mend();
    await vi.waitFor(
      async () => expect(await other.read()).toMatchObject({ client: 'Unreported' }),
      patiently,
    );
    expect(await one.read()).toMatchObject({ client: 'Unreported' });
  });

  it('use no response from before a write whose report was lost after it was sent', async () => {
    const { link, sandbox, replicas } = await startFleet();
    const [one, other] = replicas;
    await other.isUsingCache();
    sandbox.faults.set([{ operation: 'updatedbase', fault: 'delay', times: 1, milliseconds: 400 }]);
    const writing = one.query(change('Interrupted'));
    await vi.waitFor(async () => expect(await other.read()).toMatchObject({ isCached: false }), patiently);
    link.cut();
    await writing;
    // Its lease keeps the account out of the cache.
    for (let time = 0; time < 3; time += 1) {
      expect(await other.read()).toEqual({ client: 'Interrupted', isCached: false });
    }
  });
});
