import { hash } from 'node:crypto';
import type { Caller } from './caller.ts';
import { networkOf } from './client-address.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

/** Requests a minute; `null` where as many as come are answered. */
export interface RateLimits {
  /** Of one caller of one tenant. */
  readonly perCaller: number | null;
  /** From one address, or one network of IPv6 (/64), whoever asks. */
  readonly perAddress: number | null;
  /** From one such address with no proof, or a bad one, of who asks. */
  readonly failuresPerAddress: number | null;
}

/** `undefined` where nothing is counted. */
type Seconds = Promise<number | null> | undefined;

/** Counts the requests of a gateway. What is answered are seconds to wait, where there is one too many. */
export interface RequestLimits {
  /** Whether bad proofs of who asks have come too often from there. */
  checkFailures(address: string): Seconds;
  takeFailure(address: string): Seconds;
  takeAddress(address: string): Seconds;
  /** Whether the next of a caller would be one too many. */
  checkCaller(caller: Caller): Seconds;
  takeCaller(caller: Caller): Seconds;
}

const limitOf = (perMinute: number | null): RateLimit | undefined =>
  perMinute === null ? undefined : createRateLimit(perMinute);

// Names are as long as a token may be: what is kept of each is not.
const digestOf = ({ tenant, id }: Caller): string => hash('sha256', JSON.stringify([tenant, id]), 'base64');

export const createRequestLimits = (limits: RateLimits): RequestLimits => {
  const callers = limitOf(limits.perCaller);
  const addresses = limitOf(limits.perAddress);
  const failures = limitOf(limits.failuresPerAddress);
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
    checkFailures: (address) => failures?.check(networkOf(address)),
    takeFailure: (address) => failures?.take(networkOf(address)),
    takeAddress: (address) => addresses?.take(networkOf(address)),
    checkCaller: (caller) => callers?.check(keyOf(caller)),
    takeCaller: (caller) => callers?.take(keyOf(caller)),
  };
};
