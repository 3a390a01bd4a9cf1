import { describe, expect, it } from 'vitest';
import type { MeasuredRequest } from '../../src/telemetry/metrics/request-metrics.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { serveRaw } from '../support/raw-http.ts';
import { samplesIn } from '../support/samples.ts';

type Options = NonNullable<Parameters<typeof startGateway>[0]>;
type Started = Awaited<ReturnType<typeof startGateway>>;

const url = 'http://gateway/graphql';

/** The samples of a metric that are not 0, without its name: labels in their order, and the value. */
const counted = async ({ metrics }: Pick<Started, 'metrics'>, name: string): Promise<string[]> =>
  samplesIn(await metrics.read())
    .filter((sample) => sample.name === name && sample.value !== 0)
    .map(({ labels, value }) => [...Object.values(labels), value].join(' '));

const post = (parameters: object, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
  body: JSON.stringify(parameters),
});

const send = async ({ gateway }: Started, request: RequestInit, address = url): Promise<string> =>
  (await gateway.fetch(address, request)).text();

/** Expects that exactly one request was counted, and that its parts agree. */
const expectOne = async (started: Started, label: string): Promise<void> => {
  expect(await counted(started, 'recollect_requests_total')).toEqual([`${label} 1`]);
  expect(await counted(started, 'recollect_request_seconds_count')).toEqual([`${label} 1`]);
  expect(await counted(started, 'recollect_requests_under_way')).toEqual([]);
};

const account = '{ account(fileNumber: "R1001") { client } }';
const failing = '{ account(fileNumber: "R1001") { notes { totalCount } } }';
const note = 'addNote(input: { fileNumber: "R1001", collectorName: "c", body: "b" }) { __typename }';
const deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) as unknown;

const failingNotes = async (): Promise<Options> => ({
  scollect: await startCorpusUpstream('scollect', { getnotes: { status: 503, html: 'x' } }),
});

interface Example {
  readonly request: object;
  readonly label: string;
  readonly codes?: readonly string[];
  readonly options?: () => Options | Promise<Options>;
  /** Whether the handler executes it directly when it is sent again. */
  readonly isCached?: boolean;
}

const outcomes: Readonly<Record<string, Example>> = {
  'a query': { request: { query: account }, label: 'query other ok', isCached: true },
  'a missing object': {
    request: { query: '{ account(fileNumber: "NONE") { client } }' },
    label: 'query other ok',
    isCached: true,
  },
  'a field that fails next to others': {
    request: { query: `{ __typename ${failing.slice(1)}` },
    options: failingNotes,
    label: 'query other partial',
    codes: ['UPSTREAM_UNAVAILABLE 1'],
    isCached: true,
  },
  'one root field that fails': {
    request: { query: '{ account(fileNumber: "") { client } }' },
    label: 'query other error',
    codes: ['BAD_USER_INPUT 1'],
    isCached: true,
  },
  'two root fields that fail': {
    request: { query: '{ a: account(fileNumber: "") { client } b: account(fileNumber: "") { client } }' },
    label: 'query other error',
    codes: ['BAD_USER_INPUT 2'],
    isCached: true,
  },
  'a variable of another type': {
    request: { query: 'query ($n: String!) { account(fileNumber: $n) { client } }', variables: {} },
    label: 'query other refused',
    codes: ['BAD_USER_INPUT 1'],
  },
  'too many upstream calls': {
    request: { query: account },
    options: () => ({ operationLimits: { maxUpstreamCalls: 0 } }),
    label: 'query other refused',
    codes: ['QUERY_TOO_COMPLEX 1'],
    isCached: true,
  },
  'a mutation': { request: { query: `mutation { ${note} }` }, label: 'mutation other ok' },
  'a mutation without its scope': {
    request: { query: `mutation { ${note} }` },
    options: () => ({ scopes: [] }),
    label: 'mutation other error',
    codes: ['FORBIDDEN 1'],
  },
  'a mutation by a document that is not valid': {
    request: { query: 'mutation { nothing }' },
    label: 'other other refused',
    codes: ['GRAPHQL_VALIDATION_FAILED 1'],
  },
  'a syntax error': {
    request: { query: '{' },
    label: 'other other refused',
    codes: ['GRAPHQL_PARSE_FAILED 1'],
  },
  'a document that is too deep': {
    request: { query: account },
    options: () => ({ operationLimits: { maxDepth: 1 } }),
    label: 'other other refused',
    codes: ['QUERY_TOO_COMPLEX 1'],
  },
  'an operation that is not there': {
    request: { query: account, operationName: 'B' },
    label: 'other other refused',
    codes: ['OPERATION_RESOLUTION_FAILURE 1'],
  },
  'variables that a guard rejects': {
    request: { query: account, variables: { f: deep } },
    label: 'other other refused',
    codes: ['BAD_USER_INPUT 1'],
  },
  'an error of the gateway in a guard': {
    request: { query: account },
    options: () => ({
      authenticate: () => {
        throw new Error('CANARY');
      },
    }),
    label: 'other other error',
    codes: ['INTERNAL_SERVER_ERROR 1'],
  },
  'an audit trail that throws': {
    request: { query: account },
    options: () => ({
      audit: { writeBatched: () => Promise.reject(new Error('CANARY')), close: () => {} } as never,
    }),
    label: 'query other error',
    codes: ['INTERNAL_SERVER_ERROR 1'],
  },
};

