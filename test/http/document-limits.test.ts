import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/operation/limits.ts';
import { errorLog, startGateway } from '../support/gateway.ts';

const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');

const account = (selection: string): string => `{ account(fileNumber: "R1001") { ${selection} } }`;

/** `borrower { account { borrower … } }` of an account, so many fields inside one another. */
const nested = (depth: number, on: 'account' | 'borrower' = 'account'): string => {
  const other = on === 'account' ? 'borrower' : 'account';
  return depth === 1 ? '__typename' : `${other} { ${nested(depth - 1, other)} }`;
};

/** Fragments that each spread the next one twice. */
const doubling = (count: number, last: string): string =>
  times(count, (at) =>
    at === count - 1
      ? `fragment F${at} on Account { ${last} }`
      : `fragment F${at} on Account { ...F${at + 1} ...F${at + 1} }`,
  );

const message = (what: string): string => `The document has ${what}.`;

const ask = async (document: string, variables: object = {}) => {
  const logged: unknown[] = [];
  const gateway = await startGateway({ log: errorLog((details) => void logged.push(details)) });
  const reply = await gateway.query(document, variables);
  return { ...reply, calls: gateway.calls(), logged };
};

const refusal = (text: string) => ({
  status: 200,
  errors: [{ message: text, extensions: { code: 'QUERY_TOO_COMPLEX' } }],
  calls: [],
  logged: [],
});

const { maxAliases, maxDepth, maxDirectives, maxRepeats, maxRootFields, maxTokens } = defaultLimits;

