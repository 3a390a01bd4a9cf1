import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { noTrail } from '../src/audit/audit-trail.ts';
import { createLog } from '../src/telemetry/log.ts';
import { openTracing } from '../src/telemetry/tracing/open-tracing.ts';
import { type ExportedSpan, startCollector } from './support/collector.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { startGateway } from './support/gateway.ts';
import { mutationOf } from './support/mutation.ts';
import { startTraced } from './support/traced.ts';
import type { Answer } from './support/upstream.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const fromProxy = (flags: '00' | '01') => ({
  'x-forwarded-for': '203.0.113.7',
  traceparent: `00-${traceId}-${parentId}-${flags}`,
});

const one = (spans: readonly ExportedSpan[], name: string): ExportedSpan => {
  const [found, ...others] = spans.filter((span) => span.name === name);
  expect([name, others]).toEqual([name, []]);
  if (!found) throw new Error(`Expected a span ${name} among ${spans.map((span) => span.name)}.`);
  return found;
};

const ofUpstreams = (spans: readonly ExportedSpan[]) => spans.filter(({ kind }) => kind === 'client');

const failedAnswer: Answer = { status: 503, html: 'No service for 219-09-9999.' };

describe('the trace of a query', () => {
  const document =
    'query Chosen { account(fileNumber: "R1001") { status phones { id } } order(orderId: "20") { caseNumber } }';

  it('is one tree: request, operation, upstream calls', async () => {
    const { query, end, collector } = await startTraced();
    await query(document);
    const spans = await end();
    const request = one(spans, 'POST /graphql');
    const operation = one(spans, 'query');
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([request.traceId]));
    expect(request).toMatchObject({ kind: 'server', parentId: undefined, isError: false });
    expect(request.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
    });
    expect(operation).toMatchObject({ kind: 'internal', parentId: request.spanId, isError: false });
    expect(operation.attributes).toEqual({ 'graphql.operation.type': 'query', 'recollect.outcome': 'ok' });
    expect(
      ofUpstreams(spans)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['GET /api/v150/recon/orders', 'GET /getaccount/{filenumber}', 'GET /getphones/{filenumber}']);
    for (const call of ofUpstreams(spans)) expect(call.parentId).toBe(operation.spanId);
    expect(one(spans, 'GET /getaccount/{filenumber}').attributes).toEqual({
      'http.request.method': 'GET',
      'url.template': '/getaccount/{filenumber}',
      'http.response.status_code': 200,
      'recollect.upstream': 'SCOLLECT',
      'recollect.upstream.operation': 'getaccount',
      'recollect.upstream.verdict': 'ok',
    });
    expect(collector.resources()[0]).toMatchObject({ 'service.name': 'recollect' });
    expect(collector.text()).not.toMatch(/Chosen|R1001/);
  });

  it('has the trace id of the audit line', async () => {
    const lines: string[] = [];
    const writeBatched = async ({ traceId: id }: { readonly traceId: string }) => void lines.push(id);
    const { query, end } = await startTraced({ audit: { ...noTrail, writeBatched } });
    // By graphql-yoga, and then directly.
    await query(document);
    await query(document);
    const requests = (await end()).filter(({ kind }) => kind === 'server');
    expect(requests.map((span) => span.traceId)).toEqual(lines);
    expect(new Set(lines).size).toBe(2);
  });

  it('names an operation of a trusted document', async () => {
    const documents = new Map([['desk', document]]);
    const { gateway, end } = await startTraced({
      access: { persistedDocuments: { documents, only: false } },
    });
    const send = (body: object) =>
      gateway.fetch('http://gateway/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await send({ documentId: 'desk' });
    await send({ query: document });
    const operations = (await end()).filter(({ kind }) => kind === 'internal');
    expect(operations.map(({ name, attributes }) => [name, attributes['graphql.operation.name']])).toEqual([
      ['query Chosen', 'Chosen'],
      ['query', undefined],
    ]);
  });

  it('contains failed calls, their retries and the error', async () => {
    const scollect = await startCorpusUpstream('scollect', { getaccount: failedAnswer });
    const { query, end, collector } = await startTraced({ scollect });
    await query('{ account(fileNumber: "R1001") { status } order(orderId: "20") { caseNumber } }');
    const spans = await end();
    const calls = spans.filter(({ name }) => name.startsWith('GET /getaccount'));
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual(
      calls.map((_, index) => (index === 0 ? undefined : index)),
    );
    for (const { isError, attributes } of calls) {
      expect(isError).toBe(true);
      expect(attributes).toMatchObject({
        'http.response.status_code': 503,
        'error.type': '503',
        'recollect.upstream.verdict': 'failed',
      });
    }
    expect(one(spans, 'query')).toMatchObject({
      isError: false,
      attributes: { 'recollect.outcome': 'partial', 'recollect.error.codes': ['UPSTREAM_UNAVAILABLE'] },
    });
    expect(collector.text()).not.toContain('219-09-9999');
  });

  it('contains a call without a response', async () => {
    const scollect = await startCorpusUpstream('scollect', { getaccount: 'reset' });
    const { query, end } = await startTraced({ scollect });
    await query('{ account(fileNumber: "R1001") { status } }');
    const [call] = ofUpstreams(await end());
    expect(call).toMatchObject({ isError: true, attributes: { 'error.type': 'no_response' } });
  });

  it('contains the error of an operation of which all fields fail', async () => {
    const scollect = await startCorpusUpstream('scollect', { getaccount: 'reset' });
    const { query, end } = await startTraced({ scollect });
    await query('{ account(fileNumber: "R1001") { status } }');
    expect(one(await end(), 'query')).toMatchObject({
      isError: true,
      attributes: { 'recollect.outcome': 'error', 'error.type': 'UPSTREAM_UNAVAILABLE' },
    });
  });

  it('contains the error of an operation that is rejected for its variables', async () => {
    const { query, end } = await startTraced();
    await query('query ($id: ID!) { node(id: $id) { id } }', { id: { ssn: '219-09-9999' } });
    expect(one(await end(), 'query')).toMatchObject({
      isError: true,
      attributes: { 'recollect.outcome': 'refused', 'error.type': 'BAD_USER_INPUT' },
    });
  });

  it('marks the call of another request that it joined', async () => {
    let hasBegun: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    let answer: (reply: Answer) => void = () => {};
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: () => {
        hasBegun();
        return new Promise<Answer>((resolve) => {
          answer = resolve;
        });
      },
    });
    const { query, end } = await startTraced({ scollect });
    const account = '{ account(fileNumber: "R1001") { status } }';
    const first = query(account);
    await begun;
    const second = query(account);
    while (scollect.calls().length > 1) await pause(1);
    await pause(50);
    answer({ json: { result: [{ filenumber: 'R1001', status: 'x' }], state: 'SUCCESS' } });
    await Promise.all([first, second]);
    const calls = ofUpstreams(await end());
    expect(scollect.calls()).toEqual(['/getaccount/R1001']);
    expect(calls.map(({ attributes }) => attributes['recollect.upstream.joined'])).toEqual(
      expect.arrayContaining([undefined, true]),
    );
    expect(calls).toHaveLength(2);
    expect(new Set(calls.map((span) => span.traceId)).size).toBe(2);
  });

  it('contains the read of a list whose pages arrive one after another, once', async () => {
    const { query, end } = await startTraced();
    await query('{ portfolio(name: "C2CLA 12.1.22") { accounts(first: 1) { edges { node { status } } } } }');
    const names = ofUpstreams(await end()).map(({ name }) => name);
    expect(names.filter((name) => name.includes('accounts'))).toEqual(['POST /get_accounts_in_portfolio']);
  });
});

