import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Variables } from './operations.ts';
import { root } from './paths.ts';
import { hole } from './template.ts';

/** A request in the form of a client, with holes for the key; without host, token and length. */
export interface FormedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Recorded extends FormedRequest {
  readonly client: string;
  readonly request: string;
  readonly from: string;
}

/** Which recorded request a form is made of: package, and kind of request. */
const recordings = {
  apollo: ['@apollo/client', 'query'],
  urql: ['@urql/core', 'query with POST'],
  'urql-get': ['@urql/core', 'query'],
  relay: ['relay-runtime', 'query of its guide'],
  'graphql-request': ['graphql-request', 'query'],
  persisted: ['relay-runtime', 'persisted query with documentId'],
} as const;

export type FormName = 'plain' | keyof typeof recordings;

export const formNames: readonly FormName[] = [
  'plain',
  ...(Object.keys(recordings) as (keyof typeof recordings)[]),
];

/** By which a persisted document is named. */
export const documentIdOf = (document: string): string => createHash('sha256').update(document).digest('hex');

const plain = (query: string, variables: Variables): FormedRequest => ({
  method: 'POST',
  target: '/graphql',
  headers: { accept: 'application/json', 'content-type': 'application/json' },
  body: JSON.stringify({ query, variables }),
});

const recorded = (client: string, request: string): FormedRequest => {
  const file = join(root, 'test/fixtures/clients/requests.json');
  const all = JSON.parse(readFileSync(file, 'utf8')) as readonly Recorded[];
  const found = all.find(
    (one) => one.client.startsWith(`${client} `) && one.request === request && one.from === 'Node.js',
  );
  if (!found) throw new Error(`There is no recorded request of ${client}, ${request}.`);
  return found;
};

const withSearch = (
  { target, ...rest }: FormedRequest,
  query: string,
  variables: Variables,
): FormedRequest => {
  const [path = '', search] = target.split('?');
  const parameters = new URLSearchParams(search);
  parameters.set('query', query);
  parameters.set('variables', JSON.stringify(variables));
  const text = parameters.toString().replaceAll(encodeURIComponent(hole), hole);
  return { ...rest, target: `${path}?${text}` };
};

/** The name of the operation in a document. */
const operationIn = (document: string): string | undefined => /^\w+ (\w+)/.exec(document)?.[1];

/**
 * The request by which a client asks for a document. The keys of its body, their order, and its headers are recorded.
 *
 * @param document of one operation, which has a name.
 */
export const requestIn = (
  form: FormName,
  document: string,
  variables: Variables = { key: hole },
): FormedRequest => {
  if (form === 'plain') return plain(document, variables);
  const [client, kind] = recordings[form];
  const request = recorded(client, kind);
  if (request.method === 'GET') return withSearch(request, document, variables);
  const body = JSON.parse(request.body) as { readonly operationName?: string; readonly documentId?: string };
  const named = body.operationName === undefined ? {} : { operationName: operationIn(document) };
  const asked = body.documentId === undefined ? { query: document } : { documentId: documentIdOf(document) };
  return { ...request, body: JSON.stringify({ ...body, ...named, ...asked, variables }) };
};