describe('a GraphQL request is counted once, by its outcome', () => {
  it.each(Object.entries(outcomes))('%s, at graphql-yoga', async (_, example) => {
    const started = await startGateway(await example.options?.());
    await send(started, post(example.request));
    await expectOne(started, example.label);
    expect(await counted(started, 'recollect_errors_total')).toEqual(example.codes ?? []);
    expect(await counted(started, 'recollect_fast_path_queries_total')).toEqual([]);
  });

  it.each(Object.entries(outcomes).filter(([, { isCached }]) => isCached))(
    '%s, executed directly',
    async (_, { request, label, codes = [], options }) => {
      const started = await startGateway(await options?.());
      await send(started, post(request));
      await send(started, post(request));
      expect(await counted(started, 'recollect_fast_path_queries_total')).toEqual(['1']);
      expect(await counted(started, 'recollect_requests_total')).toEqual([`${label} 2`]);
      const twice = codes.map((code) => code.replace(/\d+$/, (count) => String(2 * Number(count))));
      expect(await counted(started, 'recollect_errors_total')).toEqual(twice);
    },
  );

  it.each(['text/event-stream', 'multipart/mixed'])('a response as a stream: %s', async (accept) => {
    const started = await startGateway();
    await send(started, post({ query: account }, { accept }));
    await expectOne(started, 'query other ok');
  });

  it('a mutation by GET', async () => {
    const started = await startGateway();
    await send(started, {}, `${url}?query=${encodeURIComponent(`mutation { ${note} }`)}`);
    await expectOne(started, 'other other refused');
    expect(await counted(started, 'recollect_refusals_total')).toEqual(['method_not_allowed 1']);
  });

  it('a client that disconnects before its body is complete', async () => {
    const started = await startGateway();
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{'));
        controller.error(new Error('gone'));
      },
    });
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    await expect(started.gateway.fetch(url, request as RequestInit)).rejects.toThrow();
    await expectOne(started, 'other other refused');
    expect(await counted(started, 'recollect_response_bytes_count')).toEqual([]);
  });

  it('a client that disconnects during its query', async () => {
    const client = new AbortController();
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: () => {
        client.abort();
        return new Promise(() => {}) as never;
      },
    });
    const started = await startGateway({ scollect });
    await expect(
      started.gateway.fetch(url, { ...post({ query: account }), signal: client.signal }),
    ).rejects.toThrow();
    await expect.poll(() => counted(started, 'recollect_requests_under_way')).toEqual([]);
    await expectOne(started, 'query other error');
  });
});

