import { LRUCache } from 'lru-cache';
import { type BackgroundDownloadOptions, BackgroundDownloads } from './background-downloads.ts';
import type { RowStream } from './row-stream.ts';

/** The cached lists of one client for later pages. Other clients cannot access them. */
export interface CachedRows {
  /** The background downloads of all clients. */
  readonly background: BackgroundDownloads;
  /** Whether a list of this size may be cached. */
  mayCache(bytes: number): boolean;
  /** @param ageMs the time since its read began. */
  add(key: string, list: RowStream, ageMs: number): void;
  of(key: string): RowStream | undefined;
  remove(key: string): void;
  /** Removes all lists of the client. */
  clear(): void;
}

/** The cache of lists of all clients. The least recently used lists are evicted first. */
export interface RowCache {
  /** Creates the part of one client. */
  forClient(): CachedRows;
  /** The size of the cache in bytes. */
  bytes(): number;
}

export interface RowCacheOptions extends BackgroundDownloadOptions {
  readonly maxBytes?: number;
  /** Milliseconds from the start of a read until its list expires. */
  readonly lifeMs?: number;
}

interface CacheEntry {
  readonly list: RowStream;
  readonly onGone: () => void;
}

/** The size of three compressed portfolios of the largest known size; one list may use half of it. */
export const rowCacheBytes = 32 * 1024 * 1024;
const listShare = 2;

/** The time in which a client requests the next page. */
const defaultLifeMs = 30_000;

export const createRowCache = ({
  maxBytes = rowCacheBytes,
  lifeMs = defaultLifeMs,
  ...backgroundOptions
}: RowCacheOptions = {}): RowCache => {
  const maxListBytes = maxBytes / listShare;
  const background = new BackgroundDownloads(backgroundOptions);
  const all = new LRUCache<symbol, CacheEntry>({
    maxSize: maxBytes,
    maxEntrySize: maxListBytes,
    sizeCalculation: ({ list }) => Math.max(1, list.bytes),
    ttl: lifeMs,
    ttlAutopurge: true,
    dispose: ({ onGone }) => onGone(),
  });

  const forClient = (): CachedRows => {
    const own = new Map<string, symbol>();
    const remove = (key: string): void => {
      const id = own.get(key);
      if (id) all.delete(id);
    };
    const add = (key: string, list: RowStream, ageMs: number): void => {
      const ttl = Math.floor(lifeMs - ageMs);
      const id = Symbol('list');
      remove(key);
      if (ttl <= 0 || list.bytes > maxListBytes) return;
      own.set(key, id);
      all.set(id, { list, onGone: () => own.delete(key) }, { ttl });
    };
    return {
      background,
      mayCache: (bytes) => bytes <= maxListBytes,
      add,
      of: (key) => {
        const id = own.get(key);
        return id && all.get(id)?.list;
      },
      remove,
      clear: () => {
        for (const key of [...own.keys()]) remove(key);
      },
    };
  };

  return { forClient, bytes: () => all.calculatedSize };
};
