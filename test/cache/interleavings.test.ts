import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openSharedRedis, type SharedRedis } from '../../src/redis/shared-redis.ts';
import type { CacheStore } from '../../src/upstreams/cache/cache-store.ts';
import { createMemoryStore } from '../../src/upstreams/cache/memory-store.ts';
import { createRedisStore } from '../../src/upstreams/cache/redis-store.ts';
import { hasRedis, testRedisUrl } from '../support/redis.ts';
import { runSteps, steps } from './two-replicas.ts';

type Scheduler = fc.Scheduler;

const pausing = (scheduler: Scheduler) => () => scheduler.schedule(Promise.resolve());

/** A store whose commands and answers are delayed as the scheduler decides. */
const delayed = (store: CacheStore, scheduler: Scheduler): CacheStore => {
  const pause = pausing(scheduler);
  const around = async <Value>(command: () => Promise<Value>): Promise<Value> => {
    await pause();
    const answer = await command();
    await pause();
    return answer;
  };
  return {
    find: (...given) => around(() => store.find(...given)),
    store: (...given) => around(() => store.store(...given)),
    begin: (...given) => around(() => store.begin(...given)),
    end: (...given) => around(() => store.end(...given)),
  };
};

interface Used {
  /** How many responses came from the cache. */
  hits: number;
  /** How many pages were of kept rows. */
  keptPages: number;
}

/** Fails if a read was stale. @param used counts over all runs. */
const property = (storesOf: (scheduler: Scheduler) => CacheStore[], used: Used = { hits: 0, keptPages: 0 }) =>
  fc.asyncProperty(fc.scheduler(), steps, async (scheduler, all) => {
    const stores = storesOf(scheduler).map((store) => delayed(store, scheduler));
    const { stale, hits, keptPages } = await scheduler.waitFor(runSteps(all, stores, pausing(scheduler)));
    used.hits += hits;
    used.keptPages += keptPages;
    return stale.length === 0;
  });

const inMemory = () => {
  const store = createMemoryStore();
  return [store, store];
};

/** The usual mistake: a write deletes what is cached, and a read that began before stores it again. */
const deleting = (): CacheStore[] => {
  const entries = new Map<string, { readonly scopes: readonly string[]; readonly value: Buffer }>();
  const invalidate = async (scopes: readonly string[]): Promise<void> => {
    for (const [entry, { scopes: own }] of entries) {
      if (own.some((scope) => scopes.includes(scope))) entries.delete(entry);
    }
  };
  const store: CacheStore = {
    find: async (entry) => {
      const value = entries.get(entry)?.value ?? null;
      return { generation: '', isHeld: false, time: 0, value, ageMs: 0 };
    },
    store: async (entry, scopes, _, value) => {
      entries.set(entry, { scopes, value });
    },
    begin: invalidate,
    end: invalidate,
  };
  return [store, store];
};

/** A write only invalidates before it is sent. */
const withoutEnd = (): CacheStore[] => {
  const store = createMemoryStore();
  const begin: CacheStore['begin'] = (scopes, writer) => store.end(scopes, writer, 0);
  const broken: CacheStore = { ...store, begin, end: async () => {} };
  return [broken, broken];
};

/** Two processes that have a cache each. */
const separate = () => [createMemoryStore(), createMemoryStore()];

describe('no read that begins after a write was answered returns older data', () => {
  it('in memory, in any order of events', async () => {
    const used = { hits: 0, keptPages: 0 };
    await fc.assert(property(inMemory, used), { numRuns: 300 });
    // Otherwise nothing was tested.
    expect(used.hits).toBeGreaterThan(10);
    expect(used.keptPages).toBeGreaterThan(5);
  });

  it.each([
    ['a cache that deletes entries instead of counting generations', deleting],
    ['a cache that is not invalidated at the end of a write', withoutEnd],
    ['caches that two processes do not share', separate],
  ])('this test finds %s', async (_, broken) => {
    const { failed } = await fc.check(property(broken), { numRuns: 500 });
    expect(failed).toBe(true);
  });
});

describe.skipIf(!hasRedis)('two replicas with one Redis', () => {
  const opened: SharedRedis[] = [];
  const open = async (): Promise<SharedRedis> => {
    const redis = openSharedRedis(testRedisUrl, { timeoutMs: 10_000 });
    opened.push(redis);
    await new Promise<void>((resolve) => redis.onChange((isUp) => isUp && resolve()));
    return redis;
  };
  afterAll(() => Promise.all(opened.map((redis) => redis.close())));

  it('return no older data either, in any order of events', async () => {
    const replicas = [await open(), await open()];
    const used = { hits: 0, keptPages: 0 };
    const stores = () => {
      const prefix = `test:{${randomBytes(9).toString('base64url')}}:`;
      return replicas.map((redis) => createRedisStore({ redis, prefix: () => prefix }));
    };
    await fc.assert(property(stores, used), { numRuns: 150 });
    expect(used.hits).toBeGreaterThan(5);
    expect(used.keptPages).toBeGreaterThan(5);
  }, 120_000);
});
