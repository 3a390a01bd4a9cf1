import { hash } from 'node:crypto';
import { networkOf } from '../auth/client-address.ts';
import type { Caller } from '../operation/caller.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

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

const limitOf = (perMinute: number | null): RateLimit | undefined =>
  perMinute === null ? undefined : createRateLimit(perMinute);

// A name may be as long as a token: a digest takes less memory.
const digestOf = ({ tenant, id }: Caller): string => hash('sha256', JSON.stringify([tenant, id]), 'base64');

export const createRequestLimits = (limits: RateLimits): RequestLimits => {
  const callers = limitOf(limits.perCaller);
  const addresses = limitOf(limits.perAddress);
  const pages = limitOf(limits.perAddress);
  const failures = limitOf(limits.failuresPerAddress);
  const rejectedLines = limitOf(limits.failuresPerAddress);
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
