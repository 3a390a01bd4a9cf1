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

/** What a request asks to be carried out. */
export interface Asked {
  readonly query: string | null;
  readonly documentId: string | null;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const known = new Set(['query', 'documentId', 'operationName', 'variables']);

const isTextOrNothing = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || typeof value === 'string';

/** @returns `undefined` for a body that is anything else than what is documented, or more. */
export const readBody = (body: Buffer): Asked | undefined => {
  let asked: unknown;
  try {
    asked = JSON.parse(body.toString());
  } catch {
    return undefined;
  }
  if (!isObject(asked) || !Object.keys(asked).every((key) => known.has(key))) return undefined;
  const { query, documentId, operationName, variables = null } = asked;
  if (![query, documentId, operationName].every(isTextOrNothing)) return undefined;
  if (variables !== null && !isObject(variables)) return undefined;
  return {
    query: (query as string | null | undefined) ?? null,
    documentId: (documentId as string | null | undefined) ?? null,
    operationName: (operationName as string | null | undefined) ?? null,
    variables,
  };
};
