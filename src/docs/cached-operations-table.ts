import { uncachedReasons, whyUncached } from '../upstreams/endpoint/caching.ts';
import type { Endpoint } from '../upstreams/endpoint/endpoint.ts';
import { recoveryConnectOperations } from '../upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../upstreams/scollect/operations.ts';
import { code, table } from './markdown.ts';

const operations: readonly Endpoint[] = [
  ...Object.values(scollectOperations),
  ...Object.values(recoveryConnectOperations),
];

const namesOf = (isListed: (endpoint: Endpoint) => boolean): string =>
  operations
    .filter(isListed)
    .map(({ operation }) => code(operation))
    .join(', ');

/** Which operations may be cached, and why others may not. */
export const cachedOperationsTable = (): string =>
  table(
    ['cached', 'operations'],
    [
      ['if `CACHE` names it', namesOf((endpoint) => whyUncached(endpoint) === null)],
      ...Object.entries(uncachedReasons).map(([caching, reason]) => [
        `never: ${reason}`,
        namesOf((endpoint) => endpoint.caching === caching),
      ]),
      ['never: it is a write', namesOf(({ effect }) => effect === 'write')],
    ],
  );
