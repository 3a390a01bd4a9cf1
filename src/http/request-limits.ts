import { hash } from 'node:crypto';
import { networkOf } from '../auth/client-address.ts';
import type { Caller } from '../operation/caller.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

/** Requests a minute; `null` where as many as come are answered. */
export interface RateLimits {
  /** Of one caller of one tenant. */
  readonly perCaller: number | null;
  /** Of all admitted callers at one address, or in one network of IPv6 (/64). */
  readonly perAddress: number | null;
  /** From one such address with a token that is not valid. */
  readonly failuresPerAddress: number | null;
}

/** `undefined` where nothing is counted. */
type Seconds = Promise<number | null> | undefined;

/** Counts the requests of a gateway. What is answered are seconds to wait, where there is one too many. */
export interface RequestLimits {
  /** Counts a request with a token that is not valid. */
  takeFailure(address: string): Seconds;
  /** Counts a request of an admitted caller for its address. */
  takeAddress(address: string): Seconds;
  takeCaller(caller: Caller): Seconds;
  /** Counts an audit line of a request that was rejected before its caller was known. */
  takeRejectedLine(address: string): Seconds;
}

const limitOf = (perMinute: number | null): RateLimit | undefined =>
  perMinute === null ? undefined : createRateLimit(perMinute);

// Names are as long as a token may be: what is kept of each is not.
const digestOf = ({ tenant, id }: Caller): string => hash('sha256', JSON.stringify([tenant, id]), 'base64');

export const createRequestLimits = (limits: RateLimits): RequestLimits => {
  const callers = limitOf(limits.perCaller);
  const addresses = limitOf(limits.perAddress);
  const failures = limitOf(limits.failuresPerAddress);
  const rejectedLines = limitOf(limits.failuresPerAddress);
  // A caller is one object for as long as its token is known.
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
    takeRejectedLine: (address) => rejectedLines?.take(networkOf(address)),
  };
};
