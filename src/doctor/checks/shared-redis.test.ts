import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../test/support/free-port.ts';
import { hasRedisServer, startRedisServer } from '../../../test/support/redis-server.ts';
import type { CheckResult } from '../result.ts';
import { sharedRedisCheck } from './shared-redis.ts';

const examine = async (redisUrl: string | null) => {
  const results: CheckResult[] = [];
  await sharedRedisCheck.run({ settings: { redisUrl } }, (result) => void results.push(result));
  const text = JSON.stringify(results);
  if (redisUrl !== null) expect(text).not.toContain(new URL(redisUrl).port);
  expect(text).not.toMatch(/canary|127\.0\.0\.1/i);
  return Object.fromEntries(results.map(({ id, status, message }) => [id, { status, message }]));
};

const setConfig = async (url: string, ...pairs: readonly (readonly [string, string])[]): Promise<void> => {
  const client = new Redis(url);
  for (const pair of pairs) await client.call('CONFIG', 'SET', ...pair);
  client.disconnect();
};

const unusable = (fault: string) => ({
  redis: {
    status: 'trouble',
    message: `cannot be used: ${fault}. Each process counts its limits for itself.`,
  },
  'redis.latency': { status: 'skipped' },
  'redis.eviction': { status: 'skipped' },
});

describe('the check of REDIS_URL', () => {
  it('is skipped without one', async () => {
    const skipped = { status: 'skipped', message: 'not set.' };
    expect(await examine(null)).toEqual({
      redis: skipped,
      'redis.latency': skipped,
      'redis.eviction': skipped,
    });
  });

  it('finds that there is none at the address', async () => {
    const url = `redis://:canary@127.0.0.1:${await freePort()}`;
    expect(await examine(url)).toMatchObject(unusable('connection refused'));
  });
});

describe.skipIf(!hasRedisServer)('the check of a Redis', () => {
  it('finds one that can be written, and whether it may grow without a limit', async () => {
    const { url } = await startRedisServer('canary');
    await setConfig(url, ['maxmemory', '0']);
    expect(await examine(url)).toMatchObject({
      redis: { status: 'ok' },
      'redis.latency': { message: expect.stringMatching(/^(?:less than 1|\d+) ms for a write/) },
      'redis.eviction': { status: 'note', message: expect.stringContaining('maxmemory is not set') },
    });
    await setConfig(url, ['maxmemory', '100mb'], ['maxmemory-policy', 'volatile-ttl']);
    expect(await examine(url)).toMatchObject({
      'redis.eviction': { status: 'note', message: expect.stringContaining('removes leases') },
    });
    await setConfig(url, ['maxmemory-policy', 'noeviction']);
    expect(await examine(url)).toMatchObject({ 'redis.eviction': { status: 'ok' } });
  });

  it('finds a wrong password', async () => {
    const { url } = await startRedisServer('canary');
    expect(await examine(url.replace('canary', 'Canary'))).toMatchObject(unusable('wrong password'));
  });

  it('finds one that is full, and leaves no key behind in a usable one', async () => {
    const { url } = await startRedisServer('canary');
    await examine(url);
    const client = new Redis(url);
    while ((await client.exists('recollect:probe:doctor')) === 1) await client.ping();
    // The gateway's own probe expires too.
    expect(await client.pttl('recollect:probe')).toBeGreaterThan(0);
    client.disconnect();
    await setConfig(url, ['maxmemory-policy', 'noeviction'], ['maxmemory', '1']);
    expect(await examine(url)).toMatchObject(unusable('out of memory'));
  });

  it('does not need the permission for INFO', async () => {
    const { url } = await startRedisServer('canary');
    const client = new Redis(url);
    await client.call(
      ...('ACL SETUSER gateway on >canary ~recollect:* +eval +evalsha +set +select +client'.split(' ') as [
        string,
        ...string[],
      ]),
    );
    client.disconnect();
    expect(await examine(url.replace('//:', '//gateway:'))).toMatchObject({
      redis: { status: 'ok' },
      'redis.eviction': { status: 'skipped', message: expect.stringContaining('INFO') },
    });
  });

  it('ends with one that hangs', async () => {
    const redis = await startRedisServer('canary');
    redis.hang();
    expect((await examine(redis.url))['redis']).toMatchObject({ status: 'trouble' });
  });
});
