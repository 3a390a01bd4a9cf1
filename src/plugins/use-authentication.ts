import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { type Authenticate, UnauthenticatedError } from '../authentication.ts';
import type { RequestOrigin } from '../context.ts';
import { refusal } from './refusal.ts';

/** Lets in who can be told, and turns away all others before anything of their request is read. */
export const useAuthentication = (authenticate: Authenticate): Plugin<object, RequestOrigin> => ({
  onRequest: async ({ request, serverContext, fetchAPI, endResponse }) => {
    try {
      const caller = await authenticate(request);
      Object.assign(serverContext, { requestId: randomUUID(), address: '', caller } satisfies RequestOrigin);
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
      const headers = { 'www-authenticate': 'Bearer' };
      endResponse(
        refusal(fetchAPI, { status: 401, code: 'UNAUTHENTICATED', message: error.message, headers }),
      );
    }
  },
});