describe('requests in flight', () => {
  it('are counted by the type of their operation', async () => {
    const seen: string[][] = [];
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: async () => {
        seen.push(await counted(started, 'recollect_requests_under_way'));
        return { json: { result: [{ filenumber: 'R1001' }], state: 'SUCCESS' } };
      },
    });
    const started: Started = await startGateway({
      scollect,
      authenticate: async () => {
        seen.push(await counted(started, 'recollect_requests_under_way'));
        return { id: 'a', tenant: null, scopes: new Set(['accounts:read'] as const) };
      },
    });
    await send(started, post({ query: account }));
    expect(seen).toEqual([['other 1'], ['query 1']]);
  });
});

const none = { 'content-type': 'application/json' };

describe('requests that are not GraphQL requests', () => {
  it.each<readonly [string, string, RequestInit]>([
    ['/health', 'http://gateway/health', {}],
    ['/ready', 'http://gateway/ready', {}],
    ['/metrics', 'http://gateway/metrics', {}],
    ['/metrics by POST', 'http://gateway/metrics', { method: 'POST', headers: none, body: '{}' }],
    ['an unknown path', 'http://gateway/nothing', {}],
    ["GraphiQL's page", url, { headers: { accept: 'text/html' } }],
    ['the redirect to it', 'http://gateway/', { headers: { accept: 'text/html' } }],
    ['a preflight', url, { method: 'OPTIONS', headers: { origin: 'https://app.example.com' } }],
  ])('are not counted: %s', async (_, address, request) => {
    const started = await startGateway({ access: { corsOrigins: ['https://app.example.com'] } });
    await send(started, request, address);
    for (const name of ['requests_total', 'request_seconds_count', 'errors_total', 'response_bytes_count']) {
      expect(await counted(started, `recollect_${name}`)).toEqual([]);
    }
  });
});

describe('a trusted document', () => {
  const documents = new Map([
    ['a', 'query OpenAccount { account(fileNumber: "R1001") { client } }'],
    ['two', 'query First { __typename } query Second { __typename }'],
    ['none', '{ __typename }'],
    ['write', `mutation WriteNote { ${note} }`],
    ['long', `query ${'N'.repeat(101)} { __typename }`],
  ]);
  const start = () => startGateway({ access: { persistedDocuments: { documents, only: false } } });

  it.each<readonly [string, object, string]>([
    ['by documentId', { documentId: 'a' }, 'query OpenAccount ok'],
    ['by doc_id', { doc_id: 'a' }, 'query OpenAccount ok'],
    [
      'by a hash',
      { extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } },
      'query OpenAccount ok',
    ],
    ['with several operations', { documentId: 'two', operationName: 'Second' }, 'query Second ok'],
    ['with a mutation', { documentId: 'write' }, 'mutation WriteNote ok'],
    ['without a name', { documentId: 'none' }, 'query other ok'],
    ['with a name that is too long', { documentId: 'long' }, 'query other ok'],
    ['with an unknown operation', { documentId: 'two', operationName: 'CANARY' }, 'other other refused'],
    ['with an unknown id', { documentId: 'CANARY' }, 'other other refused'],
    ['sent as a text', { query: documents.get('a') }, 'query other ok'],
    ['sent as a text with its id', { query: documents.get('a'), documentId: 'a' }, 'query other ok'],
  ])('is counted by the name of its operation: %s', async (_, request, label) => {
    const started = await start();
    await send(started, post(request));
    await expectOne(started, label);
    // Executed directly, if it is a query.
    await send(started, post(request));
    expect(await counted(started, 'recollect_requests_total')).toEqual([`${label} 2`]);
    expect(await started.metrics.read()).not.toContain('CANARY');
  });

  it('has all outcomes from its first request', async () => {
    const started = await start();
    await send(started, post({ documentId: 'a' }));
    expect(await started.metrics.read()).toContain(
      'recollect_requests_total{type="query",operation="OpenAccount",outcome="error"} 0',
    );
  });

  it('beyond 200 names is counted as other', async () => {
    const metrics = createMetrics();
    const request: MeasuredRequest = {
      type: 'other',
      outcome: 'ok',
      trustedOperation: undefined,
      begin: performance.now(),
    };
    for (let index = 0; index < 300; index += 1) {
      const own = { ...request, trustedOperation: `Operation${index}` };
      metrics.requests.onRequest(own);
      metrics.requests.onType(own, 'query');
      metrics.requests.onReply(own, 1);
    }
    const lines = await counted({ metrics }, 'recollect_requests_total');
    expect(lines).toHaveLength(201);
    expect(lines).toContain('query other ok 100');
  });
});

