import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, testRedisUrl } from '../../test/support/redis.ts';
import { RedisUnavailableError } from '../redis/redis-fault.ts';
import { createRequestCounts, type RequestCounts } from '../redis/request-counts.ts';
import type { Shared } from '../redis/shared.ts';
import { openSharedRedis, type SharedRedis } from '../redis/shared-redis.ts';
import type { RateLimit } from './rate-limit.ts';
import { createSharedRateLimit } from './shared-rate-limit.ts';

interface Redis extends SharedRedis {
  readonly commands: readonly { readonly keys: readonly string[]; readonly args: readonly unknown[] }[];
  become(state: 'up' | 'down' | 'failing' | 'lossy'): void;
}

/** The Redis for tests. It records the commands, can be cut off, and can lose answers. */
const observed = (redis: SharedRedis): Redis => {
  const commands: { keys: readonly string[]; args: readonly unknown[] }[] = [];
  let state = 'up';
  return {
    ...redis,
    commands,
    isUp: () => state !== 'down',
    run: async (script, keys, args) => {
      commands.push({ keys, args });
      if (state === 'failing') throw new RedisUnavailableError('timeout');
      const reply = await redis.run(script, keys, args);
      if (state === 'lossy') throw new RedisUnavailableError('timeout');
      return reply;
    },
    become: (next) => {
      state = next;
    },
  };
};

let connected: SharedRedis;
beforeAll(async () => {
  if (!hasRedis) return undefined;
  connected = openSharedRedis(testRedisUrl, { timeoutMs: 20_000 });
  await new Promise<void>((resolve) => connected.onChange((isUp) => isUp && resolve()));
  return () => connected.close();
});

const gatewayKey = (): { readonly key: Buffer } => ({ key: randomBytes(32) });

const processOf = (
  { key }: { readonly key: Buffer },
  perMinute: number,
  options: { readonly own?: number; readonly now?: () => number } = {},
) => {
  const redis = observed(connected);
  const shared: Shared = { redis, gatewayKey: () => key };
  const counts: RequestCounts = createRequestCounts(shared, 'caller');
  const { own: ownPerMinute = perMinute, now = () => performance.now() } = options;
  return { redis, limit: createSharedRateLimit(counts, { perMinute, ownPerMinute, now }) };
};

/** Returns how many of so many requests are admitted. */
const admitted = async (limit: RateLimit, requests: number, key = 'anna'): Promise<number> => {
  const taken = await Promise.all(Array.from({ length: requests }, () => limit.take(key)));
  return taken.filter((seconds) => seconds === null).length;
};

