import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../../src/http/server.ts';
import { validationRules } from '../../src/http/validation-rules.ts';
import { scopes } from '../../src/operation/caller.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { schema } from '../../src/schema/schema.ts';
import { anyQuery } from '../cost/arbitrary-query.ts';
import { startAudited } from '../support/audited.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { anyChoices, mergePayloads, type Payload, payloadsIn, withDirectives } from '../support/in-parts.ts';
import { openRaw, written } from '../support/raw-connection.ts';
import { startTraced } from '../support/traced.ts';

type Headers = Readonly<Record<string, string>>;
type Gateway = Awaited<ReturnType<typeof startGateway>>['gateway'];

const url = 'http://gateway/graphql';
const multipart = 'multipart/mixed;deferSpec=20220824, application/json';

const post = (query: string, headers: Headers = {}, variables: object = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: multipart, ...headers },
  body: JSON.stringify({ query, variables }),
});

const ask = async (gateway: Gateway, query: string, headers: Headers = {}, variables: object = {}) => {
  const response = await gateway.fetch(url, post(query, headers, variables));
  const contentType = response.headers.get('content-type') ?? '';
  const body = await response.text();
  const isInParts = !contentType.includes('json');
  const payloads = isInParts ? payloadsIn(contentType, body) : [JSON.parse(body) as Payload];
  return { status: response.status, contentType, headers: response.headers, body, payloads };
};

/** An answer of an upstream that is given when the test lets it go. */
const held = (json: object) => {
  let letGo = (): void => {};
  let isAsked = (): void => {};
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const answer = async () => {
    isAsked();
    await released;
    return { json };
  };
  return { answer, asked, letGo };
};

const notes = { result: [{ lotno: 'R1', logmessage: 'x', lognumber: 1 }], state: 'SUCCESS' };

const deferred = `{ account(fileNumber: "R1") {
  fileNumber
  ... @defer(label: "Notes") { notes(first: 1) { totalCount } }
} }`;

describe('the rules of @defer and @stream', () => {
  const { post: rules } = validationRules(true);
  const messages = (document: string): string[] =>
    validate(schema, parse(document), rules).map(({ message }) => message);

  it.each([
    ['{ ... @defer { a: __typename } ...F @defer(label: "a") } fragment F on Query { b: __typename }'],
    ['query ($c: Boolean!) { ... @defer(if: $c, label: null) { a: __typename } }'],
    [
      'query ($n: Int!) { account(fileNumber: "R1") { phones @stream(initialCount: $n, label: "p") { number } } }',
    ],
    ['{ accounts(fileNumbers: ["R1"]) @stream { fileNumber } }'],
    [
      'mutation { addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { ... @defer(if: false) { __typename } } }',
    ],
  ])('admit %s', (document) => {
    expect(messages(document)).toEqual([]);
  });

  it.each([
    [
      'query ($l: String) { ... @defer(label: $l) { __typename } }',
      '@defer: expected a label that is a literal.',
    ],
    [
      '{ ... @defer(label: "x") { a: __typename } account(fileNumber: "R1") { phones @stream(label: "x") { number } } }',
      '@stream: expected a label that is unique in the document.',
    ],
    [
      '{ account(fileNumber: "R1") @stream { fileNumber } }',
      '@stream: expected a list; Query.account is none.',
    ],
    [
      '{ account(fileNumber: "R1") { phones @stream(initialCount: -1) { number } } }',
      '@stream: expected an initialCount of 0 or more.',
    ],
    ['{ account(fileNumber: "R1") @defer { fileNumber } }', 'Directive "@defer" may not be used on FIELD.'],
    ['{ ... @stream { __typename } }', 'Directive "@stream" may not be used on INLINE_FRAGMENT.'],
    [
      'mutation { ... @defer { addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { __typename } } }',
      '@defer: expected in queries only, not in a mutation.',
    ],
    [
      'mutation { addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { ...F } } fragment F on AddNoteSuccess { account { phones @stream { number } } }',
      '@stream: expected in queries only, not in a mutation.',
    ],
  ])('reject %s', (document, message) => {
    expect(messages(document)).toContain(message);
  });

  it('reject a negative initialCount in a variable, as an error of the field', async () => {
    const { gateway } = await startGateway();
    const query =
      'query ($n: Int!) { account(fileNumber: "R1") { fileNumber phones @stream(initialCount: $n) { number } } }';
    const { payloads } = await ask(gateway, query, {}, { n: -1 });
    expect(payloads).toMatchObject([
      {
        data: { account: { fileNumber: 'R1', phones: null } },
        errors: [{ path: ['account', 'phones'], extensions: { code: 'BAD_USER_INPUT' } }],
      },
    ]);
  });

  it('are applied before a mutation is executed', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { gateway } = await startGateway({ scollect });
    const query =
      'mutation { addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { ... @defer { __typename } } }';
    const { payloads } = await ask(gateway, query);
    expect(payloads).toMatchObject([
      { errors: [{ message: '@defer: expected in queries only, not in a mutation.' }] },
    ]);
    expect(payloads[0]).not.toHaveProperty('data');
    expect(scollect.calls()).toEqual([]);
  });
});

