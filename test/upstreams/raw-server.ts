import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  createHttp,
  type Http,
  type HttpOptions,
  type HttpRequest,
} from '../../src/upstreams/client/http.ts';

export interface RawServer {
  readonly url: string;
  /** The heads and bodies of all requests so far. */
  readonly requests: readonly string[];
  /** Whether the connection is closed over which the first request came. */
  firstIsClosed(): boolean;
  /** Connections so far. */
  connections(): number;
}

/** Serves TCP on loopback until the test ends, and answers each whole request by what is done with its socket. */
export const serveRaw = async (answer: (socket: Socket, nth: number) => void): Promise<RawServer> => {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  let first: Socket | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    let text = '';
    sockets.push(socket);
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        text += bytes.toString('latin1');
        const head = text.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
        if (head === -1 || text.length < head + 4 + length) return;
        requests.push(text);
        text = '';
        first ??= socket;
        answer(socket, requests.length);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    firstIsClosed: () => first?.closed === true,
    connections: () => sockets.length,
  };
};

export const get: HttpRequest = { method: 'GET', path: '/', headers: [], isLarge: true };
export const post: HttpRequest = { ...get, method: 'POST', body: '{"n":1}' };

/** The head of a response with a length, or of one in chunks. */
export const head = (length?: number, more = ''): string =>
  `HTTP/1.1 200 OK\r\n${length === undefined ? 'transfer-encoding: chunked' : `content-length: ${length}`}\r\n${more}\r\n`;

export const chunk = (bytes: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), Buffer.from(bytes), Buffer.from('\r\n')]);

/** Answers with JSON and its length. */
export const answerJson = (socket: Socket, json: unknown): void => {
  const body = JSON.stringify(json);
  socket.write(head(Buffer.byteLength(body)) + body);
};

/** One connection, so that a next exchange needs what the one before left, until the test ends. */
export const oneConnection = (url: string, options: Partial<HttpOptions> = {}): Http => {
  const http = createHttp({ url, timeoutMs: 5000, maxResponseBytes: 1000, connections: 1, ...options });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= http.close();
    return closing;
  };
  onTestFinished(close);
  return { ...http, close };
};
