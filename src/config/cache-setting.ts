import { z } from 'zod';
import { whyUncached } from '../upstreams/endpoint/caching.ts';
import type { Endpoint } from '../upstreams/endpoint/endpoint.ts';
import { recoveryConnectOperations } from '../upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../upstreams/scollect/operations.ts';

const operations = new Map<string, Endpoint>(
  [...Object.values(scollectOperations), ...Object.values(recoveryConnectOperations)].map((endpoint) => [
    endpoint.operation,
    endpoint,
  ]),
);

const longestSeconds = 3600;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Only what can be the name of an operation is repeated in a message: anything else may be a secret. */
const nameOf = (name: string, index: number): string =>
  /^[a-z_]{1,40}$/i.test(name) ? name : `name ${index + 1}`;

const problemWith = ([name, seconds]: readonly [string, unknown], index: number): string | null => {
  const operation = operations.get(name);
  if (!operation) return `${nameOf(name, index)} is no operation of an upstream`;
  const reason = whyUncached(operation);
  if (reason !== null) return `${name} is never cached: ${reason}`;
  const isTtl = Number.isInteger(seconds) && Number(seconds) >= 1 && Number(seconds) <= longestSeconds;
  return isTtl ? null : `${name}: expected whole seconds from 1 to ${longestSeconds}`;
};

/** The TTL in seconds of each cached operation, as a JSON object. */
export const cacheTtls = z.string().transform((text, context): ReadonlyMap<string, number> => {
  const value = parsed(text);
  if (!isRecord(value)) {
    const message = 'expected a JSON object of operations with seconds, as in {"getaccount": 5}';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  const entries = Object.entries(value);
  const problems = entries.flatMap((entry, index) => problemWith(entry, index) ?? []);
  for (const message of problems) context.addIssue({ code: 'custom', message });
  return new Map(entries.map(([name, seconds]) => [name, Number(seconds)]));
});

/** Returns the operations whose responses are cached. */
export const cachedOperations = (ttls: ReadonlyMap<string, number>): Endpoint[] =>
  [...ttls.keys()].flatMap((name) => operations.get(name) ?? []);

interface CacheEnvironment {
  readonly CACHE?: ReadonlyMap<string, number> | undefined;
  readonly REDIS_URL?: unknown;
  readonly WORKERS?: number;
}

/** Returns the problem of a cache that a write could not invalidate in all processes. */
export const cacheProblems = ({ CACHE, REDIS_URL, WORKERS = 1 }: CacheEnvironment): string[] =>
  CACHE !== undefined && CACHE.size > 0 && REDIS_URL === undefined && WORKERS > 1
    ? [
        'CACHE: expected REDIS_URL too, or one worker: a write of one process cannot invalidate what another has in memory.',
      ]
    : [];