describe('the form of a response', () => {
  it.each([
    [
      'multipart/mixed;deferSpec=20220824, application/json',
      'multipart/mixed; boundary="-"; deferSpec=20220824',
    ],
    [
      'multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9',
      'multipart/mixed; boundary="-"; deferSpec=20220824',
    ],
    [
      'multipart/mixed;incrementalSpec=v0.2,application/graphql-response+json,application/json;q=0.9',
      'multipart/mixed; boundary="-"; incrementalSpec=v0.2',
    ],
    [
      'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      'multipart/mixed; boundary="-"',
    ],
    ['text/event-stream', 'text/event-stream; charset=utf-8'],
    ['text/event-stream, multipart/mixed;q=0.9', 'text/event-stream; charset=utf-8'],
    ['multipart/mixed;deferSpec=20220824', 'multipart/mixed; boundary="-"; deferSpec=20220824'],
    ['application/json', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/json, */*', 'application/json; charset=utf-8'],
    ['application/json, multipart/mixed;q=0.5', 'application/json; charset=utf-8'],
    ['multipart/mixed;deferSpec=20990101, application/json', 'application/json; charset=utf-8'],
    [
      'multipart/mixed;incrementalSpec=v9, application/graphql-response+json',
      'application/graphql-response+json; charset=utf-8',
    ],
  ])('Accept: %s → %s', async (accept, expected) => {
    const { gateway } = await startGateway();
    // The same for a document that is cached.
    for (const _ of [1, 2, 3]) {
      const { status, contentType, payloads, headers } = await ask(gateway, deferred, { accept });
      expect([status, contentType]).toEqual([200, expected]);
      const isInParts = !expected.includes('json');
      expect(payloads.length > 1).toBe(isInParts);
      expect(headers.has('content-length')).toBe(!isInParts);
      expect(headers.get('x-accel-buffering')).toBe(isInParts ? 'no' : null);
      expect(mergePayloads(payloads).data).toMatchObject({
        account: { fileNumber: 'R1', notes: { totalCount: expect.any(Number) } },
      });
    }
  });

  it.each([
    'multipart/mixed;deferSpec=20990101',
    'multipart/mixed;incrementalSpec=v9',
    'multipart/mixed;q=0',
  ])('Accept: %s → 406 before anything is executed', async (accept) => {
    const scollect = await startCorpusUpstream('scollect');
    const { gateway } = await startGateway({ scollect });
    const response = await gateway.fetch(url, post(deferred, { accept }));
    expect(response.status).toBe(406);
    expect(await response.text()).toContain('incrementalSpec=v0.2');
    expect(scollect.calls()).toEqual([]);
  });

  it.each([
    [
      'conditions that are not fulfilled',
      'query ($c: Boolean = false) { ... @defer(if: $c) { __typename } a: __typename }',
    ],
    [
      'lists that are not longer',
      '{ account(fileNumber: "R1") { phones @stream(initialCount: 99) { number } } }',
    ],
    ['an error of the first part', '{ account(fileNumber: "") { ... @defer { fileNumber } } }'],
    [
      'a variable that is missing',
      'query ($f: String!) { account(fileNumber: $f) { ... @defer { fileNumber } } }',
    ],
    ['a document that is invalid', '{ ... @defer { nothing } }'],
  ])('is JSON, with %s', async (_, query) => {
    const { gateway } = await startGateway();
    const { contentType } = await ask(gateway, query);
    expect(contentType).toBe('application/json; charset=utf-8');
  });

  it('has a condition for each choice of variables', async () => {
    const { gateway } = await startGateway();
    const query =
      'query ($c: Boolean!) { account(fileNumber: "R1") { fileNumber ... @defer(if: $c) { phones { number } } } }';
    for (const c of [true, false, true]) {
      const { payloads } = await ask(gateway, query, {}, { c });
      expect(payloads).toHaveLength(c ? 2 : 1);
    }
  });

  it('is the same by GET', async () => {
    const { gateway } = await startGateway();
    const response = await gateway.fetch(`${url}?query=${encodeURIComponent(deferred)}`, {
      headers: { accept: multipart },
    });
    expect(payloadsIn(response.headers.get('content-type') ?? '', await response.text())).toHaveLength(2);
  });
});

describe('the parts', () => {
  it('of deferSpec=20220824 have a path', async () => {
    const { gateway } = await startGateway();
    const query = `{ account(fileNumber: "R1") { fileNumber
      ... @defer(label: "a") { phones @stream(initialCount: 1, label: "b") { status } } } }`;
    const { body, payloads } = await ask(gateway, query);
    expect(body).toMatch(
      /^\r\n---\r\nContent-Type: application\/json; charset=utf-8\r\nContent-Length: \d+\r\n\r\n\{/,
    );
    expect(body).toMatch(/\}\r\n-----\r\n$/);
    expect(payloads).toMatchObject([
      { data: { account: { fileNumber: 'R1' } }, hasNext: true },
      {
        incremental: [
          { path: ['account'], label: 'a', data: { phones: [{}] } },
          { path: ['account', 'phones', 1], label: 'b' },
        ],
        hasNext: false,
      },
    ]);
  });

  it('of incrementalSpec=v0.2 have an id', async () => {
    const { gateway } = await startGateway();
    const query = '{ account(fileNumber: "R1") { fileNumber ... @defer(label: "a") { phones { status } } } }';
    const { payloads } = await ask(gateway, query, { accept: 'multipart/mixed;incrementalSpec=v0.2' });
    expect(payloads).toMatchObject([
      { pending: [{ id: '0', path: ['account'], label: 'a' }], hasNext: true },
      { incremental: [{ id: '0', data: {} }], completed: [{ id: '0' }], hasNext: false },
    ]);
  });

  it('of incrementalSpec=v0.2 report the errors of a fragment that is null at its end', async () => {
    const { gateway } = await startGateway({ operationLimits: { maxAnswerFields: 2 } });
    const query = '{ account(fileNumber: "R1") { client ... @defer { fileNumber } } }';
    const { payloads } = await ask(gateway, query, { accept: 'multipart/mixed;incrementalSpec=v0.2' });
    expect(payloads).toHaveLength(2);
    const errors = [{ path: ['account', 'fileNumber'], extensions: { code: 'QUERY_TOO_COMPLEX' } }];
    expect(payloads[1]).toMatchObject({ completed: [{ id: '0', errors }], hasNext: false });
    expect(payloads[1]).not.toHaveProperty('incremental');
  });

  it('of events end with `complete`', async () => {
    const { gateway } = await startGateway();
    const { body } = await ask(gateway, deferred, { accept: 'text/event-stream' });
    expect(body).toMatch(
      /^:\n\nevent: next\ndata: \{.*\}\n\nevent: next\ndata: \{.*\}\n\nevent: complete\ndata:\n\n$/,
    );
  });

  it('have errors where they belong, and null ends at the fragment', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getnotes: { status: 503, html: 'SSN 912-55-4418' },
    });
    const { gateway } = await startGateway({ scollect });
    const { payloads, body } = await ask(gateway, deferred);
    expect(payloads[0]).not.toHaveProperty('errors');
    expect(payloads[1]).toMatchObject({
      incremental: [
        {
          data: { notes: null },
          errors: [
            {
              path: ['account', 'notes'],
              extensions: { code: 'UPSTREAM_UNAVAILABLE', upstream: 'SCOLLECT' },
            },
          ],
        },
      ],
    });
    expect(body).not.toContain('912-55');
  });

  it('mask errors of the program, which are logged with the ids of the request', async () => {
    const logged: object[] = [];
    const scollect = await startCorpusUpstream('scollect');
    const started = await startGateway({
      scollect,
      log: { info: () => {}, warn: () => {}, error: (about) => void logged.push(about) },
      access: {},
    });
    const field = schema.getQueryType()?.getFields()['portfolios'];
    if (!field?.resolve) throw new Error('Expected the field.');
    const { resolve } = field;
    onTestFinished(() => {
      field.resolve = resolve;
    });
    field.resolve = () => {
      throw new Error('secret');
    };
    const { body, payloads } = await ask(
      started.gateway,
      '{ a: __typename ... @defer { portfolios { name } } }',
    );
    expect(payloads).toHaveLength(2);
    expect(body).toContain('Unexpected error, logged as');
    expect(body).not.toContain('secret');
    expect(logged).toMatchObject([{ requestId: expect.any(String), path: ['portfolios'] }]);
  });

  it('have one error for all fields beyond the limit of a response', async () => {
    const { gateway } = await startGateway({ operationLimits: { maxAnswerFields: 2 } });
    const query =
      '{ accounts(fileNumbers: ["R1", "R2", "R3", "R4"]) @stream { ... @defer { fileNumber } ... @defer { client } } }';
    const { payloads } = await ask(gateway, query);
    const { errors } = mergePayloads(payloads);
    expect(errors.map(({ message }) => message)).toEqual([
      'The response has more than 2 fields; those beyond are left out.',
    ]);
  });

  it('count together for the limit of calls', async () => {
    const { gateway } = await startGateway({ operationLimits: { maxUpstreamCalls: 1 } });
    const { status, payloads } = await ask(gateway, deferred);
    expect(status).toBe(200);
    expect(payloads).toMatchObject([{ errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] }]);
  });

  it('have the extensions of all calls with the last one', async () => {
    const { gateway } = await startGateway();
    const { payloads } = await ask(gateway, deferred, { 'x-recollect-cost': '1', 'x-recollect-trace': '1' });
    expect(mergePayloads(payloads).extensions).toMatchObject({
      cost: { upstreamCalls: 2, made: 2 },
      upstream: [{ operation: expect.any(String) }, { operation: expect.any(String) }],
    });
  });
});

/** Reads a response until its first part is complete. */
const firstPart = async (response: Response) => {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes('"hasNext":true')) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Expected a part: ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  const rest = async (): Promise<string> => {
    for (let read = await reader.read(); !read.done; read = await reader.read())
      text += decoder.decode(read.value);
    return text;
  };
  return { text, reader, rest };
};

describe('the first part', () => {
  it('comes before what is deferred, whose calls begin with those of the first', async () => {
    const account = held({ result: [{ filenumber: 'R1' }], state: 'SUCCESS' });
    const slow = held(notes);
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: account.answer,
      getnotes: slow.answer,
    });
    const { gateway, lives } = await startGateway({ scollect });
    const responded = gateway.fetch(url, post(deferred.replace('fileNumber\n', 'client\n')));
    await account.asked;
    // In parallel with the call for the account, as without the directive.
    await slow.asked;
    account.letGo();
    const { text, rest } = await firstPart(await responded);
    expect(text).not.toContain('notes');
    expect(lives.count()).toBe(1);
    slow.letGo();
    expect(await rest()).toContain('"notes":{"totalCount":1}');
    expect(lives.count()).toBe(0);
  });

  it('comes before a large list that is deferred', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => ({
      lotno: 'R1',
      logmessage: 'x',
      lognumber: index,
    }));
    const scollect = await startCorpusUpstream('scollect', {
      getnotes: { json: { result: rows, state: 'SUCCESS' } },
    });
    const { gateway } = await startGateway({ scollect });
    const query = `{ account(fileNumber: "R1") { fileNumber ... @defer { ${Array.from({ length: 20 }, (_, index) => `n${index}: notes(first: 500) { edges { node { body } } }`).join(' ')} } } }`;
    const { payloads } = await ask(gateway, query);
    expect(payloads[0]?.data).toEqual({ account: { fileNumber: 'R1' } });
    expect(JSON.stringify(payloads[1]).length).toBeGreaterThan(20 * 500);
  });

  it('holds the first items of a list', async () => {
    const { gateway } = await startGateway();
    const query = '{ accounts(fileNumbers: ["R1", "R2", "R3"]) @stream(initialCount: 1) { fileNumber } }';
    const { payloads } = await ask(gateway, query);
    expect(payloads[0]?.data).toEqual({ accounts: [{ fileNumber: 'R1' }] });
    expect(mergePayloads(payloads).data).toEqual({
      accounts: [{ fileNumber: 'R1' }, { fileNumber: 'R2' }, { fileNumber: 'R3' }],
    });
  });
});

