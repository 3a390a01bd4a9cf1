import type { IncomingMessage } from 'node:http';

/** A body; `undefined` if the client disconnected before it was complete. */
export type Body = Buffer | 'too large' | undefined;

const noBody = Buffer.alloc(0);

/**
 * Reads the body of a request to its end, unless it has more than `maxBytes`. Until its end, the connection keeps a
 * request, with its token, in memory.
 */
export const readBody = (request: IncomingMessage, maxBytes: number): Promise<Body> => {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && length === undefined) return Promise.resolve(noBody);
  if (Number(length) > maxBytes) return Promise.resolve('too large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (body: Body): void => {
      request.off('data', onData);
      request.off('end', onEnd);
      request.off('close', onClose);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= maxBytes) return;
      settle('too large');
      // The rest is discarded, so that the client reads the response.
      request.resume();
    };
    const onEnd = (): void => {
      const [first = noBody, ...more] = chunks;
      settle(more.length === 0 ? first : Buffer.concat(chunks));
    };
    const onClose = (): void => settle(undefined);
    request.on('data', onData);
    request.on('end', onEnd);
    request.on('close', onClose);
  });
};