describe.skipIf(!hasRedis)('a rate limit of several processes', () => {
  it('below 100 is exact: the requests of all processes are counted', async () => {
    const key = gatewayKey();
    const [one, other] = [processOf(key, 20), processOf(key, 20)];
    const found = await Promise.all([admitted(one.limit, 30), admitted(other.limit, 30)]);
    expect(found[0] + found[1]).toBe(20);
  });

  it.each([2, 5])('is exceeded by 1 %% for each of %i processes but one at most', async (count) => {
    const key = gatewayKey();
    const processes = Array.from({ length: count }, () => processOf(key, 1000));
    let all = 0;
    for (let round = 0; round < 150; round += 1) {
      for (const { limit } of processes) all += await admitted(limit, 10);
    }
    expect(all).toBeLessThanOrEqual(1000 + (count - 1) * 10);
    expect(all).toBeGreaterThanOrEqual(1000 - (count - 1) * 10);
  });

  it('counts simultaneous requests once', async () => {
    const { limit } = processOf(gatewayKey(), 1000);
    expect(await admitted(limit, 15)).toBe(15);
    expect(await admitted(limit, 2000)).toBe(985);
  });

  it('needs no command for the first hundredth, and one for each further one', async () => {
    const { limit, redis } = processOf(gatewayKey(), 1000);
    for (let request = 0; request < 10; request += 1) await limit.take('anna');
    expect(redis.commands).toHaveLength(0);
    for (let request = 0; request < 100; request += 1) await limit.take('anna');
    expect(redis.commands).toHaveLength(10);
  });

  it('needs no command for a key that has reached it', async () => {
    const { limit, redis } = processOf(gatewayKey(), 5);
    expect(await admitted(limit, 6)).toBe(5);
    const before = redis.commands.length;
    expect(await admitted(limit, 100)).toBe(0);
    expect(redis.commands).toHaveLength(before);
  });

  it('returns the end of the minute that another process began', async () => {
    const key = gatewayKey();
    let time = 0;
    const one = processOf(key, 1, { now: () => time });
    expect(await one.limit.take('anna')).toBeNull();
    const other = processOf(key, 1, { now: () => time + 30_000 });
    const seconds = await other.limit.take('anna');
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await one.limit.take('anna')).toBe(60);
    time = 20_000;
    expect(await one.limit.take('anna')).toBe(40);
  });

  it('begins again with the next minute', async () => {
    let time = 0;
    const { limit, redis } = processOf(gatewayKey(), 3, { now: () => time });
    expect(await admitted(limit, 5)).toBe(3);
    time = 60_000;
    const lua = "return redis.call('PEXPIRE', KEYS[1], 0)";
    await connected.run({ name: 'expire', use: 'limits', lua }, redis.commands[0]?.keys ?? [], []);
    expect(await admitted(limit, 5)).toBe(3);
  });

  it('keeps callers, kinds and gateways apart', async () => {
    const key = gatewayKey();
    const [one, other] = [processOf(key, 2), processOf(gatewayKey(), 2)];
    expect(await admitted(one.limit, 3)).toBe(2);
    expect(await admitted(one.limit, 3, 'berta')).toBe(2);
    expect(await admitted(other.limit, 3)).toBe(2);
  });

  it('shows Redis neither a caller nor an address', async () => {
    const { limit, redis } = processOf(gatewayKey(), 2);
    await limit.take('198.51.100.7');
    await limit.take('anna@example.com');
    const text = JSON.stringify(redis.commands);
    expect(text).not.toMatch(/198\.51|anna|example/);
    expect(redis.commands.map(({ keys }) => keys[0])).toEqual([
      expect.stringMatching(/^recollect:\{[\w-]{10}\}:limit:[\w-]{22}$/),
      expect.stringMatching(/^recollect:\{[\w-]{10}\}:limit:[\w-]{22}$/),
    ]);
  });

  it.each(['down', 'failing'] as const)(
    'without Redis (%s) admits its own share, including what it had admitted',
    async (state) => {
      const { limit, redis } = processOf(gatewayKey(), 40, { own: 10 });
      expect(await admitted(limit, 4)).toBe(4);
      redis.become(state);
      expect(await admitted(limit, 50)).toBe(6);
      expect(await limit.take('anna')).toBeGreaterThan(0);
    },
  );

  it('reports what it admitted alone once Redis is back', async () => {
    const key = gatewayKey();
    const [one, other] = [processOf(key, 20), processOf(key, 20)];
    one.redis.become('down');
    expect(await admitted(one.limit, 15)).toBe(15);
    one.redis.become('up');
    expect(await one.limit.take('anna')).toBeNull();
    expect(await admitted(other.limit, 20)).toBe(4);
  });

  it('reports all of the minute to a Redis that has lost it', async () => {
    const { limit, redis } = processOf(gatewayKey(), 20);
    expect(await admitted(limit, 15)).toBe(15);
    const lua = "return redis.call('DEL', KEYS[1])";
    await connected.run({ name: 'forget', use: 'limits', lua }, redis.commands[0]?.keys ?? [], []);
    expect(await admitted(limit, 20)).toBe(5);
  });

  it('is not exceeded if answers are lost', async () => {
    const { limit, redis } = processOf(gatewayKey(), 20);
    redis.become('lossy');
    expect(await admitted(limit, 12)).toBe(12);
    redis.become('up');
    expect(await admitted(limit, 20)).toBeLessThanOrEqual(8);
  });
});
