import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { type ExecutionResult, execute, parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../src/http/error-masking.ts';
import { createOpaqueDigest } from '../../src/lib/opaque-digest.ts';
import { scopes } from '../../src/operation/caller.ts';
import { createRequestContext } from '../../src/request/request-context.ts';
import { createResponseWork } from '../../src/request/response-work.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { subgraph } from '../../src/schema/federation/subgraph.ts';
import { scopeCacheKey } from '../../src/schema/kit/builder.ts';
import { readNodeId } from '../../src/schema/kit/node.ts';
import { schema } from '../../src/schema/schema.ts';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { defaultPollLimits, Polls } from '../../src/updates/polls.ts';
import { createAgencyCalendar } from '../../src/values/agency-calendar.ts';
import { anyQuery } from '../cost/arbitrary-query.ts';
import { ids } from '../cost/asked.ts';
import { callerWith } from '../support/caller.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { type Asked, eachOperation, oddNames, withOddNames, writtenQueries } from '../support/documents.ts';
import { ledgerInMemory, sharedKey, silentLog, startGateway } from '../support/gateway.ts';
import { type RawReply, serveRaw } from '../support/raw-http.ts';

// A query is executed by the same rules whether it comes for the first time, through Yoga, or again, by direct execution.

const limits = {
  maxTokens: 100_000,
  maxDepth: 100,
  maxAliases: 10_000,
  maxDirectives: 1000,
  maxRepeats: 1000,
  maxRootFields: 1000,
  maxUpstreamCalls: 10_000,
  maxAnswerFields: 100_000,
};

type Options = NonNullable<Parameters<typeof startGateway>[0]>;

const start = async (options: Options) => {
  const gateway = await startGateway({
    timeoutMs: 60_000,
    requestTimeoutMs: 60_000,
    operationLimits: limits,
    scopes,
    ...options,
  });
  const { send } = await serveRaw(gateway);
  const ledger = await ledgerInMemory();
  const ask = (asked: Asked): Promise<RawReply> => send([JSON.stringify(asked)]);

  /** What graphql-js makes of the same operation. */
  const oracle = async ({ query, operationName, variables }: Asked): Promise<ExecutionResult> => {
    const { lives, upstreams } = gateway;
    const parts = {
      ledger,
      lives,
      polls: new Polls(defaultPollLimits),
      upstreams: () => upstreams,
      log: silentLog,
      redactor: createRedactor(),
      opaque: createOpaqueDigest(sharedKey),
      calendar: createAgencyCalendar(),
      responses: createResponseWork(),
      scopeCacheKey,
    };
    const request = { headers: { get: () => null }, traceId: '', trace: undefined };
    const contextValue = createRequestContext(
      { requestId: '', traceId: '', caller: callerWith(), request },
      parts,
      limits,
    );
    const document = parse(query);
    const result = await execute({
      schema: options.access?.schema ?? schema,
      document,
      contextValue,
      variableValues: variables,
      operationName: operationName ?? null,
    });
    contextValue.life.end();
    return result;
  };
  const taken = async (): Promise<number> =>
    Number(/^recollect_fast_path_queries_total (\d+)$/m.exec(await gateway.metrics.read())?.[1]);
  return { ask, oracle, taken };
};

type Started = Awaited<ReturnType<typeof start>>;

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string };
  }[];
}

/** The times that the gateway itself took differ from one response to the next. */
const withoutTimes = (text: string): string =>
  text.replace(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/g, '"(time)"');

/** The paths of what is null, in the order of the response. */
const nullsIn = (value: unknown, path: readonly (string | number)[] = []): string[] => {
  if (value === null) return [JSON.stringify(path)];
  if (typeof value !== 'object') return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) =>
    nullsIn((value as Readonly<Record<string | number, unknown>>)[key], [...path, key]),
  );
};

