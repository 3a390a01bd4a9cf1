import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const access = { introspection: false };

const messagesOf = async (document: string, variables: object = {}) => {
  const { query, calls } = await startGateway({ access });
  const { errors = [] } = await query(document, variables);
  expect(calls()).toEqual([]);
  return errors.map(({ message, extensions }) => [message, extensions?.['code']]);
};

describe('with introspection off', () => {
  it.each([
    ['the query that tools ask', getIntrospectionQuery()],
    ['the schema', '{ __schema { queryType { name } } }'],
    ['a type', '{ __type(name: "Account") { name } }'],
    ['the schema under another name', '{ typename: __schema { types { name } } }'],
    ['the schema in a fragment', '{ ...F } fragment F on Query { __schema { types { name } } }'],
    [
      'the schema beside something else',
      '{ account(fileNumber: "R1") { status } __schema { types { name } } }',
    ],
  ])('%s is not told', async (_, document) => {
    const { query, calls } = await startGateway({ access });
    const { data, errors = [] } = await query(document);
    expect([data, calls()]).toEqual([undefined, []]);
    expect(errors.length).toBeGreaterThan(0);
    for (const { message, extensions } of errors) {
      expect(message).toMatch(/^GraphQL introspection has been disabled, /);
      expect(extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });

  it('__typename is told', async () => {
    const { query } = await startGateway({ access });
    expect(await query('{ __typename account(fileNumber: "R1001") { __typename } }')).toEqual({
      status: 200,
      data: { __typename: 'Query', account: { __typename: 'Account' } },
    });
  });

  it('asking for it again ends no other way than at first', async () => {
    const { query } = await startGateway({ access });
    const first = await query('{ __schema { queryType { name } } }');
    expect(await query('{ __schema { queryType { name } } }')).toEqual(first);
  });

  it.each<readonly [string, string, object, string]>([
    [
      'a field',
      '{ accoun(fileNumber: "R1") { status } }',
      {},
      'Cannot query field "accoun" on type "Query".',
    ],
    ['a type', '{ ... on Querry { __typename } }', {}, 'Unknown type "Querry".'],
    [
      'an argument',
      '{ account(fileNumber: "R1", fileNumbr: "R1") { status } }',
      {},
      'Unknown argument "fileNumbr" on field "Query.account".',
    ],
    [
      'a field of an input',
      '{ orders(filter: { vn: "1" }) { totalCount } }',
      {},
      'Field "vn" is not defined by type "OrderFilter".',
    ],
    [
      'a field of an input in a variable',
      'query ($f: OrderFilter) { orders(filter: $f) { totalCount } }',
      { f: { vn: '1' } },
      'Variable "$f" got invalid value (not shown); Field "vn" is not defined by type "OrderFilter".',
    ],
    ['a directive', '{ __typename @skp(if: true) }', {}, 'Unknown directive "@skp".'],
    [
      'a field of a member',
      '{ node(id: "x") { fileNumber } }',
      {},
      'Cannot query field "fileNumber" on type "Node".',
    ],
  ])('%s that is misspelt is told without what it may mean', async (_, document, variables, expected) => {
    expect((await messagesOf(document, variables)).map(([message]) => message)).toContain(expected);
    expect(JSON.stringify(await messagesOf(document, variables))).not.toContain('Did you mean');
  });
});

describe('with introspection on', () => {
  it('the schema is told, and what a misspelt name may mean', async () => {
    const { query } = await startGateway();
    expect((await query('{ __schema { queryType { name } } }')).data.__schema.queryType.name).toBe('Query');
    expect((await query('{ accoun { status } }')).errors?.[0]?.message).toContain('Did you mean');
  });
});
