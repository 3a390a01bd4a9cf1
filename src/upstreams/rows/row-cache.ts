import { LRUCache } from 'lru-cache';
import { type BackgroundDownloadOptions, BackgroundDownloads } from './background-downloads.ts';
import type { RowStream } from './row-stream.ts';

/** The lists that one client keeps for later pages. No other client sees them. */
export interface CachedRows {
  /** What goes on for later pages; of all clients. */
  readonly background: BackgroundDownloads;
  /** Whether a list may be kept that takes up so much. */
  mayCache(bytes: number): boolean;
  /** @param ageMs how long ago its read began. */
  add(key: string, list: RowStream, ageMs: number): void;
  of(key: string): RowStream | undefined;
  remove(key: string): void;
  /** Lets all of them go. */
  clear(): void;
}

/** What all clients of the process may keep together, of which the least used goes first. */
export interface RowCache {
  /** Room in it for one client. */
  forClient(): CachedRows;
  /** What is kept now, in bytes. */
  bytes(): number;
}

export interface RowCacheOptions extends BackgroundDownloadOptions {
  readonly maxBytes?: number;
  /** Milliseconds from the beginning of a read for which its list may be kept. */
  readonly lifeMs?: number;
}

interface CacheEntry {
  readonly list: RowStream;
  readonly onGone: () => void;
}

/** Three portfolios of the largest size known, packed; each may take up a half. */
const defaultBytes = 32 * 1024 * 1024;
const listShare = 2;

/** Somebody looks through one page and asks for the next. */
const defaultLifeMs = 30_000;

export const createRowCache = ({
  maxBytes = defaultBytes,
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
