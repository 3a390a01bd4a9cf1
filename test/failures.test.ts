import { describe, expect, it, vi } from 'vitest';
import { noTrail } from '../src/audit/audit-trail.ts';
import { createGateway } from '../src/http/gateway.ts';
import { createRequestLives } from '../src/request/request-life.ts';
import { createMetrics } from '../src/telemetry/metrics.ts';
import { createRedactor } from '../src/telemetry/redaction/redact.ts';
import type { UpstreamClient } from '../src/upstreams/client/client.ts';
import { callerWith } from './support/caller.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { errorLog, ledgerInMemory, openAccess, type Reply, startGateway } from './support/gateway.ts';
import type { Answer } from './support/upstream.ts';

const document = `{
  account(fileNumber: "R1001") { fileNumber phones { number } payments(first: 1) { totalCount } }
  order(orderId: "20") { orderId borrowers { fullName } }
}`;
const account = {
  fileNumber: 'R1001',
  phones: [{ number: '+11234567890' }, { number: '+12223334444' }],
  payments: { totalCount: 3 },
};
const order = { orderId: '20', borrowers: [{ fullName: 'A_Toney Spencer' }, { fullName: 'test borrower' }] };

const html = (status: number, headers = {}): Answer => ({ status, html: '<h1>CANARY</h1>', headers });
const wrapped = (result: unknown): Answer => ({ json: { result, state: 'SUCCESS' } });

describe('a read that fails', () => {
  it.each<readonly [string, Answer, string, boolean]>([
    ['a server error', html(500), 'UPSTREAM_UNAVAILABLE', true],
    ['a bad gateway', html(502), 'UPSTREAM_UNAVAILABLE', true],
    ['a gateway time-out', html(504), 'UPSTREAM_TIMEOUT', true],
    ['a page that is not there', html(404), 'UPSTREAM_BAD_RESPONSE', false],
    ['HTML where JSON was due', html(200), 'UPSTREAM_BAD_RESPONSE', false],
    ['a refusal', html(403), 'UPSTREAM_REJECTED', false],
    ['a refused token', html(401), 'UPSTREAM_AUTH_FAILED', false],
    ['a reset', 'reset', 'UPSTREAM_UNAVAILABLE', true],
    ['silence', 'silence', 'UPSTREAM_TIMEOUT', true],
    ['an error in a 200', wrapped({ error: 'CANARY broke' }), 'UPSTREAM_UNAVAILABLE', true],
    ['a blank error in a 200', wrapped({ error: '' }), 'UPSTREAM_UNAVAILABLE', true],
    ['a 500 in a 200', wrapped([{ error: 'CANARY broke' }, 500]), 'UPSTREAM_UNAVAILABLE', true],
    ['a 401 in a 200', wrapped([{ error: 'CANARY expired' }, 401]), 'UPSTREAM_AUTH_FAILED', false],
    ['bad input in a 200', wrapped({ error: 'Missing CANARY' }), 'BAD_USER_INPUT', false],
    ['a task that continues', { json: { state: 'PENDING', status: 'CANARY' } }, 'UPSTREAM_UNAVAILABLE', true],
    ['a task that timed out', { json: { state: 'TIMEOUT', status: 'CANARY' } }, 'UPSTREAM_TIMEOUT', true],
    ['a form nobody knows', wrapped('CANARY'), 'UPSTREAM_BAD_RESPONSE', false],
  ])(
    'by %s is an error at its path, and the rest of the response is unaffected',
    async (_, answer, code, retryable) => {
      const scollect = await startCorpusUpstream('scollect', { getphones: answer });
      const { query } = await startGateway({ scollect, timeoutMs: answer === 'silence' ? 500 : 5000 });
      const { status, data, errors } = await query(document);
      expect(status).toBe(200);
      expect(data).toEqual({ account: { ...account, phones: null }, order });
      expect(errors).toEqual([
        {
          message: expect.stringMatching(/^Scollect .* \(GET \/getphones\/\{filenumber\}\)\.$/),
          path: ['account', 'phones'],
          locations: [expect.anything()],
          extensions: { code, upstream: 'SCOLLECT', operation: 'getphones', retryable },
        },
      ]);
      expect(JSON.stringify(errors)).not.toContain('CANARY');
    },
  );

  it.each([
    ['60', { retryAfter: 60 }],
    ['', {}],
  ])('for too many requests says when to come again (Retry-After %j)', async (header, extensions) => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      listOrderBorrowers: html(429, { 'retry-after': header }),
    });
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document);
    expect(data).toEqual({ account, order: { ...order, borrowers: null } });
    expect(errors).toMatchObject([
      {
        path: ['order', 'borrowers'],
        extensions: {
          code: 'UPSTREAM_RATE_LIMITED',
          upstream: 'RECOVERY_CONNECT',
          operation: 'listOrderBorrowers',
          retryable: true,
          ...extensions,
        },
      },
    ]);
  });

  it('for one key leaves the other keys alone', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getpayments: ({ path }) => (path.endsWith('R2') ? 'reset' : wrapped([])),
    });
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(`{
      a: account(fileNumber: "R1") { payments { totalCount } }
      b: account(fileNumber: "R2") { payments { totalCount } }
      c: account(fileNumber: "R3") { payments { totalCount } }
    }`);
    const none = { payments: { totalCount: 0 } };
    expect(data).toEqual({ a: none, b: { payments: null }, c: none });
    expect(errors).toMatchObject([{ path: ['b', 'payments'] }]);
  });

  it('for a batch is an error at each of its orders', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', { filterOrders: html(503) });
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(
      '{ a: order(orderId: "1") { orderId } b: order(orderId: "2") { orderId } }',
    );
    expect(data).toEqual({ a: null, b: null });
    expect(errors?.map(({ path }) => path)).toEqual([['a'], ['b']]);
  });

  it('for want of a log-in names the log-in', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      login: wrapped([{ error: 'Invalid API Credentials.' }, 401]),
    });
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(document);
    expect(data).toEqual({ account: null, order });
    expect(errors).toMatchObject([
      {
        message: "Scollect refused the gateway's credentials (POST /login).",
        path: ['account'],
        extensions: { code: 'UPSTREAM_AUTH_FAILED', operation: 'login', retryable: false },
      },
    ]);
  });

  it('because its system is not configured says so, and the other is served', async () => {
    const { query } = await startGateway({ recoveryConnect: null });
    const { data, errors } = await query(document);
    expect(data).toEqual({ account, order: null });
    expect(errors).toMatchObject([
      {
        message: 'RecoveryConnect is not configured (GET /api/v150/recon/orders).',
        path: ['order'],
        extensions: { code: 'UPSTREAM_UNAVAILABLE', upstream: 'RECOVERY_CONNECT', retryable: false },
      },
    ]);
  });
});

