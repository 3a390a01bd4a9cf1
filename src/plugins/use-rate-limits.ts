import { createHash } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import type { Caller } from '../caller.ts';
import { networkOf } from '../client-address.ts';
import type { RequestOrigin } from '../context.ts';
import { createRateLimit, type RateLimit } from '../rate-limit.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Requests a minute; `null` where as many as come are answered. */
export interface RateLimits {
  /** Of one caller of one tenant. */
  readonly perCaller: number | null;
  /** From one address, or one network of IPv6 (/64), whoever asks. */
  readonly perAddress: number | null;
  /** From one such address with no proof, or a bad one, of who asks. */
  readonly failuresPerAddress: number | null;
}

type OriginPlugin = Plugin<object, RequestOrigin>;

const limitOf = (perMinute: number | null): RateLimit | undefined =>
  perMinute === null ? undefined : createRateLimit(perMinute);

const tooMany = (seconds: number): Refusal => ({
  status: 429,
  code: 'RATE_LIMITED',
  message: 'Too many requests: ask again later.',
  headers: { 'retry-after': String(seconds) },
  extensions: { retryAfter: seconds },
});

// Names are as long as a token may be: what is kept of each is not.
const keyOf = ({ tenant, id }: Caller): string =>
  createHash('sha256')
    .update(JSON.stringify([tenant, id]))
    .digest('base64');

/** To stand before authentication: a token is looked at only where few before it were no good. */
export const useAddressLimits = ({ perAddress, failuresPerAddress }: RateLimits): OriginPlugin => {
  const requests = limitOf(perAddress);
  const failures = limitOf(failuresPerAddress);
  return {
    onRequest: async ({ serverContext, fetchAPI, endResponse }) => {
      const from = networkOf(serverContext.address);
      const seconds = (await failures?.check(from)) ?? (await requests?.take(from));
      if (typeof seconds === 'number') endResponse(refusal(fetchAPI, tooMany(seconds)));
    },
    onResponse: async ({ serverContext, response }) => {
      if (response.status === 401) await failures?.take(networkOf(serverContext.address));
    },
  };
};

/** To stand after authentication. */
export const useCallerLimit = ({ perCaller }: RateLimits): OriginPlugin => {
  const requests = limitOf(perCaller);
  return {
    onRequest: async ({ serverContext, fetchAPI, endResponse }) => {
      const seconds = await requests?.take(keyOf(serverContext.caller));
      if (typeof seconds === 'number') endResponse(refusal(fetchAPI, tooMany(seconds)));
    },
  };
};
