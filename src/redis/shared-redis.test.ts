import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { hasRedis, testRedisUrl } from '../../test/support/redis.ts';
import { RedisUnavailableError } from './redis-fault.ts';
import { openSharedRedis, type RedisScript, type SharedRedis } from './shared-redis.ts';

const echo: RedisScript = { name: 'echo', use: 'cache', lua: 'return {ARGV[1], #KEYS, false}' };

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const open = (url: string): SharedRedis => {
  const redis = openSharedRedis(url);
  opened.push(redis);
  return redis;
};

const up = (redis: SharedRedis): Promise<void> =>
  new Promise((resolve) => redis.onChange((isUp) => isUp && resolve()));

describe.skipIf(!hasRedis)('a shared Redis', () => {
  it('executes scripts, also after it has forgotten them', async () => {
    const redis = open(testRedisUrl);
    await up(redis);
    const run = () => redis.run(echo, ['a'], [Buffer.from([0, 255])]);
    expect(await run()).toEqual([Buffer.from([0, 255]), 1, null]);
    const client = new Redis(testRedisUrl);
    await client.script('FLUSH');
    client.disconnect();
    expect(await run()).toEqual([Buffer.from([0, 255]), 1, null]);
  });
});

describe('a Redis that is not there', () => {
  it('fails every command at once', async () => {
    const redis = open('redis://127.0.0.1:1');
    await expect(redis.run(echo, [], [])).rejects.toThrow(RedisUnavailableError);
    expect(redis.isUp()).toBe(false);
  });

  it('hangs for one command at most', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    opened.push(silent);
    await new Promise((resolve) => silent.once('listening', resolve));
    const redis = open(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    await expect(redis.run(echo, [], [])).rejects.toThrow(RedisUnavailableError);
  });
});
