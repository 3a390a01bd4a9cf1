import { randomBytes } from 'node:crypto';
import { redisPrefix } from '../redis/redis-prefix.ts';
import type { SharedRedis } from '../redis/shared-redis.ts';
import type { CacheStore } from '../upstreams/cache/cache-store.ts';
import { createMemoryStore } from '../upstreams/cache/memory-store.ts';
import { createReadCaches, type ReadCaches, type ReadCachesOptions } from '../upstreams/cache/read-cache.ts';
import { createRedisStore } from '../upstreams/cache/redis-store.ts';
import type { Settings } from './settings.ts';

export interface CacheReports {
  /** A read of a cached operation was answered, by the cache or by the upstream. */
  readonly onResult?: ReadCachesOptions['onResult'];
  /** A write could not be reported to the shared Redis. */
  readonly onUnreported?: () => void;
}

/** The Redis of a gateway, and its key, which is known once the ledger is open. */
interface SharedStore {
  readonly redis: SharedRedis;
  gatewayKey(): Buffer;
}

/**
 * Creates the caches of reads; `null` if nothing is cached.
 *
 * @param shared the Redis of the processes; without one, the cache is in the memory of this process.
 */
export const openReadCaches = (
  { cache, upstreams }: Pick<Settings, 'cache' | 'upstreams'>,
  shared: SharedStore | null,
  { onResult = () => {}, onUnreported = () => {} }: CacheReports,
): ReadCaches | null => {
  if (!cache) return null;
  const cachesIn = (store: CacheStore, gatewayKey: () => Buffer): ReadCaches =>
    createReadCaches({ store, ttlSeconds: cache, gatewayKey, exchangeMs: upstreams.timeoutMs, onResult });
  if (!shared) {
    // What one process encrypts nobody else reads.
    const ownKey = randomBytes(32);
    return cachesIn(createMemoryStore(), () => ownKey);
  }
  const gatewayKey = (): Buffer => shared.gatewayKey();
  const prefix = (): string => redisPrefix(gatewayKey());
  return cachesIn(createRedisStore({ redis: shared.redis, prefix, onUnreported }), gatewayKey);
};
