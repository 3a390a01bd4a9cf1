import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { AddressOf } from '../../auth/client-address.ts';
import type { RequestOrigin } from '../../request/context.ts';

/** What Yoga's handler of Node's requests puts there; `fetch` on the gateway does not. */
interface NodeContext {
  readonly req?: Pick<IncomingMessage, 'socket'>;
}

/**
 * Gives each request an id of its own, which its answer tells as `x-request-id`, and finds out its client's address.
 *
 * An id that came with the request is not used: who chooses it could hide in the log behind another's.
 */
export const useRequestOrigin = (addressOf: AddressOf): Plugin<object, RequestOrigin> => ({
  onRequest: ({ request, serverContext }) => {
    const { requestId, req } = serverContext as Partial<RequestOrigin> & NodeContext;
    if (requestId !== undefined) return;
    const address = addressOf(request, req?.socket.remoteAddress);
    Object.assign(serverContext, { requestId: randomUUID(), address } satisfies Partial<RequestOrigin>);
  },
  onResponse: ({ response, serverContext }) => {
    // Yoga answers some, as those to /health, before anybody else hears of them.
    const { requestId } = serverContext as Partial<RequestOrigin>;
    if (requestId !== undefined) response.headers.set('x-request-id', requestId);
  },
});
