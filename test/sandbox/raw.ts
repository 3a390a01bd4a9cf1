import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** One HTTP exchange as it is seen on its connection. */
export interface Exchange {
  /** The bytes that have come, as text; undefined as long as it are fewer than `length`. */
  received(length?: number): string | undefined;
  /** How many bytes have come. */
  size(): number;
  /** Takes nothing more. */
  pause(): void;
  /** Closes the connection. */
  leave(): void;
  /** Whether the connection was closed in order, or the code of the error that it ended with. */
  readonly ended: Promise<'closed' | string>;
}

/** Sends a request over a connection of its own and keeps what comes, whatever it is. */
export const exchange = (
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Exchange => {
  const { hostname, port, pathname, host } = new URL(url);
  const content = body === undefined ? '' : JSON.stringify(body);
  const lines = Object.entries({
    host,
    accept: 'application/json',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(content),
    connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const chunks: Buffer[] = [];
  let size = 0;
  socket.on('data', (chunk) => {
    size += chunk.length;
    // Of a body without end the beginning will do.
    if (size < 2 ** 20) chunks.push(chunk);
  });
  const ended = new Promise<string>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.once('close', () => resolve('closed'));
  });
  socket.write(`${method} ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${content}`);
  return {
    received: (length = 0) => (size < length ? undefined : Buffer.concat(chunks).toString('latin1')),
    size: () => size,
    pause: () => void socket.pause(),
    leave: () => void socket.destroy(),
    ended,
  };
};

/** The head and the body of what was received. */
export const parts = (received = ''): readonly [head: string, body: string] => {
  const [head = '', ...body] = received.split('\r\n\r\n');
  return [head, body.join('\r\n\r\n')];
};
