import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpCall {
  readonly method: string;
  /** The received path, percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Sends a response in a special way: partially, slowly, or without end. It stops when the connection is closed. */
export type Delivery = (answer: HttpAnswer, response: ServerResponse) => void;

/** The end of an exchange: a response, a special delivery, no response on an open connection, or a reset. */
export type RequestOutcome =
  | HttpAnswer
  | { readonly answer: HttpAnswer; readonly delivery: Delivery }
  | 'silence'
  | 'reset';

/** The service of a server. */
export interface HttpService {
  readonly respond: (call: HttpCall) => RequestOutcome | Promise<RequestOutcome>;
  readonly bodyTooLarge: (call: Omit<HttpCall, 'body'>) => HttpAnswer;
  readonly broken: (call: Omit<HttpCall, 'body'>) => HttpAnswer;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

const bodyLimit = 1024 * 1024;

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

export const html = (body: string, status: number, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body,
});

/** Reads the whole body; undefined if it is too large. The rest of a large body is read and discarded. */
const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= bodyLimit) chunks.push(chunk);
  }
  return size <= bodyLimit ? Buffer.concat(chunks).toString('utf8') : undefined;
};

const outcomeOf = async (service: HttpService, request: IncomingMessage): Promise<RequestOutcome> => {
  const [path = '/', query] = (request.url ?? '/').split('?', 2);
  // A HEAD is handled as a GET; node omits the body.
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  const call = { method, path, query: new URLSearchParams(query), headers: request.headers };
  try {
    const body = await readBody(request);
    return body === undefined ? service.bodyTooLarge(call) : await service.respond({ ...call, body });
  } catch {
    return service.broken(call);
  }
};

const deliver: Delivery = ({ status, headers, body }, response) => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
};

const end = (outcome: RequestOutcome, response: ServerResponse): void => {
  if (outcome === 'silence') return;
  if (outcome === 'reset') {
    response.req.socket.resetAndDestroy();
    return;
  }
  if (!('delivery' in outcome)) deliver(outcome, response);
  // A HEAD has no body for a special delivery.
  else if (response.req.method === 'HEAD') deliver(outcome.answer, response);
  else outcome.delivery(outcome.answer, response);
};

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/**
 * Starts an HTTP server. Closing it ends all connections: idle ones, and those that wait for a response.
 *
 * @param port 0 selects a free port.
 * @throws if the port is in use.
 */
export const serve = async (service: HttpService, host: string, port: number): Promise<RunningServer> => {
  const server = createServer((request, response) => {
    void outcomeOf(service, request).then((outcome) => end(outcome, response));
  });
  await listen(server, port, host);
  const { port: actualPort } = server.address() as AddressInfo;
  const authority = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${authority}:${actualPort}`, close: () => close(server) };
};
