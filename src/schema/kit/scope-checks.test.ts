import { GraphQLError, GraphQLObjectType, GraphQLSchema, GraphQLString, graphql } from 'graphql';
import { describe, expect, it } from 'vitest';
import { checkScopes } from './scope-checks.ts';

const schemaWith = (pothosOptions: object, ofType: object = {}): GraphQLSchema =>
  new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      extensions: { pothosOptions: ofType },
      fields: { f: { type: GraphQLString, resolve: () => 'value', extensions: { pothosOptions } } },
    }),
  });

const ask = async (options: object, ...scopes: readonly string[]) => {
  const contextValue = { caller: { scopes: new Set(scopes) } };
  const { data, errors } = await graphql({
    schema: checkScopes(schemaWith(options)),
    source: '{ f }',
    contextValue,
  });
  return errors ? errors.map(({ message, extensions }) => [message, extensions]) : data?.['f'];
};

const message = (wanted: string): string => `Query.f: expected a caller with the scope ${wanted}.`;
const some = { authScopes: { $any: { 'accounts:read': true, 'orders:read': true } } };

describe('the scopes of a field', () => {
  it.each([
    ['none', {}, []],
    ['one', { authScopes: { 'orders:read': true } }, ['orders:read']],
    ['one of several', some, ['orders:read']],
  ])('%s: returned to a caller with it', async (_, options, scopes) => {
    expect(await ask(options, ...scopes)).toBe('value');
  });

  it.each([
    ['one', { authScopes: { 'orders:read': true } }, ['orders:read']],
    ['one of several', some, ['accounts:read', 'orders:read']],
    ['a function, which is not supported', { authScopes: () => ({}) }, []],
  ])('%s: FORBIDDEN for any other caller', async (_, options, scopes) => {
    const expected = [[message(scopes.join(' or ')), { code: 'FORBIDDEN', scopes }]];
    expect(await ask(options, 'payments:read')).toEqual(expected);
  });

  it('may replace the error of the field', async () => {
    const unauthorizedResolver = (...args: readonly unknown[]) =>
      args.at(-1) instanceof GraphQLError ? 'replaced' : null;
    expect(await ask({ ...some, unauthorizedResolver })).toBe('replaced');
  });

  it('may not be those of its type', () => {
    expect(() => checkScopes(schemaWith({}, some))).toThrow('Query: expected scopes at its fields.');
  });
});
