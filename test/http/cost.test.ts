import { describe, expect, it } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

/** As many phones on an account as no estimate expects. */
const phones = Array.from({ length: 30 }, (_, index) => ({
  id: index,
  phonenumber: `212-555-01${String(index).padStart(2, '0')}`,
}));

const startWithManyPhones = async (maxUpstreamCalls: number) => {
  const scollect = await startCorpusUpstream('scollect', {
    getphones: { json: { result: phones, state: 'SUCCESS' } },
  });
  return startGateway({ scollect, operationLimits: { maxUpstreamCalls } });
};

const twoAccounts = '{ accounts(fileNumbers: ["R1001", "R1002"]) { status } }';

describe('an operation', () => {
  it('that would make too many calls is refused, and makes none', async () => {
    const { query, calls, lives } = await startGateway({ operationLimits: { maxUpstreamCalls: 1 } });
    expect(await query(twoAccounts)).toEqual({
      status: 200,
      errors: [
        {
          message: 'The operation may need 2 calls to the upstreams; at most 1 are allowed.',
          extensions: { code: 'QUERY_TOO_COMPLEX', cost: { upstreamCalls: 2, maximum: 1 } },
        },
      ],
    });
    expect(calls()).toEqual([]);
    expect(lives.count()).toBe(0);
  });

  it('is carried out where it makes just as many as are allowed', async () => {
    const { query } = await startGateway({ operationLimits: { maxUpstreamCalls: 2 } });
    expect((await query(twoAccounts)).errors).toBeUndefined();
  });

  it('that changes something is refused before it does', async () => {
    const { query, calls } = await startGateway({ operationLimits: { maxUpstreamCalls: 1 } });
    const { errors } = await query(
      'mutation { updateAccount(input: { fileNumber: "R1001", changes: { status: "A", client: "B" } }) { __typename } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
    expect(calls()).toEqual([]);
  });

  it('is refused by a status of its own for who asks for it', async () => {
    const { gateway } = await startGateway({ operationLimits: { maxUpstreamCalls: 1 } });
    const { status } = await gateway.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query: twoAccounts }),
    });
    expect(status).toBe(400);
  });

  it('with variables that cannot be used is told so', async () => {
    const { query } = await startGateway();
    const { errors } = await query('query ($n: [String!]!) { accounts(fileNumbers: $n) { status } }');
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('with a variable that has many faults is told of five', async () => {
    const { query, calls } = await startGateway();
    const input = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`x${index}`, 1]));
    const { status, errors } = await query(
      'mutation ($input: CreateOrderInput!) { createOrder(input: $input) { __typename } }',
      { input },
    );
    expect(status).toBe(400);
    expect(errors).toHaveLength(6);
    expect(errors?.at(-1)?.message).toMatch(/^Too many errors processing variables/);
    expect(calls()).toEqual([]);
  });

  it('tells its cost to who asks for that', async () => {
    const { query } = await startGateway();
    const asking = { 'x-recollect-cost': '1' };
    const cost = { upstreamCalls: 2, maximum: 1000, made: 2 };
    expect((await query(twoAccounts, {}, asking)).extensions).toEqual({ cost });
    expect((await query(twoAccounts)).extensions).toBeUndefined();
    const both = await query(twoAccounts, {}, { ...asking, 'x-recollect-trace': '1' });
    expect(both.extensions).toMatchObject({ cost, upstream: [{}, {}] });
    const note =
      'mutation { addNote(input: { fileNumber: "R1001", collectorName: "A", body: "B" }) { ... on AddNoteSuccess { note { body } } } }';
    expect((await query(note, {}, asking)).extensions).toEqual({ cost });
  });

  it('tells its cost where it is refused too', async () => {
    const { query } = await startGateway({ operationLimits: { maxUpstreamCalls: 1 } });
    const { extensions } = await query(twoAccounts, {}, { 'x-recollect-cost': '1' });
    expect(extensions).toEqual({ cost: { upstreamCalls: 2, maximum: 1, made: 0 } });
  });
});

