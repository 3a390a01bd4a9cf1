import type { Plugin } from 'graphql-yoga';
import type { RequestOrigin } from '../context.ts';
import type { RequestLimits } from '../request-limits.ts';
import { type Refusal, refusal } from './refusal.ts';

type OriginPlugin = Plugin<object, RequestOrigin>;

const tooMany = (seconds: number): Refusal => ({
  status: 429,
  code: 'RATE_LIMITED',
  message: 'Too many requests: ask again later.',
  headers: { 'retry-after': String(seconds) },
  extensions: { retryAfter: seconds },
});

/** To stand before authentication: a token is looked at only where few before it were no good. */
export const useAddressLimits = (limits: RequestLimits): OriginPlugin => ({
  onRequest: async ({ serverContext, fetchAPI, endResponse }) => {
    const { address, isAdmitted } = serverContext;
    if (isAdmitted) return;
    const seconds = (await limits.checkFailures(address)) ?? (await limits.takeAddress(address));
    if (typeof seconds === 'number') endResponse(refusal(fetchAPI, tooMany(seconds)));
  },
  onResponse: async ({ serverContext, response }) => {
    if (response.status === 401) await limits.takeFailure(serverContext.address);
  },
});

/** To stand after authentication. */
export const useCallerLimit = (limits: RequestLimits): OriginPlugin => ({
  onRequest: async ({ serverContext, fetchAPI, endResponse }) => {
    const { caller, isAdmitted } = serverContext;
    if (isAdmitted) return;
    const seconds = await limits.takeCaller(caller);
    if (typeof seconds === 'number') endResponse(refusal(fetchAPI, tooMany(seconds)));
  },
});
