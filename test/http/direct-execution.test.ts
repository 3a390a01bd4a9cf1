import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/audit/audit-line.ts';
import { noTrail } from '../../src/audit/audit-trail.ts';
import { type Authenticate, UnauthenticatedError } from '../../src/auth/authentication.ts';
import { scopes } from '../../src/operation/caller.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { anyQuery } from '../cost/arbitrary-query.ts';
import { callerWith } from '../support/caller.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { errorLog, noRateLimits, startGateway } from '../support/gateway.ts';
import { startProductionGateway } from '../support/production.ts';
import { type RawReply, serveRaw } from '../support/raw-http.ts';

type Options = NonNullable<Parameters<typeof startGateway>[0]>;

const start = async (options: Options = {}, startWith = startGateway) => {
  const started = await startWith(options);
  const raw = await serveRaw(started);
  const taken = async (): Promise<number> =>
    Number(/^recollect_fast_path_queries_total (\d+)$/m.exec(await started.metrics.read())?.[1]);
  const ask = (
    query: string,
    variables: object = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawReply> => raw.send([JSON.stringify({ query, variables })], headers);
  return { ...started, ...raw, taken, ask };
};

const query = 'query Q($f: String!) { account(fileNumber: $f) { fileNumber phones { number } } }';

const known = { f: 'R1001' };

describe('a query that is asked again', () => {
  it.each([
    ['a query', query, known],
    ['an account that is not there', '{ account(fileNumber: "NONE") { fileNumber } }', {}],
    ['a name that is not that of the document', query, { f: 'r1001 ' }],
    ['an argument that is refused', '{ account(fileNumber: "") { fileNumber } }', {}],
    ['a scope that the caller lacks', '{ account(fileNumber: "R1") { borrower { ssn } } }', {}],
    ['an upstream that fails', '{ account(fileNumber: "R1") { client notes { totalCount } } }', {}],
    [
      'fields at many places',
      '{ a: __typename b: __typename ...F } fragment F on Query { c: __typename }',
      {},
    ],
    [
      'a size that is out of range',
      '{ account(fileNumber: "R1") { payments(first: 1000) { totalCount } } }',
      {},
    ],
  ])('is answered byte for byte as before: %s', async (_, document, variables) => {
    const scollect = await startCorpusUpstream('scollect', { getnotes: { status: 503, html: 'x' } });
    const { ask, taken } = await start({ scollect });
    const before = await ask(document, variables);
    expect(await taken()).toBe(0);
    expect(await ask(document, variables)).toEqual(before);
    expect(await taken()).toBe(1);
  });

  it.each([
    ['notes', '{ account(fileNumber: "R1") { notes { edges { node { body } } } } }', 'getnotes'],
    [
      'a portfolio',
      'query ($name: String!) { portfolio(name: $name) { accounts { totalCount edges { node { fileNumber } } } } }',
      'get_accounts_in_portfolio',
    ],
  ])('has the warning for incomplete rows as before: %s', async (_, document, operation) => {
    const result = [{ id: 1, portfolio: 'P', lotno: 'R1', logmessage: 'x' }, { text: 'x' }];
    const rows = { json: { result, state: 'SUCCESS' } };
    const scollect = await startCorpusUpstream('scollect', {
      getportfoliolist: { json: { result: result.slice(0, 1), state: 'SUCCESS' } },
      [operation]: rows,
    });
    const { ask, taken } = await start({ scollect });
    const variables = { name: 'P' };
    const before = await ask(document, variables);
    const message = 'Some rows are incomplete and are not included.';
    expect(JSON.parse(before.body)).toMatchObject({
      extensions: { warnings: [{ upstream: 'SCOLLECT', operation, message }] },
    });
    expect(await ask(document, variables)).toEqual(before);
    expect(await taken()).toBe(1);
  });

  it('is answered as before whatever it is, with the access settings of production', {
    timeout: 300_000,
  }, async () => {
    const sandbox = await startSandbox();
    const limits = { maxDepth: 100, maxTokens: 100_000, maxAliases: 1000, maxUpstreamCalls: 10_000 };
    const options = {
      sandbox,
      operationLimits: limits,
      timeoutMs: 60_000,
      requestTimeoutMs: 60_000,
      access: { rateLimits: { perCaller: 1e9, perAddress: 1e9, failuresPerAddress: 1e9 } },
    };
    const some = await start(options, startProductionGateway);
    const all = await start({ ...options, scopes }, startProductionGateway);
    let asked = 0;
    try {
      await fc.assert(
        fc.asyncProperty(anyQuery(), fc.constantFrom(some, all), async (document, { ask }) => {
          const variables = { yes: true };
          const before = await ask(document, variables);
          // After many others, a document is kept when it is used again.
          await ask(document, variables);
          const again = await ask(document, variables);
          // What is not known is told by an id of its own.
          const comparable = ({ body, ...rest }: RawReply) => ({
            ...rest,
            body: JSON.parse(body) as unknown,
          });
          expect(comparable(again)).toEqual(comparable(before));
          expect(again.body).toBe(before.body);
          if (before.status === 200) asked += 1;
        }),
        { seed: Number(process.env['SEED'] ?? 7), numRuns: Number(process.env['RUNS'] ?? 100) },
      );
    } finally {
      await sandbox.close();
    }
    // Those with ids in them, which have as many digits as a person's number, are not kept, nor long texts in arguments.
    expect((await some.taken()) + (await all.taken())).toBeGreaterThan(asked / 3);
  });

  it.each([
    ['*/*'],
    ['application/json'],
    ['application/graphql-response+json'],
    ['application/graphql-response+json, application/json;q=0.9'],
    ['text/html, application/json;q=0.5'],
    [
      'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    ],
  ])('is answered in the media type that was asked for (%s)', async (accept) => {
    const { ask, taken } = await start();
    const before = await ask(query, known, { accept });
    expect(await ask(query, known, { accept })).toEqual(before);
    expect(await taken()).toBe(1);
    // One that was not seen before makes no difference.
    await ask(query, known, { accept: 'application/json, */*;q=0.1' });
    expect(await taken()).toBe(2);
  });

  it.each([
    ['of the gateway itself', { origin: 'http://gateway.example.com', 'sec-fetch-site': 'same-origin' }, []],
    [
      'of an origin that is let in',
      { origin: 'https://a.example.com' },
      ['https://a.example.com', 'https://b.example.com'],
    ],
    [
      'of one of several',
      { origin: 'https://b.example.com' },
      ['https://a.example.com', 'https://b.example.com'],
    ],
    [
      'of the gateway, where others are let in',
      { origin: 'http://gateway.example.com' },
      ['https://a.example.com'],
    ],
    ['of nobody, where some are let in', {}, ['https://a.example.com']],
  ])('may come from a page %s', async (_, headers, corsOrigins) => {
    const { ask, taken } = await start({ access: { corsOrigins } });
    const from = { host: 'gateway.example.com', ...headers };
    const before = await ask(query, known, from);
    expect(await ask(query, known, from)).toEqual(before);
    expect(await taken()).toBe(1);
  });

  it('may have a name that is none in an object of JavaScript', async () => {
    const { ask } = await start();
    const document = '{ __proto__: __typename account(fileNumber: "R1001") { __proto__: fileNumber } }';
    const before = await ask(document);
    expect(before.body).toContain('"__proto__":"Query"');
    expect(await ask(document)).toEqual(before);
  });

  it.each([
    ['its cost', 'x-recollect-cost', '{"upstreamCalls":2,"maximum":1000,"made":2}'],
    ['its calls', 'x-recollect-trace', '"operation":"getphones"'],
  ])('may come with a request for %s', async (_, header, extension) => {
    const { ask, taken } = await start();
    const before = await ask(query, known, { [header]: '1' });
    const again = await ask(query, known, { [header]: '1' });
    expect(await taken()).toBe(1);
    expect([before.status, again.status]).toEqual([200, 200]);
    for (const { body } of [before, again]) expect(body).toContain(extension);
  });

  it('may come through a proxy', async () => {
    const { ask, taken } = await start({ access: { trustedProxies: 1 } });
    const from = {
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-host': 'x.example.com',
    };
    const before = await ask(query, known, { ...from, origin: 'https://x.example.com' });
    expect(before.headers.join()).toContain('strict-transport-security');
    expect(await ask(query, known, { ...from, origin: 'https://x.example.com' })).toEqual(before);
    expect(await taken()).toBe(1);
    const other = await ask(query, known, { ...from, origin: 'http://x.example.com' });
    expect(other.status).toBe(403);
  });

  it('may come in pieces, and long', async () => {
    const { send, taken } = await start();
    const body = Buffer.from(JSON.stringify({ query, variables: { ...known, more: 'ü'.repeat(300_000) } }));
    const pieces = [body.subarray(0, 7), body.subarray(7, 40_001), body.subarray(40_001)];
    const before = await send(pieces);
    expect(before.status).toBe(200);
    expect(await send(pieces)).toEqual(before);
    expect(await taken()).toBe(1);
  });

  it('may be one of several in its document', async () => {
    const { send, taken } = await start();
    const document = 'query A { account(fileNumber: "A") { fileNumber } } query B { b: __typename }';
    const body = (operationName: string | null) => [JSON.stringify({ query: document, operationName })];
    const answers = [await send(body('A')), await send(body('B'))];
    expect(await taken()).toBe(0);
    expect([await send(body('A')), await send(body('B'))]).toEqual(answers);
    expect(await taken()).toBe(2);
    for (const name of [null, '', 'C', 'A\n', 'A\n#']) {
      const reply = await send(body(name));
      expect(reply.body).toMatch(/"errors"/);
    }
    expect(await taken()).toBe(2);
  });

  it('is found by its id too', async () => {
    const documents = new Map([['abc', '{ account(fileNumber: "A") { fileNumber } }']]);
    const { send, taken } = await start({ access: { persistedDocuments: { documents, only: true } } });
    const byId = [JSON.stringify({ documentId: 'sha256:abc' })];
    const before = await send(byId);
    expect(before.status).toBe(200);
    expect(await send(byId)).toEqual(before);
    expect(await taken()).toBe(1);
    const byText = await send([JSON.stringify({ query: documents.get('abc') })]);
    expect(byText.body).toContain('PERSISTED_DOCUMENT_REQUIRED');
    expect(await taken()).toBe(1);
  });

  it('is told of an error by a message that went through the redactor', async () => {
    const { ask, taken } = await start({ redactor: createRedactor({ secrets: ['letters and digits'] }) });
    const document = '{ account(fileNumber: "") { fileNumber } }';
    const before = await ask(document);
    expect(before.body).toContain('expected at most 50 …');
    expect(await ask(document)).toEqual(before);
    expect(await taken()).toBe(1);
  });

  it('leaves the same line in the audit trail', async () => {
    const lines: AuditEntry[] = [];
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: {
        json: { result: [{ filenumber: 'R1001', socialsecuritynumber: '912-55-4418' }], state: 'SUCCESS' },
      },
    });
    const write = (entry: AuditEntry): void => void lines.push(entry);
    const audit = { ...noTrail, write, writeBatched: async (entry: AuditEntry) => write(entry) };
    const { ask } = await start({ scollect, audit, scopes });
    const document =
      'query Seen($f: String!) { account(fileNumber: $f) { borrower { ssn } notes { totalCount } } }';
    await ask(document, known);
    await ask(document, known);
    const [before, again] = lines.map(({ time, requestId, traceId, milliseconds, ...rest }) => ({
      ...rest,
      ids: [time instanceof Date, /^[\da-f-]{36}$/.test(requestId), traceId.length, milliseconds > 0],
    }));
    expect(again).toEqual(before);
    expect(again).toMatchObject({ operation: 'Seen', document, type: 'query', ids: [true, true, 32, true] });
    expect(again?.noted?.shown).toEqual(new Set(['Borrower.ssn']));
    expect(new Set(lines.flatMap(({ requestId, traceId }) => [requestId, traceId])).size).toBe(4);
  });

  it('is not answered before its line is in the audit trail', async () => {
    const written: (() => void)[] = [];
    const writeBatched = (): Promise<void> => new Promise((resolve) => void written.push(resolve));
    const { ask, taken } = await start({ audit: { ...noTrail, writeBatched } });
    for (const direct of [0, 1]) {
      let isAnswered = false;
      const answer = ask(query, known).finally(() => {
        isAnswered = true;
      });
      while (written.length === 0) await pause(1);
      await pause(50);
      expect([isAnswered, await taken()]).toEqual([false, direct]);
      for (const resolve of written.splice(0)) resolve();
      expect((await answer).body).toContain('"data"');
    }
  });
});

