import { buildSchema, type FieldNode, getArgumentValues, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { argumentsByVariables } from './field-arguments.ts';

const schema = buildSchema(`
  input In { a: Int, b: [Int!] }
  type Query { f(key: String!, first: Int = 20, order: String, list: [Int!], in: In): String }
`);
const definition = schema.getQueryType()?.getFields()['f'];

const outcomeOf = (find: () => unknown): unknown => {
  try {
    return find();
  } catch (error) {
    return String(error);
  }
};

const calls = [
  'f(key: $key)',
  'f(key: $constructor)',
  'f(key: $key, first: $first)',
  'f(key: $key, first: null)',
  'f(first: $first)',
  'f(key: "x", order: $order, list: $list)',
  'f(key: $key, list: [1, 2])',
  'f(key: $key, list: [$first])',
  'f(key: $key, in: { a: $first, b: [1] })',
  'f(key: $key, first: "x")',
];

const variables = [
  {},
  { key: 'x' },
  { key: null, first: null },
  { key: 'x', first: undefined },
  { key: 'x', first: 5, order: null },
  { key: 'x', first: 0, order: '', list: [1] },
];

describe('the arguments of a field with variables', () => {
  it.each(calls)('are those of graphql-js: %s', (call) => {
    const [operation] = parse(`{ ${call} }`).definitions;
    if (!definition || operation?.kind !== 'OperationDefinition') throw new Error('no field');
    const node = operation.selectionSet.selections[0] as FieldNode;
    const argumentsOf = argumentsByVariables(definition, node);
    for (const values of variables) {
      const expected = outcomeOf(() => ({ ...getArgumentValues(definition, node, values) }));
      expect(outcomeOf(() => ({ ...argumentsOf(values) }))).toEqual(expected);
    }
  });

  it('are an object of each run', () => {
    const [operation] = parse('{ f(key: $key) }').definitions;
    if (!definition || operation?.kind !== 'OperationDefinition') throw new Error('no field');
    const argumentsOf = argumentsByVariables(definition, operation.selectionSet.selections[0] as FieldNode);
    expect(argumentsOf({ key: 'x' })).not.toBe(argumentsOf({ key: 'x' }));
  });
});