describe('lists that are longer than expected', () => {
  const selection = 'phones { number accounts { fileNumber } }';

  it('end in an error for each call beyond the limit, and leave the rest', async () => {
    const { query, calls } = await startWithManyPhones(20);
    const { data, errors = [] } = await query(`{ account(fileNumber: "R1001") { status ${selection} } }`);
    expect(calls()).toHaveLength(20);
    expect(data.account.status).toBe('Bankruptcy');
    expect(data.account.phones).toHaveLength(30);
    // Beside the account and its phones there are 18.
    expect(errors.map(({ path }) => path)).toEqual(
      Array.from({ length: 12 }, (_, at) => ['account', 'phones', 18 + at, 'accounts']),
    );
    expect(errors[0]).toMatchObject({
      message: 'The query needs more than 20 calls to the upstreams: lists are longer than expected.',
      extensions: { code: 'QUERY_TOO_COMPLEX', cost: { maximum: 20 } },
    });
  });

  it('do not keep a mutation from telling what it has done', async () => {
    const { query, calls } = await startWithManyPhones(20);
    const { data, errors } = await query(
      `mutation { addNote(input: { fileNumber: "R1001", collectorName: "A", body: "B" }) { ... on AddNoteSuccess { account { ${selection} } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.addNote.account.phones).toHaveLength(30);
    expect(calls().length).toBe(32);
  });
});

describe('an answer', () => {
  const phone = { id: 1, phonenumber: '212-555-0100' };
  const getphones = { json: { result: [phone, { ...phone, id: 2 }, { ...phone, id: 3 }], state: 'SUCCESS' } };
  /** Accounts that lead to their phones, and back: three times as many at every second level, for two calls. */
  const there = (levels: number): string =>
    levels === 0 ? 'fileNumber' : `phones { account { ${there(levels - 1)} } }`;

  const startSmall = async (maxAnswerFields: number) =>
    startGateway({
      scollect: await startCorpusUpstream('scollect', { getphones }),
      operationLimits: { maxAnswerFields },
    });

  it('of as many fields as are allowed comes whole', async () => {
    const { query } = await startSmall(1 + 1 + 3 + 3);
    const { data, errors } = await query(`{ account(fileNumber: "R1001") { ${there(1)} } }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      account: { phones: Array.from({ length: 3 }, () => ({ account: { fileNumber: 'R1001' } })) },
    });
  });

  it('of things that lead to each other ends where it has too many fields, and says so once', async () => {
    const { query } = await startSmall(100);
    const { data, errors } = await query(`{ account(fileNumber: "R1001") { ${there(8)} } }`);
    expect(errors).toMatchObject([
      {
        message: 'The response has more than 100 fields; those beyond are left out.',
        path: expect.arrayContaining(['account', 'phones']),
        extensions: { code: 'QUERY_TOO_COMPLEX' },
      },
    ]);
    expect(JSON.stringify(data).match(/"\w+":/g)?.length).toBeLessThan(300);
  });

  it('of several mutations says of each what was left out, and carries out all', async () => {
    const { query, calls } = await startSmall(1);
    const note = (alias: string): string =>
      `${alias}: addNote(input: { fileNumber: "R1001", collectorName: "c", body: "b" }) { ... on AddNoteSuccess { account { fileNumber } } }`;
    const { data, errors } = await query(`mutation { ${note('a')} ${note('b')} }`);
    expect(data).toEqual({ a: null, b: null });
    expect(errors?.map(({ path }) => path)).toEqual([
      ['a', 'account', 'fileNumber'],
      ['b', 'account'],
    ]);
    expect(calls().filter((path) => /note/i.test(path))).toHaveLength(2);
  });

  it('of a mutation after one that has taken all is told nevertheless', async () => {
    const { query } = await startSmall(300);
    const note = 'input: { fileNumber: "R1001", collectorName: "c", body: "b" }';
    const { data, errors } = await query(
      `mutation {
        a: addNote(${note}) { ... on AddNoteSuccess { account { ${there(8)} } } }
        b: addNote(${note}) { ... on AddNoteSuccess { account { fileNumber } } }
      }`,
    );
    expect(data.b).toEqual({ account: { fileNumber: 'R1001' } });
    expect(errors).toMatchObject([{ path: expect.arrayContaining(['a', 'phones']) }]);
  });

  it('is bounded unless told otherwise', async () => {
    const many = Array.from({ length: 12 }, (_, id) => ({ ...phone, id }));
    const scollect = await startCorpusUpstream('scollect', {
      getphones: { json: { result: many, state: 'SUCCESS' } },
    });
    const { query } = await startGateway({ scollect });
    const { errors } = await query(`{ account(fileNumber: "R1001") { ${there(5)} } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
  });
});