describe('a request that is not plain', () => {
  it.each([
    ['comes from another site', { origin: 'https://evil.example.com' }],
    ['comes from another site, as a browser says', { 'sec-fetch-site': 'cross-site' }],
    ['brings no JSON', { 'content-type': 'text/plain' }],
    ['is in another charset', { 'content-type': 'application/json; charset=latin1' }],
    ['is packed', { 'content-encoding': 'gzip' }],
  ])('goes the full way: one that %s', async (_, headers) => {
    const { ask, taken } = await start();
    await ask(query, known);
    await ask(query, known, headers);
    expect(await taken()).toBe(0);
    await ask(query, known);
    expect(await taken()).toBe(1);
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['a list', JSON.stringify([{ query, variables: known }])],
    ['null', 'null'],
    ['a parameter that there is not', JSON.stringify({ query, variables: known, more: 1 })],
    ['extensions that are no object', JSON.stringify({ query, variables: known, extensions: [] })],
    ['variables that are no object', JSON.stringify({ query, variables: [] })],
    ['variables that are too deep', JSON.stringify({ query, variables: { f: 'R1', x: deep(40) } })],
    ['an operation that there is not', JSON.stringify({ query, variables: known, operationName: 'X' })],
    ['a document that is not known', JSON.stringify({ query: '{ __typename }' })],
    ['a mutation', JSON.stringify({ query: 'mutation { addNote(input: {}) { __typename } }' })],
  ])('is answered as if nobody had looked at it before: %s', async (_, body) => {
    const { send, ask, taken } = await start();
    const { gateway } = await start();
    await ask(query, known);
    const headers = { 'content-type': 'application/json' };
    const wanted = await gateway.fetch('http://127.0.0.1/graphql', { method: 'POST', headers, body });
    const reply = await send(
      [body.slice(0, 3), body.slice(3)].filter((chunk) => chunk !== ''),
      {},
    );
    expect(reply.status).toBe(wanted.status);
    expect(reply.body).toBe(await wanted.text());
    expect(await taken()).toBe(0);
  });
});

