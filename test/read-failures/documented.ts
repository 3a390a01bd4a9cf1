import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import { recoveryConnectOperations } from '../../src/upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../../src/upstreams/scollect/operations.ts';
import { corpusOf, folders } from '../support/corpus.ts';

const endpoints: Readonly<Record<string, Endpoint>> = { ...scollectOperations, ...recoveryConnectOperations };

export const endpointOf = (operation: string): Endpoint => {
  const endpoint = endpoints[operation];
  if (!endpoint) throw new Error(`No operation ${operation}`);
  return endpoint;
};

export const corpus = new Map(
  Object.values(folders)
    .flatMap(corpusOf)
    .map((file) => [file.operation, file] as const),
);

/** The documented success of an operation. */
export const documented = (operation: string): unknown => corpus.get(operation)?.success;