describe('a document', () => {
  // Within a limit, and beyond it by one.
  it.each([
    [
      `more than ${maxTokens} tokens`,
      // A comment is none; and 500 accounts are the most that may be asked for, which is another matter.
      (over: number) =>
        `{ # ${'a '.repeat(9000)}\n accounts(fileNumbers: [${'"R1001", '.repeat(maxTokens - 12 + over)}]) { fileNumber } }`,
      { isValid: false },
    ],
    [`fields more than ${maxDepth} levels deep`, (over: number) => account(nested(maxDepth - 1 + over)), {}],
    [
      `fields more than ${maxDepth} levels deep`,
      (over: number) =>
        `${account('...F')} fragment F on Account { borrower { ...G } } fragment G on Borrower { account { ${nested(maxDepth - 3 + over)} } }`,
      {},
    ],
    [
      `fields more than ${maxDepth} levels deep`,
      (over: number) =>
        `${account('...__schema')} fragment __schema on Account { ${nested(maxDepth - 1 + over)} }`,
      {},
    ],
    [
      `more than ${maxAliases} aliases`,
      (over: number) => account(times(maxAliases + over, (at) => `a${at}: __typename`)),
      {},
    ],
    [
      `more than ${maxAliases} aliases`,
      (over: number) =>
        `${account(times(over + 1, () => '...F'))} fragment F on Account { ${times(maxAliases, (at) => `a${at}: __typename`)} }`,
      {},
    ],
    [
      `more than ${maxDirectives} directives`,
      (over: number) => account(times(maxDirectives + over, (at) => `a${at}: __typename @skip(if: false)`)),
      {},
    ],
    [
      `more than ${maxDirectives} directives`,
      (over: number) =>
        `${account(times(over + 1, () => '...F'))} fragment F on Account { ${times(maxDirectives, (at) => `a${at}: __typename @skip(if: false)`)} }`,
      {},
    ],
    [
      `a field more than ${maxRepeats} times in one selection`,
      (over: number) => account(times(maxRepeats + over, () => '__typename')),
      {},
    ],
    [
      `a field more than ${maxRepeats} times in one selection`,
      (over: number) =>
        `${account(`${times(maxRepeats - 5, () => '__typename')} ...F ... on Account { __typename }`)} fragment F on Account { ${times(4 + over, () => '__typename')} }`,
      {},
    ],
    [
      `an operation of more than ${maxRootFields} fields`,
      (over: number) =>
        `{ ...F ${times(maxRootFields - 10 + over, (at) => `a${at}: __typename`)} } fragment F on Query { ${times(10, () => '__typename')} }`,
      {},
    ],
  ] as const)('may not have %s', async (what, write, { isValid = true }: { isValid?: boolean }) => {
    const within = await ask(write(0));
    expect(JSON.stringify(within.errors ?? [])).not.toContain('QUERY_TOO_COMPLEX');
    if (isValid) expect(within.errors).toBeUndefined();
    expect(await ask(write(1))).toMatchObject(refusal(message(what)));
  });

  it.each([
    ['500 times the same field', `{ ${times(500, () => '__typename')} }`],
    ['101 aliases of one field', `{ ${times(101, (at) => `a${at}: __typename`)} }`],
    ['directives that nobody knows', `{ __typename ${times(10, () => '@aa')} }`],
    ['30 fragments that double each other', `${account('...F0')} ${doubling(30, 'a: status')}`],
    ['900 doubling fragments', `${account('...F0')} ${doubling(370, 'a: status @skip(if: false)')}`],
    ['fields without end', '{a'.repeat(2400)],
    ['lists without end', `{ account(fileNumber: ${'['.repeat(4900)}`],
    ['objects without end', `{ account(fileNumber: ${'{a:'.repeat(1600)}`],
    ['types without end', `query ($a: ${'['.repeat(4900)}`],
    ['inline fragments without end', `{ ${'... {'.repeat(2400)}`],
    ['a megabyte of open brackets', '['.repeat(990_000)],
    ['nested fields that are whole', `${'{a'.repeat(1200)}${'}'.repeat(1200)}`],
    [
      'nested values that are whole',
      `{ account(fileNumber: ${'['.repeat(2400)}${']'.repeat(2400)}) { status } }`,
    ],
    [
      'nested types that are whole',
      `query ($a: ${'['.repeat(2400)}Int${']'.repeat(2400)}) { account(fileNumber: "1") { status } }`,
    ],
  ])('of %s is refused by one error', async (_, document) => {
    const reply = await ask(document);
    expect(reply).toMatchObject({ status: 200, calls: [], logged: [] });
    expect(reply.errors).toHaveLength(1);
    expect(reply.errors?.[0]?.extensions).toEqual({ code: 'QUERY_TOO_COMPLEX' });
  });

  it.each([
    ['that spreads itself', `${account('...F')} fragment F on Account { ...F }`],
    [
      'that spreads itself in a circle',
      `${account('...F')} fragment F on Account { ...G } fragment G on Account { ...F }`,
    ],
  ])('with a fragment %s is for GraphQL to refuse', async (_, document) => {
    const { errors = [], logged } = await ask(document);
    expect(errors[0]?.message).toContain('Cannot spread fragment "F" within itself');
    expect(logged).toEqual([]);
  });

  it('may be as deep in brackets as the limits allow, with a clean answer', async () => {
    // Besides those of the operation and of its arguments.
    const most = 2 * maxDepth + 62;
    const values = [
      (deep: number) => `${'['.repeat(deep)}${']'.repeat(deep)}`,
      (deep: number) => `${'{a:'.repeat(deep)}1${'}'.repeat(deep)}`,
    ];
    for (const write of values) {
      const document = (deep: number) => `{ account(fileNumber: ${write(deep)}) { status } }`;
      const { status, errors = [], logged } = await ask(document(most));
      expect([status, errors[0]?.extensions?.['code']]).toEqual([200, 'GRAPHQL_VALIDATION_FAILED']);
      expect(logged).toEqual([]);
      expect(await ask(document(most + 1))).toMatchObject(
        refusal(`The document has more than ${most + 2} brackets inside one another.`),
      );
    }
  });

  it('may have as many fragments, each in another one, as it may have tokens for', async () => {
    const count = Math.floor((maxTokens - 7) / 8);
    const spreads = times(count - 1, (at) => `fragment F${at} on Query { ...F${at + 1} }`);
    const document = `{ ...F0 } ${spreads} fragment F${count - 1} on Query { __typename }`;
    expect(await ask(document)).toMatchObject({ data: { __typename: 'Query' }, logged: [] });
  });

  it('may ask for the whole schema', async () => {
    const { data, errors } = await ask(
      getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true, oneOf: true }),
    );
    expect(errors).toBeUndefined();
    expect(data.__schema.types.length).toBeGreaterThan(100);
  });

  it('is refused again, and by a status of its own for who asks for it', async () => {
    const { gateway } = await startGateway();
    const send = () =>
      gateway.fetch('http://gateway/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
        body: JSON.stringify({ query: `{ ${times(101, (at) => `a${at}: __typename`)} }` }),
      });
    for (const response of [await send(), await send()]) {
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        errors: [{ message: message('more than 100 aliases'), extensions: { code: 'QUERY_TOO_COMPLEX' } }],
      });
    }
  });

  it('of a megabyte is looked through within the time of a request', async () => {
    const sets = times(450, (at) => `a${at % 90}: account(fileNumber: "R1") { ...F }`);
    const document = `{ ${sets} } fragment F on Account { ${times(1200, (at) => `f${at}`)} }`;
    const { errors = [] } = await ask(document);
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['QUERY_TOO_COMPLEX']);
  });
});

describe('variables', () => {
  const document = 'query ($i: ID!) { order(orderId: $i) { orderId } }';
  const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
  const post = async (body: string) => {
    const { gateway, calls } = await startGateway();
    const response = await gateway.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return { status: response.status, answer: await response.json(), calls: calls() };
  };

  it('may be 32 levels deep', async () => {
    const { errors = [] } = await ask(document, { i: deep(31) });
    expect(errors[0]?.message).toMatch(/^Variable "\$i" got invalid value/);
    expect(await ask(document, { i: deep(32) })).toMatchObject({
      status: 200,
      errors: [
        {
          message: 'variables: expected lists and objects at most 32 levels deep.',
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
      calls: [],
    });
  });

  it.each([
    ['lists', '[', ']', 490_000],
    ['objects', '{"a":', '}', 160_000],
  ])('of a megabyte of %s are refused', async (_, open, close, count) => {
    const value = `${open.repeat(count)}${open === '[' ? '' : '1'}${close.repeat(count)}`;
    const { status, answer, calls } = await post(
      `{"query":${JSON.stringify(document)},"variables":{"i":${value}}}`,
    );
    expect([status, calls]).toEqual([200, []]);
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('that do not end are refused', async () => {
    const { status, answer } = await post(`{"query":"{ __typename }","variables":${'['.repeat(900_000)}`);
    expect([200, 400]).toContain(status);
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });
});
