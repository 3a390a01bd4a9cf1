import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { serveRaw } from '../support/raw-http.ts';

/** A request as a client sends it; `test/fixtures/clients/README.md` describes how they were recorded. */
interface Recorded {
  readonly client: string;
  readonly request: string;
  readonly from: string;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const fixture = new URL('../fixtures/clients/requests.json', import.meta.url);
const recorded = JSON.parse(readFileSync(fixture, 'utf8')) as readonly Recorded[];

const host = 'gateway.example.com';
const corsOrigins = ['https://app.example.com'];

const query = 'query Account($f: String!) { account(fileNumber: $f) { fileNumber status } }';
const variables = { f: 'R1001' };
const documents = new Map([
  ['SHA256_OF_THE_DOCUMENT', query],
  ['SHA256_OF_ANOTHER_DOCUMENT', '{ account(fileNumber: "R1001") { fileNumber } }'],
]);

const start = async (access: NonNullable<Parameters<typeof startGateway>[0]>['access'] = {}) => {
  const started = await startGateway({ access: { corsOrigins, ...access } });
  const { send } = await serveRaw(started);
  const fastQueries = async (): Promise<number> =>
    Number(/^recollect_fast_path_queries_total (\d+)$/m.exec(await started.metrics.read())?.[1]);
  const sendRecorded = ({
    method,
    target: path,
    headers,
    body,
  }: Pick<Recorded, 'method' | 'target' | 'headers' | 'body'>) =>
    send(body === '' ? [] : [body], { host, ...headers }, { method, path });
  return { send, sendRecorded, fastQueries };
};

const isPersisted = ({ target, body }: Recorded): boolean => `${target}${body}`.includes('SHA256');
const isMutation = ({ body }: Recorded): boolean => body.includes('mutation');
/** A parameter that is not supported. */
const hasOtherId = ({ body }: Recorded): boolean => body.includes('"id":"');

const titled = (some: readonly Recorded[]) =>
  some.map((one) => [`${one.client}, ${one.request}, from ${one.from}`, one] as const);

const queries = recorded.filter((one) => one.method !== 'OPTIONS' && !isMutation(one) && !isPersisted(one));
const persisted = recorded.filter((one) => one.method !== 'OPTIONS' && isPersisted(one) && !hasOtherId(one));

describe('requests of popular clients', () => {
  it('were recorded of each client, from Node.js and from pages', () => {
    const clients = new Set(recorded.map(({ client }) => client.split(' ')[0]));
    expect([...clients].sort()).toEqual(['@apollo/client', '@urql/core', 'graphql-request', 'relay-runtime']);
    expect(new Set(recorded.map(({ from }) => from)).size).toBe(3);
  });

  it.each(titled(queries))(
    '%s: the second is answered directly, byte for byte as the first',
    async (_, one) => {
      const { sendRecorded, fastQueries } = await start();
      const cold = await sendRecorded(one);
      expect([cold.status, await fastQueries()]).toEqual([200, 0]);
      expect(cold.body).toMatch(/^\{"data":\{"account":\{/);
      expect(await sendRecorded(one)).toEqual(cold);
      expect(await fastQueries()).toBe(1);
    },
  );

  it.each(titled(persisted))('%s: the second is answered directly, by its hash alone', async (_, one) => {
    const { sendRecorded, fastQueries } = await start({ persistedDocuments: { documents, only: true } });
    const cold = await sendRecorded(one);
    expect([cold.status, await fastQueries()]).toEqual([200, 0]);
    expect(await sendRecorded(one)).toEqual(cold);
    expect(await fastQueries()).toBe(1);
  });

  it.each(titled(recorded.filter(isMutation).filter(({ method }) => method === 'POST')))(
    '%s: is executed',
    async (_, one) => {
      const { sendRecorded, fastQueries } = await start();
      const replies = [await sendRecorded(one), await sendRecorded(one)];
      expect(replies.map(({ status }) => status)).toEqual([200, 200]);
      expect(replies[0]?.body).toContain('"addNote":{');
      expect(await fastQueries()).toBe(0);
    },
  );

  it.each(titled(recorded.filter(hasOtherId)))(
    '%s: is rejected, the first and the second',
    async (_, one) => {
      const { sendRecorded, fastQueries } = await start();
      const cold = await sendRecorded(one);
      expect(cold.status).toBe(400);
      expect(cold.body).toMatch(/Must provide query string/);
      expect(await sendRecorded(one)).toEqual(cold);
      expect(await fastQueries()).toBe(0);
    },
  );
});

/** Sends a request twice to a gateway of its own. */
const sendTwice = async (
  body: string,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
  line: { readonly method?: string; readonly path?: string } = {},
) => {
  const { send, fastQueries } = await start();
  const chunks = line.method === 'GET' ? [] : [body];
  const replies = [
    await send(chunks, { host, ...headers }, line),
    await send(chunks, { host, ...headers }, line),
  ];
  return { cold: replies[0], warm: replies[1], fastQueries: await fastQueries() };
};

const searchOf = (parameters: Readonly<Record<string, string>>): string =>
  `/graphql?${new URLSearchParams(parameters)}`;

describe('the body of a request', () => {
  const operationName = 'Account';
  const extensions = { clientLibrary: { name: 'a', version: '1' } };

  it.each([
    ['query, variables', { query, variables }],
    ['variables, query', { variables, query }],
    ['operationName, variables, extensions, query', { operationName, variables, extensions, query }],
    ['extensions, query, operationName, variables', { extensions, query, operationName, variables }],
    ['operationName: null', { operationName: null, query, variables }],
    ['extensions: null', { query, variables, extensions: null }],
    ['extensions: {}', { query, variables, extensions: {} }],
    ['extensions of any keys', { query, variables, extensions: { a: [1], b: null, tracing: { c: 'd' } } }],
    ['a hash next to its query', { query, variables, extensions: { persistedQuery: { sha256Hash: 'x' } } }],
    ['ids next to its query', { query, variables, documentId: 'x', doc_id: 'y' }],
    ['unknown parameters that are null', { id: null, doc_id: null, documentId: null, query, variables }],
    ['no variables', { query: '{ account(fileNumber: "R1001") { status } }' }],
    ['variables: null', { query: '{ account(fileNumber: "R1001") { status } }', variables: null }],
    ['variables: {}', { query: '{ account(fileNumber: "R1001") { status } }', variables: {} }],
  ])('is the same for both paths: %s', async (_, body) => {
    const { cold, warm, fastQueries } = await sendTwice(JSON.stringify(body));
    expect(cold?.status).toBe(200);
    expect(warm).toEqual(cold);
    expect(fastQueries).toBe(1);
  });

  it.each([
    ['extensions: a list', { query, variables, extensions: [] }],
    ['extensions: a text', { query, variables, extensions: 'x' }],
    ['extensions: a number', { query, variables, extensions: 1 }],
    ['extensions: a Boolean', { query, variables, extensions: false }],
    ['variables: a list', { query, variables: [] }],
    ['query: an object', { query: {}, variables }],
    ['an unknown parameter', { query, variables, more: 0 }],
    ['documentId, where no documents are known', { variables, documentId: 'x' }],
  ])('is rejected on both paths: %s', async (_, body) => {
    const { send, fastQueries } = await start();
    const wrong = [JSON.stringify(body)];
    const cold = await send(wrong, { host });
    expect(cold.status).toBe(400);
    expect(cold.body).toContain('BAD_REQUEST');
    await send([JSON.stringify({ query, variables })], { host });
    expect(await send(wrong, { host })).toEqual(cold);
    expect(await fastQueries()).toBe(0);
  });
});

describe('the target of a request', () => {
  const parameters = { query, variables: JSON.stringify(variables) };

  it.each([
    ['POST', '/graphql/'],
    ['POST', '/graphql?op=Account'],
    ['POST', '/graphql/?op=Account'],
    ['POST', '/graphql?'],
    ['POST', '/graphql?op=Account&query=%7B__typename%7D&documentId=x'],
    ['POST', '/graphql?op=%zz&a=?b'],
    ['GET', searchOf(parameters)],
    ['GET', searchOf(parameters).replace('/graphql', '/graphql/')],
    ['GET', searchOf({ ...parameters, operationName: 'Account', extensions: '{"a":1}', more: 'x' })],
    ['GET', `${searchOf(parameters)}&query=%7B__typename%7D&operationName=&extensions=`],
    ['GET', searchOf({ query, variables: '{"f":"a?b"}' }).replaceAll('%3F', '?')],
  ])('may be any form of the endpoint: %s %s', async (method, path) => {
    const { cold, warm, fastQueries } = await sendTwice(
      JSON.stringify({ query, variables }),
      {},
      { method, path },
    );
    expect(cold?.status).toBe(200);
    expect(warm).toEqual(cold);
    expect(fastQueries).toBe(1);
  });

  it.each([
    ['a number as long as a personal one', { query, variables: '{"f":"123456789"}' }, 400],
    ['variables that are no JSON', { query, variables: '{' }, 400],
    ['variables that are a list', { query, variables: '[]' }, 400],
    ['extensions that are a list', { ...parameters, extensions: '[]' }, 400],
    ['a mutation', { query: 'mutation { addNote(input: {}) { __typename } }' }, 405],
  ])('is rejected on both paths, in a GET: %s', async (_, all, status) => {
    const { send, fastQueries } = await start();
    const path = searchOf(all);
    const cold = await send([], { host }, { method: 'GET', path });
    await send([], { host }, { method: 'GET', path: searchOf(parameters) });
    expect(await send([], { host }, { method: 'GET', path })).toEqual(cold);
    expect([cold.status, await fastQueries()]).toEqual([status, 0]);
  });

  it('makes no personal argument of a POST valid for a GET', async () => {
    const personal = '{ orders(filter: { statusId: 1 }) { totalCount } }';
    const { send, fastQueries } = await start();
    const path = searchOf({ query: personal });
    const cold = await send([], { host }, { method: 'GET', path });
    expect([cold.status, cold.body]).toEqual([400, expect.stringContaining('Personal data')]);
    for (let n = 0; n < 2; n += 1) await send([JSON.stringify({ query: personal })], { host });
    expect(await fastQueries()).toBe(1);
    expect(await send([], { host }, { method: 'GET', path })).toEqual(cold);
    expect(await fastQueries()).toBe(1);
  });

  it('gives a browser GraphiQL, also for a query that was executed before', async () => {
    const { send } = await start();
    const path = searchOf(parameters);
    const accept = 'text/html, application/json';
    for (let n = 0; n < 2; n += 1) await send([JSON.stringify({ query, variables })], { host, accept });
    for (let n = 0; n < 2; n += 1) await send([], { host }, { method: 'GET', path });
    const { headers } = await send([], { host, accept }, { method: 'GET', path });
    expect(headers.join().toLowerCase()).toContain('content-type: text/html');
  });
});

describe('a header of a request', () => {
  it.each<readonly [string, string | readonly string[]]>([
    ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['tracestate', 'vendor=opaque'],
    ['baggage', 'userId=alice,serverNode=DF%2028'],
    ['b3', '80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1'],
    ['x-b3-traceid', '80f198ee56343ba864fe8b2a57d3eff7'],
    ['x-datadog-trace-id', '7277407061855694839'],
    ['sentry-trace', '771a43a4192642f0b136d5159a501700-1'],
    ['x-amzn-trace-id', 'Root=1-67891233-abcdef012345678912345678'],
    ['x-request-id', '7b92603e-77ed-4896-8e78-5dea2050476a'],
    ['x-correlation-id', '7b92603e'],
    ['request-id', '|7b92603e.1.'],
    ['apollographql-client-name', 'agent-desk'],
    ['apollographql-client-version', '1.2.3'],
    ['graphql-client-name', 'agent-desk'],
    ['graphql-client-version', '1.2.3'],
    ['x-apollo-operation-name', 'Account'],
    ['x-apollo-operation-id', '5f1d'],
    ['x-graphql-client-name', 'agent-desk'],
    ['apollo-require-preflight', 'true'],
    ['apollo-query-plan-experimental', 'true'],
    ['graphql-preflight', '1'],
    ['graphql-require-preflight', '1'],
    ['x-csrf-token', 'x'],
    ['x-requested-with', 'XMLHttpRequest'],
    ['idempotency-key', '"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
    ['cookie', ['session=abc', 'theme=dark']],
    ['accept-encoding', 'gzip, deflate, br, zstd'],
    ['accept-language', 'en-US,en;q=0.9'],
    ['cache-control', 'no-cache'],
    ['pragma', 'no-cache'],
    ['if-none-match', '"x"'],
    ['priority', 'u=1, i'],
    ['dnt', '1'],
    ['sec-gpc', '1'],
    ['save-data', 'on'],
    ['te', 'trailers'],
    ['via', '1.1 proxy'],
    ['forwarded', 'for=192.0.2.1'],
    ['x-forwarded-for', '192.0.2.1'],
    ['x-real-ip', '192.0.2.1'],
    ['cdn-loop', 'cloudflare'],
    ['expect', '100-continue'],
    ['content-type', 'application/json; charset=utf-8'],
    ['content-type', 'application/json;charset=UTF-8'],
    ['x-anything', 'at all'],
  ])('makes no difference: %s: %s', async (name, value) => {
    const { send, fastQueries } = await start();
    const body = [JSON.stringify({ query, variables })];
    const without = await send(body, { host });
    expect(await send(body, { host, [name]: value })).toEqual(without);
    expect(await fastQueries()).toBe(1);
  });
});