describe('recollect_mutations_total', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['a success', `mutation { ${note} }`, ['addNote AddNoteSuccess 1']],
    ['two', `mutation { a: ${note} b: ${note} }`, ['addNote AddNoteSuccess 2']],
    [
      'a failure in the result',
      `mutation { ${note.replace('"R1001"', '""')} }`,
      ['addNote InvalidInputError 1'],
    ],
    ['a query', account, []],
  ])('counts by mutation and member of the result: %s', async (_, query, lines) => {
    const started = await startGateway();
    await send(started, post({ query }));
    expect(await counted(started, 'recollect_mutations_total')).toEqual(lines);
  });

  it('has each member of the results of all mutations at 0', async () => {
    const { metrics } = await startGateway();
    const text = await metrics.read();
    for (const outcome of ['RunPaymentSuccess', 'OutcomeUnknownError', 'IdempotencyConflictError', 'error']) {
      expect(text).toContain(`recollect_mutations_total{mutation="runPayment",outcome="${outcome}"} 0`);
    }
  });
});

describe('recollect_errors_total', () => {
  it('has each known code at 0, and counts others as OTHER', async () => {
    const { metrics } = await startGateway();
    metrics.requests.onError('CANARY');
    const text = await metrics.read();
    expect(text).toContain('recollect_errors_total{code="UPSTREAM_TIMEOUT"} 0');
    expect(text).toContain('recollect_errors_total{code="OTHER"} 1');
    expect(text).not.toContain('CANARY');
    // A second scrape has the same.
    expect(await counted({ metrics }, 'recollect_errors_total')).toEqual(['OTHER 1']);
  });
});

describe('recollect_response_bytes and recollect_request_seconds', () => {
  it('have the size of the body, and buckets that add up', async () => {
    const started = await startGateway();
    const body = await send(started, post({ query: account }));
    const samples = samplesIn(await started.metrics.read());
    const sum = samples.find(({ name }) => name === 'recollect_response_bytes_sum');
    expect(sum?.value).toBe(Buffer.byteLength(body));
    const buckets = samples.filter(({ name }) => name === 'recollect_response_bytes_bucket');
    expect(buckets.map(({ labels, value }) => [labels['le'], value])).toEqual([
      ['256', 1],
      ['1024', 1],
      ['4096', 1],
      ['16384', 1],
      ['65536', 1],
      ['262144', 1],
      ['1048576', 1],
      ['4194304', 1],
      ['16777216', 1],
      ['+Inf', 1],
    ]);
  });

  it('count a value in the first bucket that is not below it', async () => {
    const metrics = createMetrics();
    const request = { type: 'query', outcome: 'ok', trustedOperation: undefined } as const;
    for (const bytes of [256, 257, 20_000_000]) {
      const own: MeasuredRequest = { ...request, begin: performance.now() };
      metrics.requests.onRequest(own);
      metrics.requests.onReply(own, bytes);
    }
    const buckets = await counted({ metrics }, 'recollect_response_bytes_bucket');
    expect([buckets[0], buckets[1], buckets[8], buckets[9]]).toEqual([
      '256 1',
      '1024 2',
      '16777216 2',
      '+Inf 3',
    ]);
  });
});

describe('over HTTP', () => {
  it('requests of one connection are counted like those by gateway.fetch', async () => {
    const started = await startGateway();
    const raw = await serveRaw(started);
    for (const query of [account, account, '{ nothing }']) await raw.send([JSON.stringify({ query })], {});
    expect((await counted(started, 'recollect_requests_total')).sort()).toEqual([
      'other other refused 1',
      'query other ok 2',
    ]);
  });
});
