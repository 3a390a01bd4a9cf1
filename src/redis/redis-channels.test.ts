import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { hasRedis, testRedisUrl } from '../../test/support/redis.ts';
import { root } from '../../test/support/root.ts';
import { type OpenedRedis, openSharedRedis } from './shared-redis.ts';

const patiently = { timeout: 30_000, interval: 10 };

const open = (url = testRedisUrl): OpenedRedis => {
  const redis = openSharedRedis(url, { timeoutMs: 10_000 });
  onTestFinished(() => redis.close());
  return redis;
};

const up = (redis: OpenedRedis): Promise<unknown> => vi.waitUntil(() => redis.isUp(), patiently);

const openClient = (): Redis => {
  const client = new Redis(testRedisUrl);
  onTestFinished(() => client.disconnect());
  return client;
};

/** A channel and an ACL user of this test. */
const newNames = () => {
  const id = randomUUID();
  return { channel: `recollect:test:${id}`, user: `recollect-test-${id}` };
};

/** Creates a user until the end of the test, and returns the address with it. */
const addUser = async (client: Redis, user: string, permissions: readonly string[]): Promise<string> => {
  await client.acl('SETUSER', user, 'on', '>secret', ...permissions);
  onTestFinished(async () => {
    const last = new Redis(testRedisUrl);
    await last.acl('DELUSER', user);
    last.disconnect();
  });
  return Object.assign(new URL(testRedisUrl), { username: user, password: 'secret' }).href;
};

/** Those of a user in docs/redis.md. */
const documentedPermissions = (): string[] => {
  const text = readFileSync(join(root, 'docs/redis.md'), 'utf8');
  return /permissions of an ACL user \| `([^`]+)`/.exec(text)?.[1]?.split(' ') ?? [];
};

describe.skipIf(!hasRedis)('a channel of a shared Redis', () => {
  it('is received from the moment at which the subscription has begun', async () => {
    const [one, other] = [open(), open()];
    await Promise.all([up(one), up(other)]);
    const { channel } = newNames();
    const received: string[] = [];
    await other.subscribe(channel, (message) => void received.push(message));
    one.publish(`${channel}:other`, 'of another channel');
    one.publish(channel, 'first');
    one.publish(channel, 'zweite \u{1F600}');
    await vi.waitFor(() => expect(received).toHaveLength(2), patiently);
    expect(received).toEqual(['first', 'zweite \u{1F600}']);
  });

  it('is used with the documented permissions', async () => {
    const { channel, user } = newNames();
    const redis = open(await addUser(openClient(), user, documentedPermissions()));
    const failures: string[] = [];
    redis.onFailure((use, fault) => void failures.push(`${use}: ${fault}`));
    await up(redis);
    const received: string[] = [];
    await redis.subscribe(channel, (message) => void received.push(message));
    redis.publish(channel, 'text');
    await vi.waitFor(() => expect(received).toEqual(['text']), patiently);
    expect(failures).toEqual([]);
  });

  it('takes no connection from other uses if the user may not use it, and counts that', async () => {
    const { channel, user } = newNames();
    const client = openClient();
    const redis = open(await addUser(client, user, ['~recollect:*', '+@all', 'resetchannels']));
    const failures: string[] = [];
    redis.onFailure((use, fault) => void failures.push(`${use}: ${fault}`));
    await up(redis);
    const changes: boolean[] = [];
    redis.onChange((isUp) => void changes.push(isUp));
    await redis.subscribe(channel, () => {});
    expect(failures).toEqual(['updates: no permission']);
    redis.publish(channel, 'text');
    await vi.waitFor(() => expect(failures).toHaveLength(2), patiently);
    expect(failures[1]).toBe('updates: no permission');
    // No further attempts before the next connection.
    redis.publish(channel, 'text');
    expect(await redis.run({ name: 'one', use: 'limits', lua: 'return 1' }, [], [])).toBe(1);
    expect(changes).toEqual([]);
    expect(failures).toHaveLength(2);
  });
});

describe('a channel of a Redis that is not there', () => {
  it('neither delays nor fails, and counts no command', async () => {
    const redis = open('redis://127.0.0.1:1');
    const failures: string[] = [];
    redis.onFailure((use) => void failures.push(use));
    await vi.waitUntil(() => redis.lastFault() !== null, patiently);
    await redis.subscribe('recollect:test', () => {});
    for (let n = 0; n < 1000; n += 1) redis.publish('recollect:test', 'text');
    expect(failures).toEqual([]);
  });
});
