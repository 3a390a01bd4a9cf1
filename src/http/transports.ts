import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { endWhenSent } from '../request/response-work.ts';
import type { Handle } from './handler.ts';
import type { TransportRequest } from './incoming-request.ts';
import { endParts, isOver, readableOf, sendParts } from './parts/sent-parts.ts';
import { hasNoContent } from './reply.ts';
import { type Body, readBody } from './request-body.ts';

const nodeRequest = (request: IncomingMessage, response: ServerResponse): TransportRequest => {
  const { method = 'GET', url: target = '', headers, rawHeaders, httpVersion, socket } = request;
  return {
    method,
    target,
    headers: {
      get: (name) => {
        const value = headers[name];
        return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
      },
    },
    headerCount: rawHeaders.length / 2,
    host: headers.host,
    httpVersion,
    socketAddress: socket.remoteAddress,
    readBody: (maxBytes) => readBody(request, maxBytes),
    onLeave: (listener) => {
      response.on('close', listener);
      if (response.closed) listener();
      return () => void response.off('close', listener);
    },
  };
};

const respond = async (handle: Handle, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const reply = await handle(nodeRequest(request, response));
  if (!reply) return;
  const { parts } = reply;
  try {
    if (isOver(response)) {
      if (parts) await endParts(parts);
      return;
    }
    response.writeHead(reply.status, reply.headers as string[]);
    if (parts) await sendParts(response, parts);
    else response.end(reply.body);
  } finally {
    if (reply.task) endWhenSent(reply.task, response);
  }
};

/**
 * Handles requests as they arrive over HTTP.
 *
 * @param onError is called with an error of the handler itself, after which the connection is closed.
 */
export const nodeListener =
  (handle: Handle, onError: (error: unknown) => void): RequestListener =>
  (request, response) => {
    respond(handle, request, response).catch((error: unknown) => {
      onError(error);
      response.destroy();
    });
  };

const readWebBody = async ({ body }: Request, maxBytes: number): Promise<Body> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body ?? []) {
      bytes += chunk.length;
      if (bytes > maxBytes) return 'too large';
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
};

const webRequest = (request: Request): TransportRequest => {
  const { method, headers, signal } = request;
  const { host, pathname, search } = new URL(request.url);
  return {
    method,
    target: `${pathname}${search}`,
    headers,
    headerCount: [...headers].length,
    host,
    httpVersion: '1.1',
    socketAddress: undefined,
    readBody: (maxBytes) => readWebBody(request, maxBytes),
    onLeave: (listener) => {
      signal.addEventListener('abort', listener, { once: true });
      if (signal.aborted) listener();
      return () => signal.removeEventListener('abort', listener);
    },
  };
};

const pairsOf = (headers: readonly string[]): [string, string][] =>
  headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? '']] : []));

/** Rejects as soon as a signal aborts, as `fetch` does. */
const unlessAborted = <Value>(signal: AbortSignal, pending: Promise<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

/** Handles requests of code that embeds the gateway, by the same handler, without HTTP. */
export const webHandler =
  (handle: Handle) =>
  async (input: string | URL | Request, options?: RequestInit): Promise<Response> => {
    const request = new Request(input, options);
    const responded = handle(webRequest(request)).then((reply) => {
      if (!reply) throw new DOMException('The body of the request is not complete.', 'AbortError');
      const { status, headers, body, parts, task } = reply;
      if (parts) {
        const readable = readableOf(parts, request.signal, () => task && endWhenSent(task, undefined));
        return new Response(readable, { status, headers: pairsOf(headers) });
      }
      if (task) endWhenSent(task, undefined);
      const hasBody = !hasNoContent(status) && request.method !== 'HEAD';
      return new Response(hasBody ? body : null, { status, headers: pairsOf(headers) });
    });
    return unlessAborted(request.signal, responded);
  };
