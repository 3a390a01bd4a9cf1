import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { addressOf } from '../client-address.ts';
import type { RequestOrigin } from '../context.ts';

/** What Yoga's handler of Node's requests puts there; `fetch` on the gateway does not. */
interface NodeContext {
  readonly req?: Pick<IncomingMessage, 'socket'>;
}

/**
 * Gives each request an id of its own, which its answer tells as `x-request-id`, and finds out its client's address.
 *
 * An id that came with the request is not used: who chooses it could hide in the log behind another's.
 *
 * @param hops how many proxies are trusted.
 */
export const useRequestOrigin = (hops: number): Plugin<object, RequestOrigin> => ({
  onRequest: ({ request, serverContext }) => {
    if (serverContext.isAdmitted) return;
    const { req } = serverContext as NodeContext;
    const address = addressOf(request, req?.socket.remoteAddress, hops);
    Object.assign(serverContext, { requestId: randomUUID(), address } satisfies Partial<RequestOrigin>);
  },
  onResponse: ({ response, serverContext }) => {
    // Yoga answers some, as those to /health, before anybody else hears of them.
    const { requestId } = serverContext as Partial<RequestOrigin>;
    if (requestId !== undefined) response.headers.set('x-request-id', requestId);
  },
});
