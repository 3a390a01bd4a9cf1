import { describe, expect, it } from 'vitest';
import { headerSteps, resultSteps } from '../../src/http/response-steps.ts';
import { cachesOf } from '../support/caches.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import {
  admitted,
  executedDirectly,
  get,
  kinds,
  type Options,
  startOver,
  transports,
} from '../support/sent-requests.ts';

interface Body {
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

interface ResultExample {
  readonly query: string;
  readonly variables?: object;
  /** Variables with which the same operation is executed before. */
  readonly before?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly options?: () => Promise<Options>;
  readonly expectIn: (body: Body, status: number) => void;
  /** Whether the operation is sent by GET, and never valid, so that it is never executed directly. */
  readonly isInvalidGet?: true;
}

const account = '{ account(fileNumber: "R1001") { client } }';

/** For each step a result that it changes. A step that is added to the list needs an entry here. */
const resultExamples: Readonly<Record<string, ResultExample>> = {
  warnings: {
    query: '{ order(orderId: "20") { orderId } }',
    options: async () => ({
      recoveryConnect: await startCorpusUpstream('recoveryconnect', {
        filterOrders: { json: { data: [{ id: 20 }], warnings: ['Data is incomplete'] } },
      }),
    }),
    expectIn: ({ extensions }) =>
      expect(extensions).toMatchObject({ warnings: [{ operation: 'filterOrders' }] }),
  },
  trace: {
    query: account,
    headers: { 'x-recollect-trace': '1' },
    expectIn: ({ extensions }) =>
      expect(extensions).toMatchObject({ upstream: [{ operation: 'getaccount' }] }),
  },
  cost: {
    query: account,
    headers: { 'x-recollect-cost': '1' },
    expectIn: ({ extensions }) =>
      expect(extensions).toEqual({ cost: { upstreamCalls: 1, maximum: 1000, made: 1 } }),
  },
  'time of cached data': {
    query: account,
    options: async () => {
      const caches = cachesOf(['getaccount']);
      const scollect = await startCorpusUpstream('scollect');
      const { query } = await startGateway({ caches, scollect });
      await query(account);
      return { caches, scollect };
    },
    expectIn: ({ extensions }) => expect(extensions).toEqual({ asOf: expect.stringMatching(/^\d{4}-.*Z$/) }),
  },
  'no repeats': {
    query: '{ accounts(fileNumbers: ["R1", "R2", "R3"]) { a: __typename b: __typename fileNumber } }',
    options: () => Promise.resolve({ operationLimits: { maxAnswerFields: 2 } }),
    expectIn: ({ errors }) =>
      expect(errors?.map(({ message }) => message)).toEqual([
        'The response has more than 2 fields; those beyond are left out.',
      ]),
  },
  'masked errors': {
    query: account,
    options: async () => ({
      scollect: await startCorpusUpstream('scollect', { getaccount: { status: 400, html: 'x' } }),
    }),
    expectIn: ({ errors }) => expect(errors).toMatchObject([{ extensions: { upstream: 'SCOLLECT' } }]),
  },
  'no suggestions': {
    query: 'query ($f: OrderFilter) { orders(filter: $f) { totalCount } }',
    variables: { f: { vi: '1' } },
    before: {},
    options: () => Promise.resolve({ access: { introspection: false } }),
    expectIn: ({ errors }) =>
      expect(errors?.map(({ message }) => message)).toEqual([
        'Variable "$f" got invalid value (not shown); Field "vi" is not defined by type "OrderFilter".',
      ]),
  },
  'scrubbed messages': {
    query: 'query ($f: String!) { account(fileNumber: $f) { client } }',
    variables: { f: { ssn: '912-55-4418' } },
    before: { f: 'R1001' },
    expectIn: ({ errors }) =>
      expect(errors).toMatchObject([
        {
          message:
            'Variable "$f" got invalid value (not shown); String cannot represent a non string value: (not shown)',
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]),
  },
  'status of bad requests': {
    query: '{ accountsBySsn(ssn: "1-2") { fileNumber } }',
    isInvalidGet: true,
    expectIn: ({ errors }, status) => {
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
      expect(status).toBe(400);
    },
  },
};

const notTested = 'edit the examples in test/http/response-steps.test.ts';

describe('the lists of response steps', () => {
  it(`have an example for each step, and no others: ${notTested}`, () => {
    const namesOf = (steps: readonly { readonly name: string }[]) => steps.map(({ name }) => name).sort();
    expect(Object.keys(resultExamples).sort()).toEqual(namesOf(resultSteps));
    expect(Object.keys(headerExamples).sort()).toEqual(namesOf(headerSteps));
  });
});

const resultRows = resultSteps.flatMap(({ name }) =>
  transports.flatMap((transport) =>
    (resultExamples[name]?.isInvalidGet ? ['cold'] : ['cold', 'warm']).map(
      (warmth) => [name, transport, warmth] as const,
    ),
  ),
);

describe('a result is changed', () => {
  it.each(resultRows)('%s (%s) %s', async (name, transport, warmth) => {
    const example = resultExamples[name];
    if (!example) throw new Error(`${name}: ${notTested}.`);
    const { query, headers, variables, before = variables, options } = example;
    const started = await startOver(transport, (await options?.()) ?? {});
    const send = (given: object | undefined) =>
      started.send(
        example.isInvalidGet
          ? { method: 'GET', path: get({ query }), headers: {} }
          : {
              method: 'POST',
              path: '/graphql',
              headers: { 'content-type': 'application/json', ...headers },
              body: JSON.stringify({ query, variables: given }),
            },
      );
    if (warmth === 'warm') await send(before);
    const { body, status } = await send(variables);
    example.expectIn(JSON.parse(body) as Body, status);
    expect(await executedDirectly(started)).toBe(warmth === 'warm' ? 1 : 0);
  });
});

const app = 'https://app.example.com';
const allowed: Options = { access: { corsOrigins: [app] } };

interface HeaderExample {
  readonly header: string;
  readonly expected: string | RegExp;
  readonly options?: Options;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of metadata, which is public. */
  readonly expectedOfMetadata?: string | RegExp;
}

/** For each step a header that it adds. */
const headerExamples: Readonly<Record<string, HeaderExample>> = {
  CORS: {
    header: 'access-control-allow-origin',
    expected: app,
    options: allowed,
    headers: { origin: app },
    expectedOfMetadata: '*',
  },
  // The value is removed by the reader of HTTP.
  'request id': { header: 'x-request-id', expected: /^$|^[\da-f-]{36}$/ },
  security: { header: 'x-content-type-options', expected: 'nosniff' },
  'cache control': {
    header: 'cache-control',
    expected: /^no-(?:store|cache)$/,
    // A rejection is not kept.
    expectedOfMetadata: /^public, max-age=300$|^no-store$/,
  },
  'content security policy': { header: 'content-security-policy', expected: /^default-src 'none'; / },
  'cross-origin resource policy': { header: 'cross-origin-resource-policy', expected: 'same-origin' },
  'transport security': {
    header: 'strict-transport-security',
    expected: 'max-age=31536000',
    options: { access: { trustedProxies: 1 } },
    headers: { 'x-forwarded-proto': 'https' },
  },
  'vary by origin': { header: 'vary', expected: /(?:^|, )Origin$/, options: allowed },
};

const headerRows = headerSteps.flatMap(({ name }) =>
  kinds.flatMap((kind) => transports.map((transport) => [name, kind, transport] as const)),
);

describe('a header is added', () => {
  it.each(headerRows)('%s: %s (%s), also to a rejection', async (name, kind, transport) => {
    const example = headerExamples[name];
    if (!example) throw new Error(`${name}: ${notTested}.`);
    const { send } = await startOver(transport, example.options ?? {});
    const { sent } = admitted[kind];
    const request = { ...sent, headers: { ...sent.headers, ...example.headers } };
    // Cold and warm, and rejected by the guard of the head.
    const tooMany = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`x${index}`, '']));
    const rejected = { ...request, headers: { ...request.headers, ...tooMany } };
    for (const one of [request, request, rejected]) {
      const value = (await send(one)).header(example.header);
      const { expected, expectedOfMetadata = expected } = example;
      const wanted = admitted[kind].route === 'metadata' ? expectedOfMetadata : expected;
      if (typeof wanted === 'string') expect(value).toBe(wanted);
      else expect(value).toMatch(wanted);
    }
  });
});
