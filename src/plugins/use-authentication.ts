import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import {
  type Authenticate,
  AuthenticationUnavailableError,
  ForbiddenError,
  UnauthenticatedError,
} from '../authentication.ts';
import type { RequestOrigin } from '../context.ts';
import { type Refusal, refusal } from './refusal.ts';

/** @throws what tells nothing of who asks. */
const refusalFor = (error: unknown): Refusal => {
  if (error instanceof UnauthenticatedError) {
    const { message, challenge } = error;
    return { status: 401, code: 'UNAUTHENTICATED', message, headers: { 'www-authenticate': challenge } };
  }
  if (error instanceof ForbiddenError) return { status: 403, code: 'FORBIDDEN', message: error.message };
  if (!(error instanceof AuthenticationUnavailableError)) throw error;
  const { message, retryAfter } = error;
  return {
    status: 503,
    code: 'AUTHENTICATION_UNAVAILABLE',
    message,
    headers: { 'retry-after': String(retryAfter) },
    extensions: { retryAfter },
  };
};

/** Lets in who can be told, and turns away all others before anything of their request is read. */
export const useAuthentication = (authenticate: Authenticate): Plugin<object, RequestOrigin> => ({
  onRequest: async ({ request, serverContext, fetchAPI, endResponse }) => {
    try {
      const caller = await authenticate(request);
      Object.assign(serverContext, { requestId: randomUUID(), address: '', caller } satisfies RequestOrigin);
    } catch (error) {
      endResponse(refusal(fetchAPI, refusalFor(error)));
    }
  },
});