/** Asserts that a query has the same response again and again, that graphql-js gives too, and returns its body. */
const compare = async ({ ask, oracle }: Started, asked: Asked): Promise<Body> => {
  const cold = await ask(asked);
  // A later document of a process is kept when it comes for the second time.
  for (const warm of [await ask(asked), await ask(asked)]) {
    expect(warm.headers, asked.query).toEqual(cold.headers);
    expect(withoutTimes(warm.body), asked.query).toBe(withoutTimes(cold.body));
  }
  const body = JSON.parse(cold.body) as Body;
  if (!('data' in body)) return body;
  const expected = await oracle(asked);
  const { data, errors = [] } = body;
  expect(withoutTimes(JSON.stringify(data)), asked.query).toBe(withoutTimes(JSON.stringify(expected.data)));
  expect(errors.length > 0, asked.query).toBe((expected.errors ?? []).length > 0);
  const wanted = (expected.errors ?? []).map((error) => JSON.stringify([error.path, codeOf(error)]));
  for (const { path, extensions } of errors) {
    expect(wanted, asked.query).toContainEqual(JSON.stringify([path, extensions.code]));
  }
  // Each error has made one value null, and they come in the order of those.
  const nulls = nullsIn(data);
  const places = errors.map(({ path = [] }) =>
    nulls.findIndex((at) => `${JSON.stringify(path).slice(0, -1)},`.startsWith(`${at.slice(0, -1)},`)),
  );
  expect(places, asked.query).toEqual([...new Set(places)].sort((one, other) => one - other));
  return body;
};

const noted = [
  '{ __typename then: __typename __schema { then: queryType { name } types { then: name } } }',
  '{ t: __type(name: "Account") { name fields { then: name } } account(fileNumber: "R1001") { fileNumber } }',
  '{ account(fileNumber: "R1001") { phones { then: status } notes(first: 2) { edges { then: node { then: body } } } } }',
  '{ accounts(fileNumbers: ["R1001", "NONE"]) { then: phones { then: rawNumber } } }',
  '{ nodes(ids: ["QWNjb3VudDpSMTAwMQ", "x", "T3JkZXI6NTcwNjI4ODU"]) { __typename then: id ... on Order { __proto__: orderId } } }',
  '{ node(id: "QWNjb3VudDpSMTAwMQ") { ... on Node { id } ... on Account { ...A } } } fragment A on Account { then: client ...B } fragment B on Account { constructor: status }',
  'query A { a: __typename } query B { b: account(fileNumber: "R1001") { then: client } }',
  'query __proto__ { a: __typename } query constructor { b: __typename }',
  '{ ...__proto__ } fragment __proto__ on Query { account(fileNumber: "R1001") { fileNumber } }',
  'query ($then: Boolean = false, $constructor: Boolean!) { a: __typename @skip(if: $then) @include(if: $constructor) ... @skip(if: $constructor) { b: __typename } }',
  'query ($__proto__: Boolean!) { a: __typename @include(if: $__proto__) }',
  '{ b: account(fileNumber: "") { fileNumber } a: account(fileNumber: "R1001") { payments(first: 0) { totalCount } } c: account(fileNumber: "?") { fileNumber } }',
  '{ accounts(fileNumbers: [""]) { fileNumber } account(fileNumber: "") { fileNumber } }',
] as const;

const unreadable = [
  'getnotes',
  'getpayments',
  'getemails',
  'listOrderBorrowers',
  'getaccountbysocial',
] as const;

