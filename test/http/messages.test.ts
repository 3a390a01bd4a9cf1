import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UnauthenticatedError } from '../../src/auth/authentication.ts';
import { callerWith } from '../support/caller.ts';
import { ledgerInMemory, startGateway } from '../support/gateway.ts';
import { openRaw, type RawResponse, responsesIn, sendRaw } from '../support/raw-connection.ts';
import { serveRaw } from '../support/raw-http.ts';

// Every request over a bare connection: clients of HTTP would repair it. Each is sent twice, to a gateway that has not
// executed its query before, and to one that has, which executes it directly.

const query = '{ account(fileNumber: "R1001") { fileNumber } }';
const queryBody = JSON.stringify({ query });
const note = JSON.stringify({
  query:
    'mutation { addNote(input: { fileNumber: "R1000", collectorName: "mall", body: "Test" }) { __typename } }',
});

type Request = Parameters<typeof sendRaw>[1];

const warmness = ['cold', 'warm'] as const;

const start = async (warm: (typeof warmness)[number], options: Parameters<typeof startGateway>[0] = {}) => {
  const started = await startGateway(options);
  const { port } = await serveRaw(started);
  const send = async (request: Request): Promise<RawResponse> => {
    const response = await sendRaw(port, request);
    if (!response) throw new Error('The connection was closed without a response.');
    return response;
  };
  const direct = async (): Promise<number> =>
    Number(/^recollect_fast_path_queries_total (\d+)$/m.exec(await started.metrics.read())?.[1]);
  if (warm === 'warm') {
    await send({ body: queryBody });
    await send({ body: queryBody });
    expect(await direct()).toBe(1);
  }
  const before = { calls: started.calls().length, direct: await direct() };
  return {
    ...started,
    port,
    send,
    /** Calls to upstreams since the gateway was warm. */
    newCalls: () => started.calls().length - before.calls,
    wasDirect: async () => (await direct()) > before.direct,
  };
};

/** Each row for a cold and for a warm gateway. */
const both = <Row extends readonly unknown[]>(rows: readonly Row[]) =>
  warmness.flatMap((warm) => rows.map((row) => [warm, ...row] as const));

const json = 'application/json; charset=utf-8';
const graphql = 'application/graphql-response+json; charset=utf-8';

const data = '{"data":{"account":{"fileNumber":"R1001"}}}';

const codesIn = ({ body }: RawResponse): unknown =>
  (JSON.parse(body) as { errors: { extensions: { code: string } }[] }).errors.map(
    ({ extensions: { code } }) => code,
  );

/** A rejection, as an error of GraphQL in JSON, of which nothing was executed. */
const expectRejected = (response: RawResponse, status: number): void => {
  expect({
    status: response.status,
    type: response.headers['content-type']?.replace(/;.*/, ''),
    codes: codesIn(response),
    sniffing: response.headers['x-content-type-options'],
  }).toEqual({ status, type: 'application/json', codes: ['BAD_REQUEST'], sniffing: 'nosniff' });
};

const unacceptable = [
  'text/html',
  'image/png, application/xml;q=0.9',
  'application/json;q=0',
  'application/json;q=0, application/graphql-response+json;q=0.0',
  '*/*;q=0',
  'application/*;q=0',
  'application/json;charset=iso-8859-1',
  'text/event-stream;q=0',
  ';;;',
];

