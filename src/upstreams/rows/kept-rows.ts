import { LRUCache } from 'lru-cache';
import { ReadingOn, type ReadingOnOptions } from './background-downloads.ts';
import type { RowStream } from './row-stream.ts';

/** The lists that one client keeps for later pages. No other client sees them. */
export interface KeptRows {
  /** What goes on for later pages; of all clients. */
  readonly readingOn: ReadingOn;
  /** Whether a list may be kept that takes up so much. */
  mayKeep(bytes: number): boolean;
  /** @param ageMs how long ago its read began. */
  keep(key: string, list: RowStream, ageMs: number): void;
  of(key: string): RowStream | undefined;
  forget(key: string): void;
  /** Lets all of them go. */
  clear(): void;
}

/** What all clients of the process may keep together, of which the least used goes first. */
export interface KeptSpace {
  /** Room in it for one client. */
  forClient(): KeptRows;
  /** What is kept now, in bytes. */
  bytes(): number;
}

export interface KeptSpaceOptions extends ReadingOnOptions {
  readonly maxBytes?: number;
  /** Milliseconds from the beginning of a read for which its list may be kept. */
  readonly lifeMs?: number;
}

interface Kept {
  readonly list: RowStream;
  readonly onGone: () => void;
}

/** Three portfolios of the largest size known, packed; each may take up a half. */
const defaultBytes = 32 * 1024 * 1024;
const listShare = 2;

/** Somebody looks through one page and asks for the next. */
const defaultLifeMs = 30_000;

export const createKeptSpace = ({
  maxBytes = defaultBytes,
  lifeMs = defaultLifeMs,
  ...ofReadingOn
}: KeptSpaceOptions = {}): KeptSpace => {
  const maxListBytes = maxBytes / listShare;
  const readingOn = new ReadingOn(ofReadingOn);
  const all = new LRUCache<symbol, Kept>({
    maxSize: maxBytes,
    maxEntrySize: maxListBytes,
    sizeCalculation: ({ list }) => Math.max(1, list.bytes),
    ttl: lifeMs,
    ttlAutopurge: true,
    dispose: ({ onGone }) => onGone(),
  });

  const forClient = (): KeptRows => {
    const own = new Map<string, symbol>();
    const forget = (key: string): void => {
      const id = own.get(key);
      if (id) all.delete(id);
    };
    const keep = (key: string, list: RowStream, ageMs: number): void => {
      const ttl = Math.floor(lifeMs - ageMs);
      const id = Symbol('list');
      forget(key);
      if (ttl <= 0 || list.bytes > maxListBytes) return;
      own.set(key, id);
      all.set(id, { list, onGone: () => own.delete(key) }, { ttl });
    };
    return {
      readingOn,
      mayKeep: (bytes) => bytes <= maxListBytes,
      keep,
      of: (key) => {
        const id = own.get(key);
        return id && all.get(id)?.list;
      },
      forget,
      clear: () => {
        for (const key of [...own.keys()]) forget(key);
      },
    };
  };

  return { forClient, bytes: () => all.calculatedSize };
};
