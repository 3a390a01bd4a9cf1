import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Reply, startGateway } from '../support/gateway.ts';

const url = 'http://gateway/graphql';
const hash = '5f1b1d0ab2b6e1c2d3f4a5968778695a4b3c2d1e0f123456789abcdef0123456';
const prefixed = `sha256:${hash.replace('5f', '6a')}`;
const document = 'query A($f: String = "R1001") { account(fileNumber: $f) { status } }';
const write =
  'mutation { addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { __typename } }';
const documents = new Map([
  [hash, document],
  [prefixed, '{ portfolios { name } }'],
  ['add-note', write],
]);

type Body = Readonly<Record<string, unknown>>;

const persistedQuery = (sha256Hash: unknown): Body => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
});

const start = async (only: boolean) => {
  const { gateway, calls } = await startGateway({ access: { persistedDocuments: { documents, only } } });
  const read = async (response: Response) => {
    const { data, errors } = (await response.json()) as Reply;
    const code = errors?.[0]?.extensions?.['code'];
    return { status: response.status, code, isAnswered: Boolean(data), calls: calls().length };
  };
  return {
    post: async (body: Body) =>
      read(
        await gateway.fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    get: async (body: Body) => {
      const entries = Object.entries(body).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
      return read(await gateway.fetch(`${url}?${new URLSearchParams(entries)}`));
    },
  };
};

const answered = { status: 200, code: undefined, isAnswered: true, calls: 1 };
const refused = (status: number, code: string) => ({ status, code, isAnswered: false, calls: 0 });

describe.each([true, false])('a document that is known (no others: %s)', (only) => {
  it.each<readonly [string, Body]>([
    ['its hash', { documentId: hash }],
    ['its hash with the algorithm', { documentId: `sha256:${hash}` }],
    ['the key that it has', { documentId: prefixed }],
    ['the hash in the key that it has', { documentId: prefixed.slice('sha256:'.length) }],
    ['the extension of persisted queries', persistedQuery(hash)],
    ['the parameter of Relay', { doc_id: hash }],
    ['documentId before doc_id and the extension', { documentId: hash, doc_id: 'x', ...persistedQuery('x') }],
    ['doc_id before the extension', { doc_id: hash, ...persistedQuery('x') }],
    ['its hash, with variables', { documentId: hash, variables: { f: 'R1002' }, operationName: 'A' }],
  ])('is carried out by %s, by POST and by GET', async (_, body) => {
    const { post } = await start(only);
    expect(await post(body)).toEqual(answered);
    const { get } = await start(only);
    expect(await get(body)).toEqual(answered);
  });

  it('that writes is not carried out by GET', async () => {
    const { get } = await start(only);
    expect(await get({ documentId: 'add-note' })).toEqual(refused(405, 'BAD_REQUEST'));
  });

  it.each<readonly [string, Body]>([
    ['another hash', { documentId: hash.replace('5', '7') }],
    ['a name of objects', { documentId: '__proto__' }],
    ['a hash in capitals', { documentId: hash.toUpperCase() }],
    ['nothing', { documentId: '' }],
    ['another id for Relay', { doc_id: hash.replace('5', '7') }],
    ['another id next to its hash in the extension', { documentId: 'x', ...persistedQuery(hash) }],
  ])('is not found by %s', async (_, body) => {
    const { post, get } = await start(only);
    expect(await post(body)).toEqual(refused(404, 'PERSISTED_DOCUMENT_NOT_FOUND'));
    expect(await get(body)).toEqual(refused(404, 'PERSISTED_DOCUMENT_NOT_FOUND'));
  });

  it('is asked for with its query, in the words of Apollo, if its hash in the extension is not known', async () => {
    const { post, get } = await start(only);
    const body = persistedQuery(hash.replace('5', '7'));
    expect(await post(body)).toEqual(refused(200, 'PERSISTED_QUERY_NOT_FOUND'));
    expect(await get(body)).toEqual(refused(200, 'PERSISTED_QUERY_NOT_FOUND'));
  });

  it.each<readonly [string, Body]>([
    ['neither query nor id', {}],
    ['an id that is no text', { documentId: 1 }],
    ['an extension that is no object', { extensions: { persistedQuery: hash } }],
    ['a hash in it that is no text', persistedQuery([hash])],
  ])('cannot be told from %s', async (_, body) => {
    const { post } = await start(only);
    expect(await post(body)).toEqual(refused(400, only ? 'PERSISTED_DOCUMENT_REQUIRED' : 'BAD_REQUEST'));
  });
});

it('extensions that are no object are no request, whichever documents are known', async () => {
  const { post } = await start(true);
  expect(await post({ extensions: hash })).toEqual(refused(400, 'BAD_REQUEST'));
});

describe('any other document', () => {
  it.each<readonly [string, Body]>([
    ['a query', { query: '{ __typename }' }],
    ['the text of one that is known', { query: document }],
    ['a query beside an id', { query: '{ __typename }', documentId: hash }],
    ['a query beside the extension', { query: '{ __typename }', ...persistedQuery(hash) }],
    ['a mutation', { query: write }],
    ['introspection, as GraphiQL asks for it', { query: getIntrospectionQuery() }],
  ])('is refused where only known ones are carried out: %s', async (_, body) => {
    const { post, get } = await start(true);
    expect(await post(body)).toEqual(refused(400, 'PERSISTED_DOCUMENT_REQUIRED'));
    expect(await get(body)).toEqual(refused(400, 'PERSISTED_DOCUMENT_REQUIRED'));
  });

  it('is carried out where others are too, whatever id stands beside it', async () => {
    const { post } = await start(false);
    expect(await post({ query: document })).toEqual(answered);
    expect(await post({ query: document, documentId: 'x' })).toEqual({ ...answered, calls: 2 });
  });

  it.each(['documentId', 'doc_id'])('cannot be named by %s where none are known', async (name) => {
    const { gateway } = await startGateway();
    const response = await gateway.fetch(`${url}?${name}=${hash}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('PERSISTED_DOCUMENTS is not set');
  });
});

describe('the error for a hash in the extension', () => {
  const send = async (
    persistedDocuments: { documents: typeof documents; only: boolean } | null,
    accept: string,
  ) => {
    const { gateway } = await startGateway({ access: { persistedDocuments } });
    return gateway.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(persistedQuery('x')),
    });
  };

  // Clients compare these texts, and stop sending hashes after 4xx and 5xx.
  it.each([
    ['application/json', null, 'PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED'],
    [
      'application/graphql-response+json',
      null,
      'PersistedQueryNotSupported',
      'PERSISTED_QUERY_NOT_SUPPORTED',
    ],
    ['application/json', { documents, only: false }, 'PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND'],
    [
      'application/graphql-response+json',
      { documents, only: true },
      'PersistedQueryNotFound',
      'PERSISTED_QUERY_NOT_FOUND',
    ],
  ])('in %s with %j is %s, and is not cached', async (accept, persistedDocuments, message, code) => {
    const response = await send(persistedDocuments, accept);
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(response.headers.get('content-type')).toContain(accept);
    expect(await response.json()).toEqual({ errors: [{ message, extensions: { code } }] });
  });
});