describe('Accept', () => {
  it.each(both(unacceptable.map((accept) => [accept])))(
    'none of what is there (%s: %s) → 406 before a query or mutation is executed',
    async (warm, accept) => {
      const { send, newCalls } = await start(warm, { access: { graphiql: false } });
      for (const body of [queryBody, note])
        expectRejected(await send({ body, headers: [`Accept: ${accept}`] }), 406);
      const target = `/graphql?query=${encodeURIComponent(query)}`;
      expectRejected(await send({ method: 'GET', target, headers: [`Accept: ${accept}`] }), 406);
      expect(newCalls()).toBe(0);
    },
  );

  it.each(
    both([
      ['*/*', json],
      ['', json],
      ['APPLICATION/JSON', json],
      ['application/graphql-response+json', graphql],
      ['application/json;q=0.5, application/graphql-response+json', graphql],
      ['application/graphql-response+json;q=0.5, application/json', json],
      ['*/*, application/json;q=0', graphql],
      ['application/json;q=0, */*;q=0.1', graphql],
      ['*/*;q=0.1, application/graphql-response+json', graphql],
      ['application/json; charset="UTF-8"', json],
    ]),
  )('%s: %s → %s', async (warm, accept, type) => {
    const { send, wasDirect } = await start(warm);
    const { status, headers, body } = await send({ body: queryBody, headers: [`Accept: ${accept}`] });
    expect({ status, type: headers['content-type'], body }).toEqual({ status: 200, type, body: data });
    expect(await wasDirect()).toBe(warm === 'warm');
  });

  it('of any form, from any number of callers, does not keep a query from being executed directly', async () => {
    const { send, metrics } = await start('warm');
    for (let count = 0; count < 120; count += 1) {
      await send({ body: queryBody, headers: [`Accept: application/json, text/x-${count};q=0.1`] });
    }
    await send({ body: queryBody, headers: ['Accept: application/json, text/other'] });
    expect(await metrics.read()).toMatch(/^recollect_fast_path_queries_total 122$/m);
  });
});

describe('Content-Type', () => {
  it.each(
    both([
      ['application/json'],
      ['APPLICATION/JSON'],
      ['Application/Json; Charset=UTF-8'],
      ['application/json;charset="utf-8"'],
      ['application/json ; charset=utf8'],
    ]),
  )('%s: %s → 200', async (warm, type) => {
    const { send, wasDirect } = await start(warm);
    const { status, body } = await send({ body: queryBody, headers: [`Content-Type: ${type}`] });
    expect({ status, body }).toEqual({ status: 200, body: data });
    expect(await wasDirect()).toBe(warm === 'warm');
  });

  it.each(
    both([
      ['text/plain'],
      ['TEXT/PLAIN; application/json'],
      ['application/json; charset=latin1'],
      ['application/json; charset="utf-16"'],
      ['application/x-www-form-urlencoded'],
      ['application/json\r\nContent-Type: text/plain'],
    ]),
  )('%s: %s → 415 before anything is executed', async (warm, type) => {
    const { send, newCalls } = await start(warm);
    for (const body of [queryBody, note]) {
      const response = await send({ body, headers: [`Content-Type: ${type}`] });
      expectRejected(response, 415);
      expect(response.headers['accept']).toBe('application/json');
    }
    expect(newCalls()).toBe(0);
  });
});

describe('Content-Encoding', () => {
  it.each(both([['gzip'], ['GZIP'], ['br'], ['deflate'], ['zstd'], ['identity, gzip'], ['x-unknown']]))(
    '%s: %s → 415 that names what is accepted',
    async (warm, encoding) => {
      const { send, newCalls } = await start(warm);
      const packed = gzipSync(note).toString('latin1');
      for (const body of [queryBody, note, packed]) {
        const headers = [`Content-Encoding: ${encoding}`, `Content-Length: ${body.length}`];
        const response = await send({ body, headers });
        expectRejected(response, 415);
        expect(response.headers['accept-encoding']).toBe('identity');
      }
      expect(newCalls()).toBe(0);
    },
  );

  it.each(both([['identity'], ['Identity'], ['']]))('%s: "%s" → 200', async (warm, encoding) => {
    const { send } = await start(warm);
    const { status, body } = await send({ body: queryBody, headers: [`Content-Encoding: ${encoding}`] });
    expect({ status, body }).toEqual({ status: 200, body: data });
  });
});

const secrets = /"isReady"|process_start_time_seconds|"data"/;