describe('the trace of a mutation', () => {
  it('contains its write with the verdict', async () => {
    const { query, end, collector } = await startTraced();
    const input = { fileNumber: 'r1001', collectorName: 'Quillfeather', body: 'of 219-09-9999' };
    await query(mutationOf('addNote', '__typename'), { input });
    const spans = await end();
    const mutation = one(spans, 'mutation');
    expect(mutation.attributes).toMatchObject({
      'graphql.operation.type': 'mutation',
      'recollect.outcome': 'ok',
    });
    expect(ofUpstreams(spans)).toMatchObject([
      { parentId: mutation.spanId, attributes: { 'recollect.upstream.verdict': 'ok' } },
    ]);
    expect(collector.text()).not.toMatch(/Quillfeather|219-09-9999|R1001/i);
  });
});

describe('the trace of a rejected request', () => {
  it('names the reason and the status', async () => {
    const { gateway, end } = await startTraced();
    await gateway.fetch('http://gateway/graphql', { method: 'DELETE' });
    await gateway.fetch('http://gateway/graphql', { method: 'CANARY' });
    await gateway.fetch('http://gateway/graphql?query={__typename}&x=4242424242424242');
    const spans = await end();
    expect(spans.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        'DELETE /graphql',
        {
          'http.request.method': 'DELETE',
          'http.route': '/graphql',
          'http.response.status_code': 405,
          'recollect.rejection': 'method_not_allowed',
        },
      ],
      ['HTTP /graphql', expect.objectContaining({ 'http.request.method': '_OTHER' })],
      ['GET /graphql', expect.objectContaining({ 'recollect.rejection': 'bad_request' })],
    ]);
  });

  it('does not exist for pages and operator endpoints', async () => {
    const { gateway, end } = await startTraced();
    for (const path of ['/health', '/metrics', '/nothing']) await gateway.fetch(`http://gateway${path}`);
    await gateway.fetch('http://gateway/graphql', { headers: { accept: 'text/html' } });
    expect(await end()).toEqual([]);
  });
});

