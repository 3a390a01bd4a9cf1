import type { RequestHeaders } from '../auth/client-address.ts';
import type { CacheUse } from '../upstreams/client/client.ts';
import type { Endpoint } from '../upstreams/endpoint/endpoint.ts';

/** The cached responses of upstreams that a request uses. */
export interface CachedReads extends CacheUse {
  /** Ends the use of cached responses: the reads of a mutation return its result, or are the evidence of it. */
  stop(): void;
  /** Milliseconds since the oldest cached response was read; `null` if none was used. */
  ageMs(): number | null;
}

/** The directives of a request by which a client requires present data (RFC 9111, 5.2.1). */
const requiresPresent = /(?:^|[\s,])(?:no-cache|no-store|max-age=0+)(?:$|[\s,;])/i;

/** @param onHit is called for each cached response that replaces a call. */
export const createCachedReads = (
  headers: RequestHeaders,
  onHit: (endpoint: Endpoint, ageMs: number) => void,
): CachedReads => {
  let mode: 'use' | 'refresh' | 'off' | undefined;
  let oldest: number | null = null;
  return {
    mode: () => {
      mode ??= requiresPresent.test(headers.get('cache-control') ?? '') ? 'refresh' : 'use';
      return mode;
    },
    stop: () => {
      mode = 'off';
    },
    onHit: (endpoint, ageMs) => {
      oldest = Math.min(oldest ?? Number.POSITIVE_INFINITY, performance.now() - ageMs);
      onHit(endpoint, ageMs);
    },
    ageMs: () => (oldest === null ? null : performance.now() - oldest),
  };
};