describe('what is recorded of a response in parts', () => {
  it('is one audit line, at the end, with the records and errors of all parts', async () => {
    const slow = held({ surprise: true });
    const scollect = await startCorpusUpstream('scollect', { getnotes: slow.answer });
    const { gateway, lines } = await startAudited({ scollect });
    const query =
      '{ account(fileNumber: "R1") { fileNumber } ... @defer { b: account(fileNumber: "R2") { fileNumber notes { totalCount } } } }';
    const responded = gateway.fetch(url, post(query));
    const { rest } = await firstPart(await responded);
    expect(lines()).toEqual([]);
    slow.letGo();
    await rest();
    expect(lines()).toMatchObject([
      { type: 'query', records: ['Account:R1', 'Account:R2'], errors: { UPSTREAM_BAD_RESPONSE: 1 } },
    ]);
  });

  it('are metrics of one request, when it ends', async () => {
    const slow = held({ surprise: true });
    const scollect = await startCorpusUpstream('scollect', { getnotes: slow.answer });
    const { gateway, metrics } = await startGateway({ scollect });
    const counted = async (name: string): Promise<string[]> =>
      (await metrics.read()).split('\n').filter((line) => line.startsWith(name) && !line.endsWith(' 0'));
    const { rest } = await firstPart(await gateway.fetch(url, post(deferred)));
    expect(await counted('recollect_requests_total')).toEqual([]);
    expect(await counted('recollect_requests_under_way')).toEqual([
      'recollect_requests_under_way{type="query"} 1',
    ]);
    slow.letGo();
    const body = await rest();
    expect(await counted('recollect_requests_under_way')).toEqual([]);
    expect(await counted('recollect_requests_total')).toEqual([
      'recollect_requests_total{type="query",operation="other",outcome="partial"} 1',
    ]);
    expect(await counted('recollect_errors_total')).toEqual([
      'recollect_errors_total{code="UPSTREAM_BAD_RESPONSE"} 1',
    ]);
    expect(await counted('recollect_response_bytes_sum')).toEqual([
      `recollect_response_bytes_sum ${Buffer.byteLength(body)}`,
    ]);
  });

  it('is a span that ends with the last part', async () => {
    const slow = held(notes);
    const scollect = await startCorpusUpstream('scollect', { getnotes: slow.answer });
    const { gateway, end } = await startTraced({ scollect });
    const { rest } = await firstPart(await gateway.fetch(url, post(deferred)));
    slow.letGo();
    await rest();
    const spans = await end();
    const millisecondsOf = (name: RegExp): number =>
      spans.find((span) => name.test(span.name))?.milliseconds ?? Number.NaN;
    const call = millisecondsOf(/getnotes/);
    expect(millisecondsOf(/^query$/)).toBeGreaterThanOrEqual(call);
    expect(millisecondsOf(/^POST \/graphql$/)).toBeGreaterThanOrEqual(call);
  });
});

