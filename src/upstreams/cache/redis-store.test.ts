import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hasRedis, testRedisUrl } from '../../../test/support/redis.ts';
import { openSharedRedis, type SharedRedis } from '../../redis/shared-redis.ts';
import type { StoredRead } from './cache-store.ts';
import { createRedisStore } from './redis-store.ts';

const minute = 60_000;
const hour = 60 * minute;

const patiently = { timeout: 30_000, interval: 10 };

// In the gateway, a value is also encrypted for its entry and its generation. Here it is not: the scripts alone must
// return nothing from before a write.
describe.skipIf(!hasRedis)('the scripts of the store in Redis', () => {
  let shared: SharedRedis;
  let client: Redis;
  beforeAll(async () => {
    client = new Redis(testRedisUrl);
    shared = openSharedRedis(testRedisUrl, { timeoutMs: 10_000 });
    await vi.waitFor(() => expect(shared.isUp()).toBe(true), patiently);
  });
  afterAll(async () => {
    await shared.close();
    client.disconnect();
  });

  /** A store with keys of its own; its entry is in two scopes. */
  const start = () => {
    const prefix = `test:{${randomBytes(9).toString('base64url')}}:`;
    const store = createRedisStore({ redis: shared, prefix: () => prefix });
    const scopes = ['s', 't'];
    const find = async (ttlMs = minute): Promise<StoredRead> => {
      const found = await store.find('e', scopes, ttlMs);
      if (!found) throw new Error('the store is not available');
      return found;
    };
    const put = (found: StoredRead, value: string, ttlMs = minute) =>
      store.store('e', scopes, found, Buffer.from(value), ttlMs);
    return {
      find,
      put,
      begin: (writer = 'w', leaseMs = minute) => store.begin(['s'], writer, leaseMs),
      end: (writer = 'w', holdMs = 0) => store.end(['s'], writer, holdMs),
      value: async () => {
        const { value } = await find();
        return value === null ? null : String(value);
      },
      /** Milliseconds until each key expires, by its name; -1 for never. */
      lifetimes: async () => {
        const keys = await client.keys(`${prefix.replace(/[[\]{}]/g, '?')}*`);
        const lifetimes = await Promise.all(keys.map((key) => client.pttl(key)));
        return Object.fromEntries(
          keys.map((key, index) => [key.slice(`${prefix}cache:`.length), lifetimes[index]]),
        );
      },
    };
  };

  it('return what was stored, until it is as old as its TTL', async () => {
    const { find, put, value } = start();
    await put(await find(), 'one');
    expect(await value()).toBe('one');
    expect((await find(0)).value).toBeNull();
  });

  it('replace the generation at the begin and at the end of a write, also without a lease', async () => {
    const { find, begin, end } = start();
    const generations = [(await find()).generation, (await find()).generation];
    expect(new Set(generations).size).toBe(1);
    await begin();
    generations.push((await find()).generation);
    await end();
    generations.push((await find()).generation);
    await end('x');
    generations.push((await find()).generation);
    expect(new Set(generations).size).toBe(4);
  });

  it('return nothing that was stored before a write', async () => {
    const { find, put, begin, end, value } = start();
    await put(await find(), 'before');
    await begin();
    expect(await value()).toBeNull();
    await end();
    expect(await value()).toBeNull();
  });

  it('return nothing of before a write that began and ended unseen', async () => {
    const { find, put, end, value } = start();
    await put(await find(), 'before');
    await end();
    expect(await value()).toBeNull();
  });

  it.each([
    ['whether or not another read began since', true],
    ['although no other read began since', false],
  ])('store nothing of a read that began before the end of a write, %s', async (_, isReadAgain) => {
    const { find, put, begin, end, lifetimes } = start();
    const before = await find();
    await begin();
    await end();
    if (isReadAgain) await find();
    await put(before, 'before');
    expect(Object.keys(await lifetimes())).not.toContain('entry:e');
  });

  it('do not replace the response of a later read by one from before a write', async () => {
    const { find, put, begin, end, value } = start();
    const before = await find();
    await begin();
    await end();
    await put(await find(), 'after');
    await put(before, 'before');
    expect(await value()).toBe('after');
  });

  it('store nothing of a read that began during a write, not even after it', async () => {
    const { find, put, begin, end, value } = start();
    await begin();
    const during = await find();
    expect(during.isHeld).toBe(true);
    await put(during, 'during');
    await end();
    await put(during, 'during');
    expect(await value()).toBeNull();
  });

  it('are held until all writers have ended, and then for the hold of one with an unknown outcome', async () => {
    const { find, begin, end } = start();
    await begin('one');
    await begin('other');
    await end('one');
    expect((await find()).isHeld).toBe(true);
    await end('other', 20);
    expect((await find()).isHeld).toBe(true);
    await vi.waitFor(async () => expect((await find()).isHeld).toBe(false), patiently);
  });

  it('store nothing whose TTL is over, nor what was read in the future', async () => {
    const { find, put, lifetimes } = start();
    const found = await find();
    await put({ ...found, time: found.time - minute }, 'late');
    await put({ ...found, time: found.time + hour }, 'early');
    expect(Object.keys(await lifetimes())).not.toContain('entry:e');
  });

  it('let every key expire', async () => {
    const { find, put, begin, end, lifetimes } = start();
    const check = async (expected: Readonly<Record<string, number>>) => {
      const found = await lifetimes();
      expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
      for (const [name, longest] of Object.entries(expected)) {
        expect(found[name], `${name} expires`).toBeGreaterThan(0);
        expect(found[name], name).toBeLessThanOrEqual(longest);
      }
    };
    const generations = {
      'generation:everything': 2 * hour,
      'generation:s': 2 * hour,
      'generation:t': 2 * hour,
    };
    await put(await find(), 'one');
    await check({ ...generations, 'entry:e': minute });
    const { 'generation:s': _, ...others } = generations;
    await begin('w', minute);
    await check({ ...others, 'entry:e': minute, 'writers:s': minute });
    await end('w', hour);
    await check({ ...others, 'entry:e': minute, 'writers:s': hour });
    // A shorter lease of another does not end it.
    await begin('x', minute);
    expect((await lifetimes())['writers:s']).toBeGreaterThan(minute);
    await end('x');
    await end('w');
    await check({ ...others, 'entry:e': minute });
  });
});
