import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { onTestFinished, vi } from 'vitest';
import { redisPrefix } from '../../src/redis/redis-prefix.ts';
import { openSharedRedis, type RedisUse } from '../../src/redis/shared-redis.ts';
import type { SharedUpstream, UpstreamSharing } from '../../src/upstreams/client/sharing.ts';

/** The Redis connection of one process to be, with the uses of Redis that failed. */
export interface SharedProcess {
  readonly sharing: UpstreamSharing;
  readonly failures: RedisUse[];
  /** Calls what waits for the gateway's key. */
  start(): Promise<unknown>;
  /** Waits until Redis is connected. */
  isUp(): Promise<void>;
}

const scollect: SharedUpstream = { system: 'SCOLLECT', tenant: null, url: 'http://scollect.test' };

/** Processes of one gateway that share a Redis, until the test ends. */
export const createSharedProcesses = (url: string, gatewayKey: Buffer = randomBytes(32)) => {
  const add = (upstream: Partial<SharedUpstream> = {}, key: Buffer = gatewayKey): SharedProcess => {
    const redis = openSharedRedis(url);
    onTestFinished(() => redis.close());
    const failures: RedisUse[] = [];
    redis.onFailure((use) => void failures.push(use));
    const starts: (() => Promise<void>)[] = [];
    return {
      failures,
      start: () => Promise.all(starts.splice(0).map((start) => start())),
      isUp: () => vi.waitUntil(() => redis.isUp(), { timeout: 30_000 }).then(() => {}),
      sharing: {
        redis,
        gatewayKey: () => key,
        workers: 1,
        upstream: { ...scollect, ...upstream },
        onStart: (start) => void starts.push(start),
      },
    };
  };

  /** A connection that reads and changes what the processes have in Redis. */
  const openInspector = async () => {
    const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
    // Without a listener, the client prints errors of the connection.
    client.on('error', () => {});
    onTestFinished(() => client.disconnect());
    await client.connect();
    const keys = () => client.keys(`${redisPrefix(gatewayKey).replace(/[[\]*?\\]/g, '\\$&')}*`);
    const key = async (end: RegExp): Promise<string> => (await keys()).find((name) => end.test(name)) ?? '';
    return { client, keys, key };
  };
  return { gatewayKey, add, openInspector };
};
