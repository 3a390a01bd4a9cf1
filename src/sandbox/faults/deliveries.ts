import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Delivery, HttpAnswer } from '../server.ts';

const bytesOf = ({ body }: HttpAnswer): Buffer => (typeof body === 'string' ? Buffer.from(body) : body);

/** Returns the first half of a response body. */
export const halfOf = (answer: HttpAnswer): Buffer => {
  const bytes = bytesOf(answer);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
};

/** Sends headers for the whole body. */
const writeHead = (answer: HttpAnswer, response: ServerResponse): void => {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': bytesOf(answer).length });
};

/**
 * Resets a connection on which data was written.
 *
 * A client on libuv, such as node, interprets a reset together with data as a regular end, so the data is given time to
 * be read.
 */
const reset = async (socket: Socket): Promise<void> => {
  await setTimeout(20, undefined, { ref: false });
  // A client in the same process has read by then, however long that took.
  await setImmediate();
  socket.resetAndDestroy();
};

/** The status line and headers, without the blank line that would end them. */
export const resetInHeaders: Delivery = ({ status, headers }, { req: { socket } }) => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines].join('\r\n');
  socket.write(head, () => void reset(socket));
};

export const resetInBody: Delivery = (answer, response) => {
  writeHead(answer, response);
  response.write(halfOf(answer), () => void reset(response.req.socket));
};

export const stallInBody: Delivery = (answer, response) => {
  writeHead(answer, response);
  response.write(halfOf(answer));
};

type Chunks = (options?: { readonly signal?: AbortSignal | undefined }) => AsyncGenerator<Buffer>;

/** Sends chunks as fast as the client reads them, while the connection is open. */
const send = (chunks: Chunks, response: ServerResponse): void => {
  response.flushHeaders();
  // Fails if the connection is closed early, which is expected.
  pipeline(chunks, response).catch(() => {});
};

/** Sends one byte of the body at a time. */
export const drip =
  (milliseconds: number): Delivery =>
  (answer, response) => {
    writeHead(answer, response);
    send(async function* (options) {
      for (const byte of bytesOf(answer)) {
        await setTimeout(milliseconds, undefined, { ref: false, signal: options?.signal });
        yield Buffer.of(byte);
      }
    }, response);
  };

const blanks = Buffer.alloc(64 * 1024, ' ');

/** Sends a body without an end. */
export const endless: Delivery = (answer, response) => {
  response.writeHead(answer.status, answer.headers);
  send(async function* () {
    yield bytesOf(answer).subarray(0, -1);
    for (;;) {
      yield blanks;
      // A client that reads fast must not block others.
      await setImmediate();
    }
  }, response);
};