describe('a response as a stream', () => {
  it.each([
    ['multipart/mixed', /^multipart\/mixed; boundary="-"$/],
    ['text/event-stream', /^text\/event-stream; charset=utf-8$/],
  ])('is sent once and whole: %s', async (accept, type) => {
    const { ask, taken } = await start();
    for (const document of [query, query, '{ nothing }']) {
      const { status, headers, body } = await ask(document, known, { accept });
      if (document === query) expect(status).toBe(200);
      const named = (name: string) => headers.filter((line) => line.toLowerCase().startsWith(`${name}:`));
      expect(named('content-type').map((line) => line.slice('content-type: '.length))).toEqual([
        expect.stringMatching(type),
      ]);
      expect(named('content-length')).toEqual([`content-length: ${Buffer.byteLength(body)}`]);
      expect(named('transfer-encoding')).toEqual([]);
      expect(body).toContain(document === query ? '"fileNumber":"R1001"' : 'Cannot query field');
    }
    expect(await taken()).toBe(1);
  });
});

describe('a query that is known with other variables', () => {
  it.each([
    ['a variable of another type', { f: 7 }],
    ['no variable', {}],
  ])('is answered as if it was not, with %s', async (_, variables) => {
    const { ask, taken } = await start();
    const unasked = await start();
    await ask(query, known);
    const { status, body } = await ask(query, variables);
    const wanted = await unasked.ask(query, variables);
    expect({ status, body }).toEqual({ status: wanted.status, body: wanted.body });
    expect(await taken()).toBe(1);
  });

  it.each([
    ['at its root', 'query Q($yes: Boolean = true) { a: __typename b: __typename @include(if: $yes) }'],
    [
      'further down',
      'query Q($yes: Boolean = true) { account(fileNumber: "R1001") { client fileNumber @skip(if: $yes) } }',
    ],
  ])('is answered as if it was not, where a condition is null %s', async (_, document) => {
    const { ask } = await start();
    const unasked = await start();
    for (const yes of [true, false, undefined]) expect((await ask(document, { yes })).status).toBe(200);
    const { status, body } = await ask(document, { yes: null });
    const wanted = await unasked.ask(document, { yes: null });
    expect({ status, body }).toEqual({ status: wanted.status, body: wanted.body });
  });
});