const startServer = async (started: Awaited<ReturnType<typeof startGateway>>, options = {}) => {
  const server = await serve(started.gateway.handle, { port: 0, host: '127.0.0.1', ...options });
  onTestFinished(() => server.cut());
  return server;
};

describe('a response in parts over HTTP', () => {
  it('leaves its connection open for further requests, also those that are sent meanwhile', async () => {
    const slow = held(notes);
    const scollect = await startCorpusUpstream('scollect', { getnotes: slow.answer });
    const server = await startServer(await startGateway({ scollect }));
    const connection = await openRaw(server.address.port);
    const message = (query: string): string =>
      written({ headers: [`Accept: ${multipart}`], body: JSON.stringify({ query }) });
    connection.socket.write(message(deferred) + message('{ a: __typename }'));
    await expect.poll(() => connection.received()).toContain('"hasNext":true');
    expect(connection.received()).not.toContain('"a":"Query"');
    slow.letGo();
    expect(await connection.responses(2)).toHaveLength(2);
    connection.socket.write(message('{ b: __typename }'));
    const responses = await connection.responses(3);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(responses[0]?.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
    expect(responses[0]?.body).toMatch(/-----\r\n$/);
  });

  it('ends its calls, and is recorded, if its client disconnects', async () => {
    const slow = held(notes);
    const scollect = await startCorpusUpstream('scollect', { getnotes: slow.answer });
    const started = await startAudited({ scollect, timeoutMs: 60_000, requestTimeoutMs: 60_000 });
    const server = await startServer(started);
    const client = httpRequest({
      port: server.address.port,
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: multipart },
    });
    client.on('error', () => {});
    client.end(JSON.stringify({ query: deferred }));
    await new Promise<void>((resolve) => {
      client.on('response', (response) => response.on('data', () => resolve()));
    });
    await slow.asked;
    expect(started.lives.count()).toBe(1);
    client.destroy();
    await expect.poll(() => scollect.abandoned()).toHaveLength(1);
    await expect.poll(() => started.lives.count()).toBe(0);
    await expect.poll(() => started.lines().length).toBe(1);
    const inFlight = async (): Promise<string[]> =>
      (await started.metrics.read())
        .split('\n')
        .filter((line) => line.startsWith('recollect_requests_under_way') && !line.endsWith(' 0'));
    await expect.poll(inFlight).toEqual([]);
  });

  it('is given up if its client does not read it', async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({
      lotno: 'R1',
      logmessage: 'x'.repeat(2000),
      lognumber: index,
    }));
    const slow = held({ result: rows, state: 'SUCCESS' });
    const scollect = await startCorpusUpstream('scollect', { getnotes: slow.answer });
    const started = await startAudited({ scollect });
    let stalled = 0;
    const onStall = (): void => {
      stalled += 1;
    };
    const server = await startServer(started, { writeTimeoutMs: 100, onStall });
    const { socket, received } = await openRaw(server.address.port);
    const lists = Array.from(
      { length: 40 },
      (_, index) => `n${index}: notes(first: 500) { edges { node { body } } }`,
    );
    const query = `{ account(fileNumber: "R1") { fileNumber ... @defer { ${lists.join(' ')} } } }`;
    socket.write(written({ headers: [`Accept: ${multipart}`], body: JSON.stringify({ query }) }));
    await expect.poll(received).toContain('"hasNext":true');
    socket.pause();
    slow.letGo();
    await expect.poll(() => stalled, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => started.lives.count()).toBe(0);
    expect(started.lines()).toHaveLength(1);
  });

  it('is finished when the server stops', async () => {
    const slow = held(notes);
    const scollect = await startCorpusUpstream('scollect', { getnotes: slow.answer });
    const started = await startGateway({ scollect });
    const server = await startServer(started);
    const response = await fetch(`http://127.0.0.1:${server.address.port}/graphql`, post(deferred));
    const { rest } = await firstPart(response);
    const stopped = server.stop();
    slow.letGo();
    expect(await rest()).toContain('"hasNext":false');
    await stopped;
  });

  it('is finished at its deadline, with errors', async () => {
    const slow = held(notes);
    const scollect = await startCorpusUpstream('scollect', { getnotes: slow.answer });
    const started = await startGateway({ scollect });
    const server = await startServer(started);
    const response = await fetch(`http://127.0.0.1:${server.address.port}/graphql`, post(deferred));
    const { rest } = await firstPart(response);
    const stopped = server.stop();
    started.lives.shorten(1);
    const payloads = payloadsIn(response.headers.get('content-type') ?? '', await rest());
    expect(mergePayloads(payloads).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
    await stopped;
    await started.lives.idle();
  });
});