describe('the target of a request', () => {
  it.each(
    both([
      ['/graphql/../metrics'],
      ['/graphql/%2e%2e/metrics'],
      ['/graphql/%2E%2E/metrics'],
      ['/graphql/.%2e/metrics'],
      ['/graphql/%2e./metrics'],
      ['/./ready'],
      ['/%2e/ready'],
      ['/x/./../ready'],
      ['/../metrics'],
      ['/metrics/.'],
      ['/metrics/..'],
      ['/graphql/..'],
      ['/ready/%2e'],
      ['/graphql\\..\\metrics'],
      ['/x\\..\\health'],
      ['/\\metrics'],
      ['/metrics#x'],
      ['/ready#'],
      ['/metrics?x#y'],
      ['/metr%'],
      ['/ready%2'],
      ['metrics'],
      ['?metrics'],
      ['*'],
      ['http:///metrics'],
      ['http://a b/metrics'],
      ['http://user@gateway.example.com/metrics'],
      ['http://gateway.example.com:99999/metrics'],
      ['http://gateway.example.com/x/../metrics'],
      ['http://gateway.example.com/%2e/metrics'],
      ['ftp://gateway.example.com/metrics'],
    ]),
  )('%s: %s → 400', async (warm, target) => {
    const { send } = await start(warm);
    for (const method of ['GET', 'HEAD', 'POST']) {
      const { status, body } = await send({ method, target, body: method === 'POST' ? queryBody : '' });
      expect({ method, status, shown: secrets.test(body) }).toEqual({ method, status: 400, shown: false });
    }
  });

  it.each(
    both([
      ['/metrics%2f'],
      ['/m%65trics'],
      ['/metrics/'],
      ['//metrics'],
      ['/ready;x=1'],
      ['/READY'],
      ['/x/ready'],
      ['/...'],
      ['/.../metrics'],
      ['/x?y=/health'],
      ['/x?y=/graphql'],
      ['/x?y=/graphql/'],
    ]),
  )('%s: %s → 404', async (warm, target) => {
    const { send } = await start(warm);
    for (const method of ['GET', 'HEAD', 'POST']) {
      const { status, body } = await send({ method, target, body: method === 'POST' ? queryBody : '' });
      expect({ method, status, body }).toEqual({ method, status: 404, body: '' });
    }
  });

  it.each(
    both([
      ['http://gateway.example.com/graphql'],
      ['HTTP://gateway.example.com:80/graphql'],
      ['https://gateway.example.com/graphql'],
      ['http://[::1]:4000/graphql'],
      ['http://127.0.0.1/graphql?'],
      ['/graphql'],
      ['/graphql/'],
      ['/graphql?operation=../x'],
    ]),
  )('%s: %s → 200', async (warm, target) => {
    const { send } = await start(warm);
    const { status, body } = await send({ target, body: queryBody });
    expect({ status, body }).toEqual({ status: 200, body: data });
  });

  it('as an address reaches the other endpoints too', async () => {
    const { send } = await start('cold');
    for (const path of ['/health', '/ready', '/metrics']) {
      expect((await send({ method: 'GET', target: `http://gateway.example.com${path}` })).status).toBe(200);
    }
    expect((await send({ method: 'GET', target: 'http://gateway.example.com' })).status).toBe(404);
    const { body } = await send({
      method: 'GET',
      target: `http://gateway.example.com/graphql?query=${encodeURIComponent(query)}`,
    });
    expect(body).toBe(data);
  });

  it('as an address replaces the header Host', async () => {
    const { send } = await start('cold', { loopbackOnly: true });
    const ask = async (target: string, host: string) =>
      (await send({ target, body: queryBody, headers: [`Host: ${host}`] })).status;
    expect(await ask('/graphql', 'localhost')).toBe(200);
    expect(await ask('http://localhost/graphql', 'evil.example')).toBe(200);
    expect(await ask('http://evil.example/graphql', 'localhost')).toBe(403);
    expect(await ask('/graphql', 'evil.example')).toBe(403);
  });

  it('of OPTIONS is the whole server (*) → 204 with the methods', async () => {
    const { send } = await start('cold');
    const { status, headers } = await send({ method: 'OPTIONS', target: '*' });
    expect({ status, allow: headers['allow'] }).toEqual({ status: 204, allow: 'GET, HEAD, POST, OPTIONS' });
  });
});