describe('nothing found', () => {
  it.each<readonly [string, Answer]>([
    ['no rows', wrapped({ result: [] })],
    ['a 404 inside a 200', wrapped([{ error: 'File number R1001 does not exist.' }, 404])],
    ['a text that says so', wrapped({ error: 'Data not found for this filenumber' })],
  ])('in the form of %s is never an error', async (_, answer) => {
    const scollect = await startCorpusUpstream('scollect', { getphones: answer, getpayments: answer });
    const { query } = await startGateway({ scollect });
    expect(await query(document)).toEqual({
      status: 200,
      data: { account: { fileNumber: 'R1001', phones: [], payments: { totalCount: 0 } }, order },
    });
  });
});

describe('an error that nobody foresaw', () => {
  it.each([TypeError, SyntaxError])(
    'is INTERNAL_SERVER_ERROR, and logged without its text under the request id of the response',
    async (Unforeseen) => {
      const error = vi.fn();
      const broken: UpstreamClient = {
        call: () => {
          throw new Unforeseen('CANARY');
        },
        readRows: () => Promise.reject(new Error('not asked')),
        keptRows: () => Promise.resolve(undefined),
        state: () => null,
        close: () => Promise.resolve(),
      };
      const gateway = createGateway({
        authenticate: () => callerWith(),
        upstreams: () => ({ SCOLLECT: broken, RECOVERY_CONNECT: broken }),
        audit: noTrail,
        redactor: createRedactor(),
        log: errorLog(error),
        ledger: await ledgerInMemory(),
        lives: createRequestLives(10_000),
        readiness: () => Promise.reject(new Error('not asked')),
        metrics: createMetrics(),
        graphiql: false,
        loopbackOnly: false,
        ...openAccess,
      });
      const query = encodeURIComponent('{ account(fileNumber: "R1") { fileNumber } }');
      const response = await gateway.fetch(`http://gateway/graphql?query=${query}`);
      const { data, errors } = (await response.json()) as Reply;
      expect(data).toEqual({ account: null });
      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(/^Unexpected error/),
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        },
      ]);
      const errorId = errors?.[0]?.extensions?.['errorId'];
      expect(error.mock.calls).toEqual([
        [
          {
            errorId,
            requestId: response.headers.get('x-request-id'),
            traceId: expect.stringMatching(/^[\da-f]{32}$/),
            path: ['account'],
            name: Unforeseen.name,
            at: expect.arrayContaining([expect.stringMatching('at ')]),
          },
          'unexpected error',
        ],
      ]);
      expect(JSON.stringify([errors, error.mock.calls])).not.toContain('CANARY');
    },
  );
});

describe("an error in the caller's own document", () => {
  it.each([
    ['a syntax error', '{ account(', {}, /^Syntax Error: Expected Name, found <EOF>\.$/],
    [
      'a literal out of place',
      '{ account("111-22-3333") }',
      {},
      /^Syntax Error: Expected Name, found String\.$/,
    ],
    [
      'a literal of another kind',
      '{ account(fileNumber: "R1") { payments(first: "3333") { totalCount } } }',
      {},
      /^Int cannot represent non-integer value: \(not shown\)$/,
    ],
    [
      'an unknown field',
      '{ account(fileNumber: "R1") { ssn } }',
      {},
      /^Cannot query field "ssn" on type "Account"/,
    ],
    [
      'a variable of the wrong type',
      'query ($f: String!) { account(fileNumber: $f) { fileNumber } }',
      { f: { ssn: '111-22-3333' } },
      /^Variable "\$f" got invalid value \(not shown\); String cannot represent a non string value: \(not shown\)$/,
    ],
    [
      'a literal of the wrong type',
      '{ order(orderId: {ssn: "111-22-3333"}) { orderId } }',
      {},
      /^ID cannot represent a non-string and non-integer value: \(not shown\)$/,
    ],
    [
      'a variable that is missing',
      'query ($f: String!) { account(fileNumber: $f) { fileNumber } }',
      {},
      /^Variable "\$f" of required type/,
    ],
  ])('keeps its text but not its values: %s', async (_, document, variables, message) => {
    const { query, calls } = await startGateway();
    const { data, errors } = await query(document, variables);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.message).toMatch(message);
    expect(JSON.stringify(errors)).not.toContain('3333');
    expect(calls()).toEqual([]);
  });
});