describe('a response in parts to code that embeds the gateway', () => {
  it.each(['aborts its request', 'cancels the body'])('ends its calls if that %s', async (how) => {
    const slow = held(notes);
    const scollect = await startCorpusUpstream('scollect', { getnotes: slow.answer });
    const { gateway, lives } = await startGateway({ scollect, timeoutMs: 60_000, requestTimeoutMs: 60_000 });
    const client = new AbortController();
    const response = await gateway.fetch(url, { ...post(deferred), signal: client.signal });
    const { reader } = await firstPart(response);
    if (how === 'cancels the body') {
      await reader.cancel();
    } else {
      client.abort();
      await expect(reader.read()).rejects.toThrow();
    }
    await expect.poll(() => scollect.abandoned()).toHaveLength(1);
    await expect.poll(() => lives.count()).toBe(0);
  });
});

describe('responses that nobody reads to their end', () => {
  it('leave nothing in memory', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      lotno: 'R1',
      logmessage: 'x'.repeat(100),
      lognumber: index,
    }));
    const slow = held(notes);
    const scollect = await startCorpusUpstream('scollect', {
      getnotes: { json: { result: rows, state: 'SUCCESS' } },
      getpayments: slow.answer,
    });
    const { gateway, lives } = await startGateway({ scollect, timeoutMs: 60_000, requestTimeoutMs: 60_000 });
    const query = `{ account(fileNumber: "R1") { fileNumber
      ... @defer { notes(first: 500) { edges @stream { node { body } } } }
      ... @defer { payments { totalCount } }
    } }`;
    const cancelSome = async (count: number): Promise<void> => {
      for (let left = count; left > 0; left -= 1) {
        const { reader } = await firstPart(await gateway.fetch(url, post(query)));
        await reader.cancel();
      }
      await expect.poll(() => lives.count()).toBe(0);
      collectGarbage();
    };
    await cancelSome(10);
    const before = process.memoryUsage().heapUsed;
    await cancelSome(60);
    // A response has half a megabyte of notes.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 1024 * 1024);
  }, 60_000);
});

