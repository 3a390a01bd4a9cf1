import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request as an upstream received it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** An answer, or the lack of one: the connection reset, or nothing at all. */
export type Answer =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Record<string, string> }
  | { readonly status?: number; readonly html: string; readonly headers?: Record<string, string> }
  | 'reset'
  | 'silence';

export interface LocalUpstream {
  readonly url: string;
  /** All requests so far, in the order of their arrival. */
  readonly received: Received[];
  /** The paths of all requests so far but log-ins, sorted. */
  calls(): string[];
  /** The paths of requests whose connection was closed before they were answered. */
  abandoned(): string[];
}

/** Serves one upstream over real HTTP on loopback until the test ends. */
export const startUpstream = async (
  answer: (request: Received) => Answer | Promise<Answer>,
): Promise<LocalUpstream> => {
  const received: Received[] = [];
  const abandoned: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://upstream');
    const body = await text(request);
    const one: Received = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: body === '' ? undefined : JSON.parse(body),
    };
    received.push(one);
    response.on('close', () => {
      if (!response.writableFinished) abandoned.push(one.path);
    });
    const reply = await answer(one);
    if (reply === 'silence') return;
    if (reply === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const isJson = 'json' in reply;
    response.writeHead(reply.status ?? 200, {
      'content-type': isJson ? 'application/json' : 'text/html',
      ...reply.headers,
    });
    response.end(isJson ? JSON.stringify(reply.json) : reply.html);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    calls: () =>
      received
        .map(({ path }) => path)
        .filter((path) => path !== '/login' && !path.endsWith('/auth'))
        .sort(),
    abandoned: () => abandoned,
  };
};

/** A token whose claims say when it was issued and how long it lives; its signature is nobody's. */
export const jwt = (claims: Readonly<Record<string, unknown>>): string =>
  [{ alg: 'HS256', typ: 'JWT' }, claims, 'signature']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