describe('a query has the same response when it is repeated, and as by graphql-js', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
    return () => sandbox.close();
  });

  const fail = (operations: readonly (typeof unreadable)[number][]): void =>
    sandbox.faults.set(
      operations.map((operation) => ({
        operation,
        fault: 'replace-answer',
        status: 200,
        body: { surprise: true },
      })),
    );

  const written = [...noted, ...writtenQueries()];
  const valid = written.filter((query) => validate(schema, parse(query)).length === 0);
  const renamed = valid.map((query, index) => withOddNames(query, index % oddNames.length));

  it.each([
    ['as it is written', written, []],
    ['under other names, from an upstream that fails here and there', [...noted, ...renamed], unreadable],
  ])(
    'whatever is asked in the documentation and the tests, %s',
    async (_, queries, failing) => {
      fail(failing);
      const started = await start({ sandbox });
      const bodies: Body[] = [];
      for (const asked of queries.flatMap(eachOperation)) bodies.push(await compare(started, asked));
      expect(bodies.length).toBeGreaterThan(150);
      expect(JSON.stringify(bodies)).not.toContain('INTERNAL_SERVER_ERROR');
      expect(bodies.filter(({ errors = [] }) => errors.length > 1).length).toBeGreaterThan(failing.length);
      expect(await started.taken()).toBeGreaterThan(bodies.length / 4);
    },
    120_000,
  );

  it.each([
    ['that are there, or not', []],
    ['from an upstream that fails here and there', unreadable],
  ])('entities of a subgraph %s', async (_, failing) => {
    fail(failing);
    const started = await start({ sandbox, access: { schema: subgraph } });
    const representations = [
      ...ids.map((id) => ({ __typename: readNodeId(id).typeName, id })),
      { __typename: 'Account', fileNumber: 'R3013' },
      5,
    ];
    const fields = [
      '__typename',
      '... on Node { id } ... on Account { phones { then: number } ...A } ... on Order { borrowers { __proto__: fullName } }',
      '... on Account @include(if: $yes) { notes(first: 2) { edges { then: node { then: body } } } emails { totalCount } }',
    ];
    for (const selection of fields) {
      const query = `query ($representations: [_Any!]!, $yes: Boolean = true) { then: _entities(representations: $representations) { ${selection} ...B } b: __typename @skip(if: $yes) } fragment A on Account { then: fileNumber } fragment B on Account { ...A status }`;
      const { data, errors = [] } = await compare(started, { query, variables: { representations } });
      expect(data, JSON.stringify(errors)).toHaveProperty('then');
      expect(errors.length).toBeGreaterThan(1);
    }
  });

  it('whatever it asks for', async () => {
    fail(unreadable);
    const started = await start({ sandbox });
    await fc.assert(
      fc.asyncProperty(anyQuery(), fc.nat(oddNames.length - 1), async (query, first) => {
        await compare(started, { query: withOddNames(query, first), variables: { yes: true } });
      }),
      {
        seed: Number(process.env['SEED'] ?? 11),
        numRuns: Number(process.env['RUNS'] ?? 40),
        endOnFailure: true,
      },
    );
  }, 120_000);
});

describe('the errors of a query', () => {
  it('come in the order of its fields, whichever call fails first', async () => {
    const order = ['getnotes', 'getphones', 'getemails'];
    const failing = (operation: string) => async () => {
      await pause(40 * order.indexOf(operation));
      return { json: { surprise: true } };
    };
    const scollect = await startCorpusUpstream(
      'scollect',
      Object.fromEntries(order.map((operation) => [operation, failing(operation)])),
    );
    const { ask } = await start({ scollect });
    const query =
      '{ account(fileNumber: "R1001") { phones { status } then: notes { totalCount } emails { totalCount } } }';
    const replies: string[] = [];
    for (let left = 3; left > 0; left -= 1) {
      const { body } = await ask({ query, variables: {} });
      replies.push(body);
      expect((JSON.parse(body) as Body).errors?.map(({ path }) => path?.at(-1))).toEqual([
        'phones',
        'then',
        'emails',
      ]);
      order.reverse();
    }
    expect(new Set(replies).size).toBe(1);
  });
});

describe('a mutation', () => {
  it('may call anything `then`, and executes its fields one after the other', async () => {
    const begun: string[] = [];
    const scollect = await startCorpusUpstream('scollect', {
      InsertNoteline: async ({ body }) => {
        const { logmessage } = body as { readonly logmessage: string };
        begun.push(`begin ${logmessage}`);
        await pause(logmessage === 'a' ? 50 : 1);
        begun.push(`end ${logmessage}`);
        return { json: { result: { success: 'Note Inserted' }, state: 'SUCCESS' } };
      },
    });
    const { ask } = await start({ scollect });
    const add = (name: string, body: string) =>
      `${name}: addNote(input: { fileNumber: "R1001", collectorName: "X", body: "${body}" }) {
        then: __typename ... on InvalidInputError { fields { then: path } } }`;
    const query = `mutation { ${add('then', 'a')} ${add('__proto__', 'b')} ${add('c', '')} }`;
    const { body } = await ask({ query, variables: {} });
    expect(body).toBe(
      '{"data":{"then":{"then":"AddNoteSuccess"},"__proto__":{"then":"AddNoteSuccess"},"c":{"then":"InvalidInputError","fields":[{"then":"body"}]}}}',
    );
    expect(begun).toEqual(['begin a', 'end a', 'begin b', 'end b']);
  });
});