describe('Host', () => {
  it.each(
    both([
      [''],
      ['a b'],
      ['gateway.example.com/metrics?'],
      ['gateway.example.com/metrics#'],
      ['gateway.example.com\\metrics?'],
      ['user@gateway.example.com'],
      ['gateway.example.com?'],
      ['gateway.example.com#'],
      ['gateway.example.com:99999'],
      ['gateway.example.com, evil.example'],
      ['gateway.example.com\r\nHost: evil.example'],
      ['['],
      ['%'],
    ]),
  )('%s: %s → 400', async (warm, host) => {
    const { send } = await start(warm);
    const response = await send({ body: queryBody, headers: [`Host: ${host}`] });
    expectRejected(response, 400);
    const absolute = 'http://gateway.example.com/graphql';
    expectRejected(await send({ target: absolute, body: queryBody, headers: [`Host: ${host}`] }), 400);
  });

  it.each(both([['localhost'], ['[::1]:4000'], ['10.0.0.1:80'], ['a_b.example.com']]))(
    '%s: %s → 200',
    async (warm, host) => {
      const { send } = await start(warm);
      expect((await send({ body: queryBody, headers: [`Host: ${host}`] })).body).toBe(data);
    },
  );

  it.each(
    both([
      ['1.1', 400],
      ['1.0', 200],
    ]),
  )('%s: none in HTTP/%s → %i', async (warm, version, status) => {
    const { port } = await start(warm);
    const { socket, closed, received } = await openRaw(port);
    const head = `POST /graphql HTTP/${version}\r\nContent-Type: application/json\r\nConnection: close`;
    socket.write(`${head}\r\nContent-Length: ${queryBody.length}\r\n\r\n${queryBody}`);
    await closed;
    expect(responsesIn(received()).map((response) => response.status)).toEqual([status]);
  });
});

describe('headers', () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `x${index}:`);

  it.each(both([[1001], [1500], [2500]]))('%s: %i of them → 431, none is left out', async (warm, count) => {
    const { send, newCalls } = await start(warm, { access: { trustedProxies: 1 } });
    // Four more are there already.
    const headers = [...many(count - 5), 'X-Forwarded-For: 192.0.2.1'];
    for (const body of [queryBody, note]) expectRejected(await send({ body, headers }), 431);
    expectRejected(await send({ method: 'GET', target: '/ready', headers: many(count) }), 431);
    expect(newCalls()).toBe(0);
  });

  it.each(warmness)('1000 of them (%s) are all read', async (warm) => {
    const seen: (string | null)[] = [];
    const { send } = await start(warm, {
      authenticate: ({ headers }) => {
        seen.push(headers.get('x-last'));
        if (headers.get('authorization') === 'bad') throw new UnauthenticatedError('No.');
        return callerWith(['accounts:read']);
      },
    });
    expect((await send({ body: queryBody, headers: [...many(995), 'X-Last: seen'] })).status).toBe(200);
    expect(seen.at(-1)).toBe('seen');
    expect((await send({ body: queryBody, headers: [...many(995), 'Authorization: bad'] })).status).toBe(401);
  });
});

