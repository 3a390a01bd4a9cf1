import { expect, it } from 'vitest';
import type { RedisChannels } from '../redis/shared-redis.ts';
import { createRedisReports } from './redis-reports.ts';

/** A Redis in the memory of the test. */
const createRedis = () => {
  const listeners: (readonly [string, (message: string) => void])[] = [];
  const redis: RedisChannels = {
    publish: (channel, message) => {
      for (const [name, receive] of listeners) if (name === channel) receive(message);
    },
    subscribe: async (...listener) => void listeners.push(listener),
  };
  return { redis, channels: () => listeners.map(([channel]) => channel) };
};

const start = async (redis: RedisChannels, group: string, key: number) => {
  const reports = createRedisReports({ redis, group, gatewayKey: () => Buffer.alloc(32, key) });
  const received: (readonly string[])[] = [];
  await reports.receive((scopes) => void received.push(scopes));
  return { send: reports.send, received };
};

it('reports reach the processes of other groups with the same key', async () => {
  const { redis } = createRedis();
  const sender = await start(redis, 'one', 1);
  const sibling = await start(redis, 'one', 1);
  const other = await start(redis, 'other', 1);
  const foreign = await start(redis, 'foreign', 2);
  sender.send(['a', 'b']);
  expect(other.received).toEqual([['a', 'b']]);
  expect([sender, sibling, foreign].map(({ received }) => received)).toEqual([[], [], []]);
});

it.each(['', 'text', '{', 'null', '1', '[]', '{"group":"other","scopes":7}'])(
  'a message of another form concerns nothing: %s',
  async (message) => {
    const { redis, channels } = createRedis();
    const { received } = await start(redis, 'one', 1);
    redis.publish(channels()[0] ?? '', message);
    expect(received.flat()).toEqual([]);
  },
);
