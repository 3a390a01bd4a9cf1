import { createHmac, randomBytes } from 'node:crypto';
import { createSealer, type Sealer } from '../../lib/sealer.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Requested } from '../endpoint/response-keys.ts';
import type { UpstreamSystem } from '../errors.ts';
import type { CacheStore } from './cache-store.ts';
import { addressOfUpstream, type ChangedRead, scopesOfRead, scopesOfWrite } from './scopes.ts';

/** The response of a read, as it is cached: it is judged again when it is used. */
export interface CachedResponse {
  readonly status: number;
  readonly text: string;
}

/** What the cache knows at the begin of a read. */
export interface CacheLookup {
  /** `null` if the upstream must be called. */
  readonly response: CachedResponse | null;
  readonly ageMs: number;
  /** Identifies the writes before this moment: only reads with the same value may share a call. */
  readonly generation: string;
  /** Stores the response of a read that began now. */
  store(response: CachedResponse): void;
}

/** The writes that may change a response, as far as they are known at one moment. */
export interface WritesSoFar {
  /** Changes with each write. */
  readonly generation: string;
  /** Whether one is in flight, or its outcome is unknown: what is read now must not be used later. */
  readonly isHeld: boolean;
}

/** A write that is in flight, as far as the cache is concerned. */
export interface CacheWrite {
  /** Awaited directly before the write is sent, each time. */
  begin(): Promise<void>;
  /** Awaited after the write, before its outcome is reported. */
  end(isOutcomeKnown: boolean): Promise<void>;
}

/** The cached reads of one client. */
export interface ReadCache {
  /** Whether responses of this operation are cached. */
  has(endpoint: Endpoint): boolean;
  /**
   * Looks for the response of a read.
   *
   * @param key identifies the content of the call.
   * @param isRefresh whether a stored response must not be used.
   * @returns `null` if there is no cache at present.
   */
  find(
    endpoint: Endpoint,
    key: string,
    requested: Requested,
    isRefresh: boolean,
  ): Promise<CacheLookup | null>;
  /**
   * Returns the writes before this moment that may change the response of a read, whether or not it is cached here.
   * Without a cache, writes of other processes are not known, and the result is always the same.
   */
  writesSoFar(endpoint: Endpoint, requested: Requested): Promise<WritesSoFar>;
  /**
   * Returns what a write does to the cache; `null` without a cache.
   *
   * @param changes `undefined` if it is not known which reads the write changes.
   */
  write(changes: readonly ChangedRead[] | undefined): CacheWrite | null;
}

/** Identifies a client: nobody else gets its responses. */
export interface CacheClient {
  readonly tenant: string | null;
  readonly system: UpstreamSystem;
  readonly url: string;
  /** With other credentials the upstream may return other data. */
  readonly credentials: object;
}

/** The caches of all clients. */
export interface ReadCaches {
  forClient(client: CacheClient): ReadCache;
}

export type CacheResult = 'hit' | 'miss';

export interface ReadCachesOptions {
  readonly store: CacheStore;
  /** Seconds for which responses are cached, by operation. */
  readonly ttlSeconds: ReadonlyMap<string, number>;
  /** The key of HMACs and encryption. It is called at the first read. */
  readonly gatewayKey: () => Buffer;
  /** The maximum milliseconds of an exchange with an upstream. */
  readonly exchangeMs: number;
  readonly onResult?: (endpoint: Endpoint, result: CacheResult) => void;
}

/** A response of this length is cached; each takes as much memory. */
const maxChars = 1_000_000;

/** An upstream that did not answer in time may execute a write later: this long. */
const unknownHoldMs = 10 * 60 * 1000;

/** The time of a writer besides its exchange. */
const leaseSpareMs = 30_000;

const noWrites: WritesSoFar = { generation: '', isHeld: false };

/** While the store is not available, what is read may be from before any write. */
const unknownWrites: WritesSoFar = { generation: 'unknown', isHeld: true };

/** The cache of a client without one. */
export const noReadCache: ReadCache = {
  has: () => false,
  find: async () => null,
  writesSoFar: async () => noWrites,
  write: () => null,
};

const textOf = ({ status, text }: CachedResponse): string => `${status}\n${text}`;

const responseIn = (opened: string | null): CachedResponse | null => {
  const end = opened?.indexOf('\n') ?? -1;
  return opened === null || end < 0
    ? null
    : { status: Number(opened.slice(0, end)), text: opened.slice(end + 1) };
};

/** Creates the caches of all clients, which share one store. */
export const createReadCaches = ({
  store,
  ttlSeconds,
  gatewayKey,
  exchangeMs,
  onResult = () => {},
}: ReadCachesOptions): ReadCaches => {
  let sealer: Sealer | undefined;
  const sealing = (): Sealer => {
    sealer ??= createSealer(gatewayKey(), 'cached reads');
    return sealer;
  };
  // Keys contain file numbers, SSNs and phones, which are found by trying all of them unless the digest has a key.
  const digest = (...parts: readonly unknown[]): string =>
    createHmac('sha256', gatewayKey())
      .update(`cache ${JSON.stringify(parts)}`)
      .digest('base64url');

  const forClient = ({ tenant, system, url, credentials }: CacheClient): ReadCache => {
    let own: string | undefined;
    const clientId = (): string => {
      own ??= digest('client', tenant, system, url, credentials);
      return own;
    };
    // Tenants at one upstream may have the same accounts: a write of one invalidates the reads of all.
    const address = addressOfUpstream(url);
    const digested = (scopes: readonly string[]): string[] =>
      scopes.map((scope) => digest('scope', system, address, scope));

    return {
      has: ({ operation }) => ttlSeconds.has(operation),
      find: async (endpoint, key, requested, isRefresh) => {
        const ttlMs = (ttlSeconds.get(endpoint.operation) ?? 0) * 1000;
        const entry = digest('read', clientId(), key);
        const scopes = digested(scopesOfRead(endpoint, requested));
        const found = await store.find(entry, scopes, ttlMs);
        if (!found) {
          onResult(endpoint, 'miss');
          return null;
        }
        const { generation, value, ageMs } = found;
        // A value that was moved to another key or another generation does not open.
        const place = `${entry} ${generation}`;
        const response = isRefresh || value === null ? null : responseIn(sealing().open(value, place));
        if (!isRefresh) onResult(endpoint, response ? 'hit' : 'miss');
        return {
          response,
          ageMs: Math.max(0, ageMs),
          generation,
          store: (fresh) => {
            if (found.isHeld || fresh.text.length > maxChars) return;
            const sealed = sealing().seal(textOf(fresh), place);
            // Nobody waits for it.
            store.store(entry, scopes, found, sealed, ttlMs).catch(() => {});
          },
        };
      },
      writesSoFar: async (endpoint, requested) => {
        const scopes = digested(scopesOfRead(endpoint, requested));
        // No value is ever stored under this entry.
        const found = await store.find(digest('writes'), scopes, 0);
        return found ? { generation: found.generation, isHeld: found.isHeld } : unknownWrites;
      },
      write: (changes) => {
        const scopes = digested(scopesOfWrite(changes ?? []));
        const writer = randomBytes(12).toString('base64url');
        let hasBegun = false;
        return {
          begin: () => {
            hasBegun = true;
            return store.begin(scopes, writer, 3 * exchangeMs + leaseSpareMs);
          },
          end: async (isOutcomeKnown) => {
            if (hasBegun) await store.end(scopes, writer, isOutcomeKnown ? 0 : unknownHoldMs);
          },
        };
      },
    };
  };
  return { forClient };
};
