import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import {
  type Authenticate,
  AuthenticationUnavailableError,
  ForbiddenError,
  UnauthenticatedError,
} from '../authentication.ts';
import type { RequestOrigin } from '../context.ts';
import { type Refusal, refusal } from './refusal.ts';

type Mask = (error: unknown) => GraphQLError;

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
 * Lets in who can be told, and turns away all others before anything of their request is read.
 *
 * @param mask makes of what was not foreseen what may be told of it: Yoga would answer with its stack trace.
 */
export const useAuthentication = (authenticate: Authenticate, mask: Mask): Plugin<object, RequestOrigin> => ({
  onRequest: async ({ request, serverContext, fetchAPI, endResponse }) => {
    if (serverContext.isAdmitted) return;
    try {
      const caller = await authenticate(request);
      Object.assign(serverContext, { caller } satisfies Partial<RequestOrigin>);
    } catch (error) {
      // The audit trail tells of them too.
      if (error instanceof ForbiddenError) {
        Object.assign(serverContext, { caller: error.caller } satisfies Partial<RequestOrigin>);
      }
      endResponse(refusal(fetchAPI, refusalFor(error, mask)));
    }
  },
});