describe('the merged result', () => {
  it.each([
    ['of upstreams that answer', []],
    ['of upstreams that fail here and there', ['getnotes', 'getpayments', 'getemails', 'listOrderBorrowers']],
  ] as const)(
    'and the number of calls are those of the query without directives, %s',
    async (_, failing) => {
      const runs = Number(process.env['RUNS'] ?? 1000) / 2;
      const sandbox = await startSandbox();
      onTestFinished(() => sandbox.close());
      sandbox.faults.set(
        failing.map((operation) => ({
          operation,
          fault: 'replace-answer',
          status: 200,
          body: { surprise: true },
        })),
      );
      const { gateway } = await startGateway({
        sandbox,
        scopes,
        timeoutMs: 60_000,
        requestTimeoutMs: 60_000,
        operationLimits: {
          maxTokens: 100_000,
          maxDepth: 100,
          maxAliases: 10_000,
          maxDirectives: 1000,
          maxRepeats: 1000,
          maxUpstreamCalls: 10_000,
        },
      });
      const headers = { 'x-recollect-cost': '1' };
      let inParts = 0;
      let withCalls = 0;
      await fc.assert(
        fc.asyncProperty(anyQuery(), anyChoices(), fc.boolean(), async (plain, choices, isNewer) => {
          const query = withDirectives(schema, plain, choices);
          const format = isNewer ? 'multipart/mixed;incrementalSpec=v0.2, application/json' : multipart;
          const read = async (accept: string) => {
            const { payloads } = await ask(gateway, query, { ...headers, accept }, { yes: true });
            return { count: payloads.length, ...mergePayloads(payloads) };
          };
          const merged = await read(format);
          const whole = await read('application/json');
          if (merged.hasFailed) return;
          if (merged.count > 1) inParts += 1;
          expect(merged.data).toEqual(whole.data);
          const madeBy = ({ extensions }: Awaited<ReturnType<typeof read>>): number | undefined =>
            (extensions['cost'] as { readonly made: number } | undefined)?.made;
          if ((madeBy(whole) ?? 0) > 1) withCalls += 1;
          // These find rows for which others of the query would call, unless those respond first.
          if (!/accountsBySsn|: orders\b/.test(query)) expect(madeBy(merged), query).toBe(madeBy(whole));
          const codes = (errors: Payload['errors'] = []): string[] =>
            [
              ...new Set(errors.map(({ path, extensions }) => JSON.stringify([path, extensions?.code]))),
            ].sort();
          expect(codes(merged.errors)).toEqual(codes(whole.errors));
        }),
        { seed: Number(process.env['SEED'] ?? 9), numRuns: runs },
      );
      expect(inParts).toBeGreaterThan(runs / 2);
      expect(withCalls).toBeGreaterThan(runs / 4);
    },
    240_000,
  );
});
