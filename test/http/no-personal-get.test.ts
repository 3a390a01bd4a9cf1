import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const get = async (parameters: Record<string, string>) => {
  const { gateway, calls } = await startGateway();
  const response = await gateway.fetch(`http://gateway/graphql?${new URLSearchParams(parameters)}`, {
    headers: { accept: 'application/json' },
  });
  return { status: response.status, body: await response.text(), calls: calls() };
};

const json = (value: object): string => JSON.stringify(value);

describe('a GET', () => {
  it.each<readonly [string, Record<string, string>]>([
    ['an SSN as a literal', { query: '{ accountsBySsn(ssn: "111-22-3333") { fileNumber } }' }],
    ['an SSN in another form', { query: '{ accountsBySsn(ssn: "111.22.3333") { fileNumber } }' }],
    [
      'an SSN as a variable',
      {
        query: 'query ($s: SSN!) { accountsBySsn(ssn: $s) { fileNumber } }',
        variables: json({ s: '111-22-3333' }),
      },
    ],
    [
      'an SSN in a variable with another beside it',
      {
        query:
          'query ($s: SSN = "111.22.3333") { __typename ...F } fragment F on Query { accountsBySsn(ssn: $s) { fileNumber } }',
      },
    ],
    ['a phone', { query: '{ accountsByPhone(number: "(614) 555-01-42") { fileNumber } }' }],
    ['a filter of orders', { query: '{ orders(filter: { vin: "1FT" }) { totalCount } }' }],
    [
      'a filter of orders as a variable',
      {
        query: 'query ($f: OrderFilter) { orders(filter: $f) { totalCount } }',
        variables: json({ f: { vin: '1FT' } }),
      },
    ],
    ['a long number anywhere', { query: '{ account(fileNumber: "111223333") { status } }' }],
    ['a long number in groups', { query: '{ account(fileNumber: "4111 1111 1111 1111") { status } }' }],
    [
      'a long number in a variable that is not used',
      { query: '{ __typename }', variables: json({ n: 111223333 }) },
    ],
    ['a long number in a parameter that is none', { query: '{ __typename }', ssn: '111-22-3333' }],
    ['a long number as the name of one', { query: '{ __typename }', '111223333': '' }],
    [
      'a long number beside a hash',
      { query: '{ __typename }', extensions: json({ a: 'a'.repeat(64), b: 111223333 }) },
    ],
  ])('with %s is refused, and nothing is sent', async (_, parameters) => {
    const { status, body, calls } = await get(parameters);
    expect({ status, calls }).toEqual({ status: 400, calls: [] });
    expect(JSON.parse(body).errors).toEqual([
      expect.objectContaining({
        message: 'Personal data in a GET would end in logs and histories: use POST.',
        extensions: { code: 'BAD_REQUEST' },
      }),
    ]);
    expect(body).not.toMatch(/3333|0142|4111/);
  });

  it.each([
    [{ query: '{ account(fileNumber: "R1001") { status } }' }],
    [
      {
        query: 'query ($f: String!) { account(fileNumber: $f) { status } }',
        variables: json({ f: 'R1001' }),
      },
    ],
  ])('without any is answered: %j', async (parameters) => {
    const { status, calls } = await get(parameters);
    expect([status, calls.length]).toEqual([200, 1]);
  });

  it('is refused what a POST of the same document was answered, and the other way round', async () => {
    const { gateway, query } = await startGateway();
    const document = '{ accountsByPhone(number: "614.555.0142") { fileNumber } }';
    const url = `http://gateway/graphql?${new URLSearchParams({ query: document })}`;
    for (let asked = 0; asked < 2; asked += 1) {
      expect((await query(document)).errors).toBeUndefined();
      expect((await gateway.fetch(url)).status).toBe(400);
    }
  });
});

describe('a mutation by GET', () => {
  it('is refused, and nothing is sent', async () => {
    const mutation =
      'mutation { deleteBorrowerPhone(input: { orderId: "1", borrowerId: "2", phoneId: "3" }) { __typename } }';
    const { gateway, calls } = await startGateway();
    for (const query of [mutation, `query A { __typename } ${mutation.replace('mutation', 'mutation B')}`]) {
      const parameters = new URLSearchParams({ query, ...(query !== mutation && { operationName: 'B' }) });
      const response = await gateway.fetch(`http://gateway/graphql?${parameters}`);
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    }
    expect(calls()).toEqual([]);
  });
});

describe('a batch', () => {
  it.each([1, 2, 100])('of %i is refused, and nothing is sent', async (size) => {
    const { gateway, calls } = await startGateway();
    const one = { query: '{ account(fileNumber: "R1001") { status } }' };
    const response = await gateway.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(Array(size).fill(one)),
    });
    expect([response.status, calls()]).toEqual([400, []]);
    expect(await response.json()).toEqual({
      errors: [{ message: 'Batching is not supported.', extensions: { code: 'BAD_REQUEST' } }],
    });
  });
});
