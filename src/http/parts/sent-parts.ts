import type { ServerResponse } from 'node:http';

// Bodies that come in parts, whatever the parts are.

/** Calls a function once when all parts are taken, or no more are: with the number of bytes. */
export const withEnd = (
  parts: AsyncIterable<string>,
  onEnd: (bytes: number) => void,
): AsyncIterable<string> => ({
  [Symbol.asyncIterator]: () => {
    const iterator = parts[Symbol.asyncIterator]();
    let bytes = 0;
    let isEnded = false;
    const end = (): void => {
      if (isEnded) return;
      isEnded = true;
      onEnd(bytes);
    };
    return {
      next: async () => {
        try {
          const part = await iterator.next();
          if (part.done) end();
          else bytes += Buffer.byteLength(part.value);
          return part;
        } catch (error) {
          end();
          throw error;
        }
      },
      return: async () => {
        try {
          await iterator.return?.();
        } finally {
          end();
        }
        return { done: true, value: undefined };
      },
    };
  },
});

/** Ends parts of which none was taken. */
export const endParts = async (parts: AsyncIterable<string>): Promise<void> => {
  await parts[Symbol.asyncIterator]().return?.();
};

/** Whether nothing more can be written. */
export const isOver = ({ closed, destroyed, writableEnded }: ServerResponse): boolean =>
  closed || destroyed || writableEnded;

/** Waits until the client has taken what was written, or has disconnected. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
    if (isOver(response)) done();
  });

/** Sends parts as they come, and as fast as the client takes them. */
export const sendParts = async (response: ServerResponse, parts: AsyncIterable<string>): Promise<void> => {
  for await (const part of parts) {
    if (isOver(response)) break;
    if (!response.write(part)) await drained(response);
    if (isOver(response)) break;
  }
  response.end();
};

/**
 * Returns parts as the body of a web response.
 *
 * @param onEnd is called when all are read, or no more are.
 */
export const readableOf = (
  parts: AsyncIterable<string>,
  signal: AbortSignal,
  onEnd: () => void,
): ReadableStream<Uint8Array> => {
  const iterator = parts[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let stopWatching = (): void => {};
  const end = (): void => {
    stopWatching();
    onEnd();
  };
  const cancel = async (): Promise<void> => {
    try {
      await iterator.return?.();
    } finally {
      end();
    }
  };
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      const abort = (): void => {
        controller.error(signal.reason);
        void cancel();
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      stopWatching = () => signal.removeEventListener('abort', abort);
    },
    pull: async (controller) => {
      try {
        const part = await iterator.next();
        if (signal.aborted) return;
        if (!part.done) {
          controller.enqueue(encoder.encode(part.value));
          return;
        }
        end();
        controller.close();
      } catch (error) {
        end();
        throw error;
      }
    },
    cancel,
  });
};
