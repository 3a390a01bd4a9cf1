import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Delivery, HttpAnswer } from '../server.ts';

const bytesOf = ({ body }: HttpAnswer): Buffer => (typeof body === 'string' ? Buffer.from(body) : body);

/** The first half of an answer's body. */
export const halfOf = (answer: HttpAnswer): Buffer => {
  const bytes = bytesOf(answer);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
};

/** Announces the whole body. */
const writeHead = (answer: HttpAnswer, response: ServerResponse): void => {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': bytesOf(answer).length });
};

/**
 * Resets a connection on which data has been written.
 *
 * A caller on libuv, such as node, takes a reset that it finds together with data for an orderly end: the data needs
 * time to be read.
 */
const reset = async (socket: Socket): Promise<void> => {
  await setTimeout(20, undefined, { ref: false });
  // A caller in this same process has been given its turn to read by then, however long that took.
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

type Chunks = (options?: { readonly signal: AbortSignal }) => AsyncGenerator<Buffer>;

/** Sends chunks no faster than the caller takes them, and no longer than the connection is open. */
const send = (chunks: Chunks, response: ServerResponse): void => {
  response.flushHeaders();
  // It fails where the connection is closed before the end, which is nobody's business here.
  pipeline(chunks, response).catch(() => {});
};

/** One byte of the body at a time. */
export const drip =
  (milliseconds: number): Delivery =>
  (answer, response) => {
    writeHead(answer, response);
    send(async function* (options) {
      for (const byte of bytesOf(answer)) {
        await setTimeout(milliseconds, undefined, { ref: false, ...options });
        yield Buffer.of(byte);
      }
    }, response);
  };

const blanks = Buffer.alloc(64 * 1024, ' ');

/** A body that never comes to its last character. */
export const endless: Delivery = (answer, response) => {
  response.writeHead(answer.status, answer.headers);
  send(async function* () {
    yield bytesOf(answer).subarray(0, -1);
    for (;;) {
      yield blanks;
      // A caller that takes all at once must not keep the others waiting.
      await setImmediate();
    }
  }, response);
};
