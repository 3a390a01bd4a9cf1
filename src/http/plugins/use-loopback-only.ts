import type { Plugin } from 'graphql-yoga';
import { isLoopback } from '../../config/fields.ts';
import { refusal } from './refusal.ts';

/**
 * Turns away requests that name another host than this machine.
 *
 * A page on the web can point its own host name at 127.0.0.1, and its scripts then count as of the same origin: an
 * open gateway on loopback would answer them.
 */
export const useLoopbackOnly = (): Plugin => ({
  onRequest: ({ request, fetchAPI, endResponse }) => {
    if (isLoopback(new URL(request.url).hostname)) return;
    const message = 'Host: expected this machine, as in localhost, since callers are not authenticated.';
    endResponse(refusal(fetchAPI, { status: 403, code: 'FORBIDDEN', message }));
  },
});
