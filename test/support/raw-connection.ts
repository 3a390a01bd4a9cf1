import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A response as it came over a connection. */
export interface RawResponse {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const headersIn = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(/: ?(.*)/s, 2);
      return [name.toLowerCase(), value];
    }),
  );

/** The body of a chunked response, and what comes after it; `undefined` if its end has not come. */
const readChunks = (text: string): readonly [body: string, rest: string] | undefined => {
  let body = '';
  let rest = text;
  for (;;) {
    const [, size = ''] = /^([\da-f]+)\r\n/i.exec(rest) ?? [];
    const begin = size.length + 2;
    const end = begin + Number.parseInt(size, 16);
    if (size === '' || rest.length < end + 2) return undefined;
    body += rest.slice(begin, end);
    rest = rest.slice(end + 2);
    if (/^0+$/.test(size)) return [body, rest];
  }
};

const readOne = (text: string, isHead: boolean): readonly [RawResponse, string] | undefined => {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = headersIn(lines);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1]);
  const after = text.slice(end + 4);
  if (isHead || status === 204 || status < 200) return [{ status, headers, body: '' }, after];
  if (headers['transfer-encoding'] === 'chunked') {
    const read = readChunks(after);
    return read && [{ status, headers, body: read[0] }, read[1]];
  }
  const length = Number(headers['content-length'] ?? after.length);
  if (after.length < length) return undefined;
  return [{ status, headers, body: after.slice(0, length) }, after.slice(length)];
};

/** The complete responses in what came over a connection; texts are in Latin-1. */
export const responsesIn = (text: string, isHead = false): RawResponse[] => {
  const responses: RawResponse[] = [];
  let rest = text;
  for (let read = readOne(rest, isHead); read; read = readOne(rest, isHead)) {
    responses.push(read[0]);
    rest = read[1];
    if (rest === '') break;
  }
  return responses;
};

/** A connection over which anything is sent, right or wrong. */
export interface RawConnection {
  readonly socket: Socket;
  received(): string;
  /** Waits until so many responses have come, or the connection is closed. */
  responses(count: number): Promise<RawResponse[]>;
  readonly closed: Promise<unknown>;
}

export const openRaw = async (port: number): Promise<RawConnection> => {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let received = '';
  let isClosed = false;
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk;
  });
  // However it is closed.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      isClosed = true;
      resolve();
    });
  });
  await once(socket, 'connect');
  return {
    socket,
    received: () => received,
    closed,
    responses: async (count) => {
      for (;;) {
        const responses = responsesIn(received);
        if (responses.length >= count || isClosed) return responses;
        await Promise.race([once(socket, 'data'), closed]);
      }
    },
  };
};

interface RawRequest {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  /** Each as it is sent; `Host` is added unless given. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A request as it is written. */
export const written = (request: RawRequest): string => {
  const { method = 'POST', target = '/graphql', version = '1.1', headers = [], body = '' } = request;
  const has = (name: string) => headers.some((header) => header.toLowerCase().startsWith(`${name}:`));
  const all = [
    ...(has('host') ? [] : ['Host: gateway.example.com']),
    ...(body === '' || has('content-type') ? [] : ['Content-Type: application/json']),
    ...(body === '' || has('content-length') ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...headers,
  ];
  return `${[`${method} ${target} HTTP/${version}`, ...all].join('\r\n')}\r\n\r\n${body}`;
};

/** Sends one request over a connection of its own. */
export const sendRaw = async (port: number, request: RawRequest): Promise<RawResponse | undefined> => {
  const connection = await openRaw(port);
  const headers = [...(request.headers ?? []), 'Connection: close'];
  connection.socket.write(written({ ...request, headers }), 'latin1');
  await connection.closed;
  return responsesIn(connection.received(), request.method === 'HEAD')[0];
};
