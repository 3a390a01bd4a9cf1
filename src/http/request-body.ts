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
    let chunks: Buffer[] = [];
    let bytes = 0;
    /** The listeners stay until the request is over, and must not keep its body in memory. */
    const settle = (body: Body): void => {
      chunks = [];
      resolve(body);
    };
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // The rest is discarded, so that the client reads the response.
      if (bytes > maxBytes) settle('too large');
      else chunks.push(chunk);
    });
    request.on('end', () => {
      const [first = noBody] = chunks;
      settle(chunks.length > 1 ? Buffer.concat(chunks) : first);
    });
    request.on('close', () => settle(undefined));
  });
};