describe('sampling', () => {
  const ask = { access: { trustedProxies: 1 } };

  it('continues the trace of a trusted proxy, if that is sampled', async () => {
    const { query, end } = await startTraced(ask);
    await query('{ __typename }', {}, fromProxy('01'));
    await query('{ __typename }', {}, fromProxy('00'));
    const requests = (await end()).filter(({ kind }) => kind === 'server');
    expect(requests).toMatchObject([{ traceId, parentId }]);
  });

  it('takes the share of OTEL_TRACES_SAMPLER_ARG, by trace ids', async () => {
    const { query, end } = await startTraced(ask, {
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.5',
    });
    for (const first of ['0', 'f']) {
      const header = `00-${first.repeat(8)}${'0'.repeat(23)}1-${parentId}-01`;
      await query('{ __typename }', {}, { ...fromProxy('01'), traceparent: header });
    }
    expect((await end()).map((span) => span.traceId[0])).toEqual(['0', '0']);
  });

  it('records nothing with a share of 0', async () => {
    const { query, end, collector } = await startTraced(
      {},
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' },
    );
    await query('{ account(fileNumber: "R1001") { status } }');
    expect(await end()).toEqual([]);
    expect(collector.received).toEqual([]);
  });
});

describe("OpenTelemetry's variables", () => {
  it('determine name, attributes and headers', async () => {
    const { query, end, collector } = await startTraced(
      {},
      {
        OTEL_SERVICE_NAME: 'recollect-east',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging,service.instance.id=pod-7',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=of-the-collector',
      },
    );
    await query('{ __typename }');
    await end();
    expect(collector.resources()[0]).toMatchObject({
      'service.name': 'recollect-east',
      'deployment.environment.name': 'staging',
      'service.instance.id': 'pod-7',
    });
    expect(collector.received[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'x-api-key': 'of-the-collector', 'content-type': 'application/json' },
    });
  });

  it('that cannot be used are named in the log, without their values', async () => {
    const lines: string[] = [];
    const log = createLog('info', { destination: { write: (line) => void lines.push(line) } });
    await startTraced({ log }, { OTEL_RESOURCE_ATTRIBUTES: 'CANARY' });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { variable: 'OTEL_RESOURCE_ATTRIBUTES', msg: 'a variable of OpenTelemetry cannot be used' },
    ]);
    expect(lines.join('')).not.toContain('CANARY');
  });

  it('choose protobuf by default', async () => {
    const collector = await startCollector();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
    const tracing = await openTracing({ protocol: 'http/protobuf', isForwarded: false }, createLog('silent'));
    const { query } = await startGateway({ tracing });
    await query('{ account(fileNumber: "R1001") { status } }');
    await tracing.close(10_000);
    vi.unstubAllEnvs();
    expect(collector.received[0]?.headers).toMatchObject({ 'content-type': 'application/x-protobuf' });
    expect(collector.text()).toContain('GET /getaccount/{filenumber}');
    expect(collector.text()).not.toContain('R1001');
  });
});

