import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { hasRedis, testRedisUrl } from '../../../test/support/redis.ts';
import { openSharedRedis } from '../../redis/shared-redis.ts';
import { claimLogIn, holdLogIn, refuseLogIn, storeToken } from './log-in-scripts.ts';

const minute = 60_000;

const patiently = { timeout: 30_000, interval: 10 };

const start = async () => {
  const client = new Redis(testRedisUrl);
  const shared = openSharedRedis(testRedisUrl, { timeoutMs: 10_000 });
  onTestFinished(async () => {
    await shared.close();
    client.disconnect();
  });
  await vi.waitFor(() => expect(shared.isUp()).toBe(true), patiently);
  const prefix = `test:{${randomBytes(9).toString('base64url')}}:`;
  const names = ['token', 'lock', 'pause', 'failures'].map((name) => prefix + name) as [
    string,
    string,
    string,
    string,
  ];
  const [token, lock, pause, failures] = names;
  const commands = {
    claim: (owner: string) => shared.run(claimLogIn, names, ['', owner, minute]),
    store: (owner: string) => shared.run(storeToken, names, [owner, 'sealed', minute]),
    refuse: (owner: string) =>
      shared.run(refuseLogIn, [lock, pause, failures], [owner, 'refused', 0, minute, minute, minute]),
    release: (owner: string) => shared.run(holdLogIn, [lock], [owner, 0]),
    extend: (owner: string) => shared.run(holdLogIn, [lock], [owner, 10 * minute]),
  };
  return { client, token, lock, commands };
};

describe.skipIf(!hasRedis)('the lock of a log-in', () => {
  it.each(['store', 'refuse', 'release'] as const)('is released by %s of its owner only', async (name) => {
    const { client, lock, commands } = await start();
    await commands.claim('owner');
    await commands[name]('other');
    expect(await client.get(lock)).toBe('owner');
    await commands[name]('owner');
    expect(await client.get(lock)).toBeNull();
  });

  it('is extended by its owner only, and expires', async () => {
    const { client, lock, commands } = await start();
    await commands.claim('owner');
    await commands.extend('other');
    expect(await client.pttl(lock)).toBeGreaterThan(0);
    expect(await client.pttl(lock)).toBeLessThanOrEqual(minute);
    await commands.extend('owner');
    expect(await client.pttl(lock)).toBeGreaterThan(minute);
  });

  it('is for one process at a time', async () => {
    const { client, lock, commands } = await start();
    await commands.claim('owner');
    expect(await commands.claim('other')).toEqual([Buffer.from('busy')]);
    expect(await client.get(lock)).toBe('owner');
  });
});
