import { hash } from 'node:crypto';
import { networkOf } from '../auth/client-address.ts';
import type { Caller } from '../operation/caller.ts';
import { createRequestCounts } from '../redis/request-counts.ts';
import type { Shared } from '../redis/shared.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { createSharedRateLimit } from './shared-rate-limit.ts';

/** Requests per minute; `null` without a limit. */
export interface RateLimits {
  /** Of one caller of one tenant. */
  readonly perCaller: number | null;
  /** Of all admitted callers at one address, or in one network of IPv6 (/64). */
  readonly perAddress: number | null;
  /** From one such address with a token that is not valid. */
  readonly failuresPerAddress: number | null;
}

/** Seconds to wait if the limit is exceeded, or `null`; `undefined` if nothing is counted. */
type Seconds = Promise<number | null> | undefined;

/** Counts the requests of a gateway. */
export interface RequestLimits {
  /** Counts a request with a token that is not valid. */
  takeFailure(address: string): Seconds;
  /** Counts a request of an admitted caller for its address. */
  takeAddress(address: string): Seconds;
  takeCaller(caller: Caller): Seconds;
  /** Counts a request for GraphiQL's page, which has the limit of an address for itself. */
  takePage(address: string): Seconds;
  /** Counts an audit line of a request that was rejected before its caller was known. */
  takeRejectedLine(address: string): Seconds;
}

/** How the processes of a gateway count together. */
export interface SharedLimits {
  /** Where they count; `null` if each counts for itself. */
  readonly shared: Shared | null;
  /** The limits of this process while it counts alone. */
  readonly own: RateLimits;
}

// A name may be as long as a token: a digest takes less memory.
const digestOf = ({ tenant, id }: Caller): string => hash('sha256', JSON.stringify([tenant, id]), 'base64');

/**
 * Creates the limits of a process.
 *
 * @param limits those of all processes together, if they share any.
 */
export const createRequestLimits = (
  limits: RateLimits,
  { shared, own }: SharedLimits = { shared: null, own: limits },
): RequestLimits => {
  const limitOf = (kind: string, name: keyof RateLimits): RateLimit | undefined => {
    const perMinute = limits[name];
    if (perMinute === null) return undefined;
    const ownPerMinute = own[name] ?? perMinute;
    if (!shared) return createRateLimit(ownPerMinute);
    return createSharedRateLimit(createRequestCounts(shared, kind), { perMinute, ownPerMinute });
  };
  const callers = limitOf('caller', 'perCaller');
  const addresses = limitOf('address', 'perAddress');
  const pages = limitOf('page', 'perAddress');
  const failures = limitOf('failure', 'failuresPerAddress');
  const rejectedLines = limitOf('line', 'failuresPerAddress');
  // A caller is the same object while its token is cached.
  const digests = new WeakMap<Caller, string>();
  const keyOf = (caller: Caller): string => {
    const known = digests.get(caller);
    if (known !== undefined) return known;
    const digest = digestOf(caller);
    digests.set(caller, digest);
    return digest;
  };
  return {
    takeFailure: (address) => failures?.take(networkOf(address)),
    takeAddress: (address) => addresses?.take(networkOf(address)),
    takeCaller: (caller) => callers?.take(keyOf(caller)),
    takePage: (address) => pages?.take(networkOf(address)),
    takeRejectedLine: (address) => rejectedLines?.take(networkOf(address)),
  };
};
