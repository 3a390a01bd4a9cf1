import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import {
  type Authenticate,
  AuthenticationUnavailableError,
  ForbiddenError,
  UnauthenticatedError,
} from '../authentication.ts';
import type { RequestOrigin } from '../context.ts';
import { createErrorMasking } from '../error-masking.ts';
import type { Log } from '../log.ts';
import { type Refusal, refusal } from './refusal.ts';

const refusalFor = (error: unknown, maskError: ReturnType<typeof createErrorMasking>): Refusal => {
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
  const { message, extensions } = maskError(error);
  return { status: 500, code: 'INTERNAL_SERVER_ERROR', message, extensions };
};

/** Lets in who can be told, and turns away all others before anything of their request is read. */
export const useAuthentication = (authenticate: Authenticate, log: Log): Plugin<object, RequestOrigin> => {
  // Yoga would answer with the stack of an error that is thrown this early.
  const maskError = createErrorMasking(log);
  return {
    onRequest: async ({ request, serverContext, fetchAPI, endResponse }) => {
      try {
        const caller = await authenticate(request);
        Object.assign(serverContext, {
          requestId: randomUUID(),
          address: '',
          caller,
        } satisfies RequestOrigin);
      } catch (error) {
        endResponse(refusal(fetchAPI, refusalFor(error, maskError)));
      }
    },
  };
};