const deep = (levels: number): unknown => (levels === 0 ? 1 : { x: deep(levels - 1) });

describe('who asks a known query', () => {
  const authenticate: Authenticate = ({ headers }) => {
    if (headers.get('authorization') !== 'good') throw new UnauthenticatedError('No.');
    return callerWith(['accounts:read']);
  };

  it('must be known too', async () => {
    const { ask, taken } = await start({ authenticate });
    await ask(query, known, { authorization: 'good' });
    const refused = await ask(query, known, { authorization: 'bad' });
    expect(refused.status).toBe(401);
    expect(await taken()).toBe(0);
    expect((await ask(query, known, { authorization: 'good' })).status).toBe(200);
    expect(await taken()).toBe(1);
  });

  it('is counted once, whichever way it takes', async () => {
    const rateLimits = { ...noRateLimits, perCaller: 6, perAddress: 100 };
    const { ask } = await start({ access: { rateLimits } });
    // Two of these are known, two are not, and have been looked at.
    const documents = [query, query, query, '{ a: __typename }', '{ b: __typename }', query, query];
    const statuses: number[] = [];
    for (const document of documents) statuses.push((await ask(document, known)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429]);
  });

  it('does not use up what others at its address may ask', async () => {
    const rateLimits = { ...noRateLimits, perCaller: 2, perAddress: 8 };
    const { ask } = await start({ access: { rateLimits } });
    const by = async (caller: string) => (await ask(query, known, { 'x-caller': caller })).status;
    const statuses: number[] = [];
    for (let left = 6; left > 0; left -= 1) statuses.push(await by('a'));
    expect(statuses).toEqual([200, 200, 429, 429, 429, 429]);
    // Of those six, the two that were answered count for the address, and each of the following once.
    for (const caller of ['b', 'c', 'd', 'e', 'f', 'g']) expect(await by(caller)).toBe(200);
    expect(await by('h')).toBe(429);
  });

  it('may leave: then nothing waits for its answer any more', async () => {
    let isHeld = false;
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const account = { json: { result: [{ filenumber: 'R1001' }], state: 'SUCCESS' } };
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: async () => {
        if (isHeld) await held;
        return account;
      },
    });
    const errors: unknown[] = [];
    const { ask, port, lives } = await start({ scollect, log: errorLog((fields) => errors.push(fields)) });
    await ask(query, known);
    isHeld = true;
    const body = JSON.stringify({ query, variables: known });
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    while (lives.count() === 0) await pause(5);
    socket.destroy();
    while (lives.count() > 0) await pause(5);
    release();
    expect(errors).toEqual([]);
  });

  it('may leave before it has sent all', async () => {
    const errors: unknown[] = [];
    const { ask, port, taken } = await start({ log: errorLog((fields) => errors.push(fields)) });
    await ask(query, known);
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query',
    );
    await pause(50);
    socket.destroy();
    await pause(50);
    expect((await ask(query, known)).status).toBe(200);
    expect(await taken()).toBe(1);
    expect(errors).toEqual([]);
  });
});
