import type { CacheStore } from '../../src/upstreams/cache/cache-store.ts';
import { createMemoryStore } from '../../src/upstreams/cache/memory-store.ts';
import { createReadCaches, type ReadCaches } from '../../src/upstreams/cache/read-cache.ts';
import { sharedKey } from './gateway.ts';

/** Returns caches of these operations, for a minute each. */
export const cachesOf = (
  operations: readonly string[],
  store: CacheStore = createMemoryStore(),
  gatewayKey: Buffer = sharedKey,
): ReadCaches =>
  createReadCaches({
    store,
    ttlSeconds: new Map(operations.map((operation) => [operation, 60])),
    gatewayKey: () => gatewayKey,
    exchangeMs: 1000,
  });
