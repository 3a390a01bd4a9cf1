import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import {
  type Authenticate,
  AuthenticationUnavailableError,
  ForbiddenError,
  UnauthenticatedError,
} from '../../auth/authentication.ts';
import type { RequestHeaders } from '../../auth/client-address.ts';
import type { Caller } from '../../operation/caller.ts';
import type { RequestOrigin } from '../../request/context.ts';
import type { RequestLimits } from '../request-limits.ts';
import { type Refusal, refusal } from './refusal.ts';

type Mask = (error: unknown) => GraphQLError;

/** Whether a request may be executed: the caller, or the response to a request that is rejected. */
export type Admission =
  | { readonly caller: Caller; readonly refusal?: undefined }
  | { readonly caller: Caller | undefined; readonly refusal: Refusal };

/** A request that may have been authenticated and counted before Yoga received it. */
export interface Origin extends RequestOrigin {
  readonly admission?: Admission;
}

/** Authenticates a request, and counts it. It must be called once for each request. */
export type Admit = (request: { readonly headers: RequestHeaders }, address: string) => Promise<Admission>;

const tooMany = (seconds: number): Refusal => ({
  status: 429,
  code: 'RATE_LIMITED',
  message: 'Too many requests: ask again later.',
  headers: { 'retry-after': String(seconds) },
  extensions: { retryAfter: seconds },
});

const refusalFor = (error: unknown, mask: Mask): Refusal => {
  if (error instanceof UnauthenticatedError) {
    const { message, challenge } = error;
    return { status: 401, code: 'UNAUTHENTICATED', message, headers: { 'www-authenticate': challenge } };
  }
  if (error instanceof ForbiddenError) return { status: 403, code: 'FORBIDDEN', message: error.message };
  if (error instanceof AuthenticationUnavailableError) {
    const { message, retryAfter } = error;
    const headers = { 'retry-after': String(retryAfter) };
    return { status: 503, code: 'AUTHENTICATION_UNAVAILABLE', message, headers, extensions: { retryAfter } };
  }
  const { message, extensions } = mask(error);
  return { status: 500, code: 'INTERNAL_SERVER_ERROR', message, extensions };
};

/**
 * Creates the check that both paths share. Clients at one address may be strangers to each other, such as those behind
 * one proxy. Therefore a caller with a valid token is never rejected because of requests without one: the token is
 * verified before any limit is looked at, and only requests of admitted callers count for the address.
 *
 * @param mask makes of an unexpected error what may be reported of it: Yoga would answer with its stack trace.
 */
export const createAdmit = (authenticate: Authenticate, limits: RequestLimits, mask: Mask): Admit => {
  const rejected = async (error: unknown, address: string): Promise<Admission> => {
    // The audit trail names the caller.
    const caller = error instanceof ForbiddenError ? error.caller : undefined;
    const isFailure = error instanceof UnauthenticatedError && error.hasToken;
    const seconds = await (caller
      ? limits.takeCaller(caller)
      : isFailure
        ? limits.takeFailure(address)
        : null);
    return { refusal: typeof seconds === 'number' ? tooMany(seconds) : refusalFor(error, mask), caller };
  };
  return async (request, address) => {
    let caller: Caller;
    try {
      caller = await authenticate(request);
    } catch (error) {
      return rejected(error, address);
    }
    // A caller beyond its own limit uses up nothing of what others at its address may request.
    const seconds = (await limits.takeCaller(caller)) ?? (await limits.takeAddress(address));
    return typeof seconds === 'number' ? { refusal: tooMany(seconds), caller } : { caller };
  };
};

/** Rejects requests that are not admitted, before anything of them is read. */
export const useAdmission = (admit: Admit): Plugin<object, Origin> => ({
  onRequest: async ({ request, serverContext, fetchAPI, endResponse }) => {
    const admission = serverContext.admission ?? (await admit(request, serverContext.address));
    if (admission.caller) Object.assign(serverContext, { caller: admission.caller });
    if (admission.refusal) endResponse(refusal(fetchAPI, admission.refusal));
  },
});