describe('HEAD', () => {
  it.each(['/health', '/ready', '/metrics'])('%s → as GET, without a body', async (target) => {
    const { send } = await start('cold');
    const got = await send({ method: 'GET', target });
    const head = await send({ method: 'HEAD', target });
    expect({ status: head.status, body: head.body }).toEqual({ status: 200, body: '' });
    expect(head.headers['content-type']).toBe(got.headers['content-type']);
    expect(head.headers['cache-control']).toBe('no-store');
    expect(await send({ method: 'HEAD', target: `${target}?x=1` })).toMatchObject({ status: 200 });
  });

  it('/ready → 503 if the gateway is not ready', async () => {
    const ledger = { ...(await ledgerInMemory()), check: () => Promise.reject(new Error('gone')) };
    const { send } = await start('cold', { ledger });
    expect((await send({ method: 'HEAD', target: '/ready' })).status).toBe(503);
  });

  it('of an operation → 405', async () => {
    const { send, newCalls } = await start('cold');
    const target = `/graphql?query=${encodeURIComponent(query)}`;
    expect((await send({ method: 'HEAD', target })).status).toBe(405);
    expect(newCalls()).toBe(0);
  });
});

const variables = 'query ($f: String!) { account(fileNumber: $f) { fileNumber } }';

describe('the status of a response', () => {
  const withoutData = [
    ['invalid JSON', '{', 400],
    ['no query', '{}', 400],
    ['a query that cannot be parsed', JSON.stringify({ query: '{' }), 200],
    ['an unknown field', JSON.stringify({ query: '{ nothing }' }), 200],
    ['an unknown operation', JSON.stringify({ query, operationName: 'X' }), 400],
    ['several operations', JSON.stringify({ query: 'query A { __typename } query B { __typename }' }), 400],
    ['no operation', JSON.stringify({ query: 'fragment A on Query { __typename }' }), 400],
    ['no variable', JSON.stringify({ query: variables }), 400],
    ['a wrong variable', JSON.stringify({ query: variables, variables: { f: 7 } }), 400],
    ['a document that is too deep', JSON.stringify({ query: '{a'.repeat(30) + '}'.repeat(30) }), 200],
    [
      'too many calls',
      JSON.stringify({
        query: `{ ${'abcdefghij'
          .split('')
          .map((a) => `${a}: account(fileNumber: "${a}") { client }`)
          .join(' ')} }`,
      }),
      200,
    ],
    ['a subscription', JSON.stringify({ query: 'subscription { a }' }), 200],
  ] as const;

  it.each(both(withoutData))(
    '%s: %s → 4xx in graphql-response+json, without data',
    async (warm, _, body, legacy) => {
      const { send, newCalls } = await start(warm, { operationLimits: { maxUpstreamCalls: 5 } });
      const ask = async (accept: string) => {
        const response = await send({ body, headers: [`Accept: ${accept}`] });
        const { data: hasData, errors } = JSON.parse(response.body) as { data?: unknown; errors: unknown[] };
        expect({ hasData, count: errors.length }).toEqual({ hasData: undefined, count: 1 });
        return response.status;
      };
      expect(await ask('application/graphql-response+json')).toBe(400);
      expect(await ask('application/json')).toBe(legacy);
      expect(newCalls()).toBe(0);
    },
  );

  const withData = [
    ['a field that fails', '{ account(fileNumber: "") { client } x: __typename }', {}],
    ['data that is null', 'query ($f: String!) { account(fileNumber: $f) { client } }', { f: '' }],
    // Its errors have a status of their own.
    ['a response that is too large', '{ account(fileNumber: "R1001") { client notes { totalCount } } }', {}],
  ] as const;

  it.each(both(withData))('%s: %s → 200 in both media types, with data', async (warm, _, document, given) => {
    const { send } = await start(warm, { operationLimits: { maxAnswerFields: 2 } });
    const body = JSON.stringify({ query: document, variables: given });
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      // The second time it is executed directly.
      for (const _time of [1, 2]) {
        const response = await send({ body, headers: [`Accept: ${accept}`] });
        const reply = JSON.parse(response.body) as { errors?: { extensions: object }[] };
        expect({ accept, status: response.status }).toEqual({ accept, status: 200 });
        expect(reply).toHaveProperty('data');
        expect(reply.errors?.length).toBeGreaterThan(0);
        expect(response.body).not.toContain('"http"');
      }
    }
  });
});