describe('a collector that does not accept traces', () => {
  it.each([
    ['is down', '0', 'ECONNREFUSED'],
    ['rejects', '401', '401'],
  ])('%s: is logged once, without its address and credentials', async (_, status, code) => {
    const lines: string[] = [];
    const log = createLog('info', { destination: { write: (line) => void lines.push(line) } });
    const rejecting = await startCollector({ status: Number(status) || 200 });
    const address = status === '0' ? 'http://user:swordfish@127.0.0.1:1' : rejecting.url;
    const { query } = await startTraced(
      { log },
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: address,
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20swordfish',
        OTEL_EXPORTER_OTLP_TIMEOUT: '300',
        OTEL_BSP_SCHEDULE_DELAY: '20',
      },
    );
    for (let times = 0; times < 10; times += 1) {
      expect((await query('{ account(fileNumber: "R1001") { status } }')).errors).toBeUndefined();
      await pause(60);
    }
    while (lines.length === 0) await pause(20);
    await pause(500);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, code, failures: 1, msg: 'traces cannot be exported' },
    ]);
    expect(lines.join('')).not.toMatch(/swordfish|127\.0\.0\.1/);
  });
});

describe('traceparent to the upstreams', () => {
  const traceHeaders = (received: readonly { readonly headers: NodeJS.Dict<string | string[]> }[]) =>
    received.map(({ headers: { traceparent, tracestate } }) => ({ traceparent, tracestate }));
  const account = '{ account(fileNumber: "R1001") { status } }';
  const withState = { ...fromProxy('01'), tracestate: 'congo=t61rcWkgMzE' };

  it('is not sent unless it is configured', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { query } = await startTraced({ scollect, access: { trustedProxies: 1 } });
    await query(account, {}, withState);
    expect(traceHeaders(scollect.received)).toEqual(scollect.received.map(() => ({})));
  });

  it('names the span of the call', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { query, end } = await startTraced({
      scollect,
      isForwarded: true,
      access: { trustedProxies: 1 },
    });
    await query(account, {}, withState);
    const [call] = ofUpstreams(await end());
    // The log-in serves all calls, and belongs to no trace.
    expect(traceHeaders(scollect.received)).toEqual([
      {},
      { traceparent: `00-${traceId}-${call?.spanId}-01`, tracestate: 'congo=t61rcWkgMzE' },
    ]);
    expect(scollect.received[1]?.headers['authorization']).toMatch(/^Bearer /);
  });

  it.each([
    ['00', '00'],
    ['01', '01'],
  ] as const)('is sent without an exporter too, with the flags %s as %s', async (flags, sent) => {
    const scollect = await startCorpusUpstream('scollect');
    const tracing = await openTracing({ protocol: null, isForwarded: true }, createLog('silent'));
    const { query } = await startGateway({ scollect, tracing, access: { trustedProxies: 1 } });
    await query(account, {}, fromProxy(flags));
    const [, call] = traceHeaders(scollect.received);
    expect(call?.traceparent).toMatch(new RegExp(`^00-${traceId}-(?!${parentId})[\\da-f]{16}-${sent}$`));
  });

  it('is sent with reads of lists', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { query } = await startTraced({ scollect, isForwarded: true });
    await query('{ portfolio(name: "C2CLA 12.1.22") { accounts(first: 1) { edges { node { status } } } } }');
    const list = scollect.received.find(({ path }) => path === '/get_accounts_in_portfolio');
    expect(list?.headers['traceparent']).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
  });
});
