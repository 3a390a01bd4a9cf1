import type { IncomingMessage } from 'node:http';

/**
 * Waits for a body of a known length and takes it, such that it can be put back as long as nothing else is read.
 *
 * @returns `undefined` where the client leaves before it has sent all.
 */
export const takeBody = (request: IncomingMessage, length: number): Promise<Buffer | undefined> => {
  const taken = request.read(length) as Buffer | null;
  if (taken) return Promise.resolve(taken);
  return new Promise((resolve) => {
    const settle = (body: Buffer | undefined): void => {
      request.off('readable', onReadable);
      request.off('close', onClose);
      resolve(body);
    };
    const onReadable = (): void => {
      const body = request.read(length) as Buffer | null;
      // At its end, what there is is given, however much was asked for.
      if (body) settle(body);
    };
    const onClose = (): void => settle(undefined);
    request.on('readable', onReadable);
    request.once('close', onClose);
  });
};
