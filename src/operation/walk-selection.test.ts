import { buildSchema, getOperationAST, isCompositeType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSelectionWalk, fragmentsIn } from './walk-selection.ts';

const schema = buildSchema(`
  interface Named { name: String }
  type Cat implements Named { name: String, claws: Int }
  type Dog implements Named { name: String, tail: Int }
  union Pet = Cat | Dog
  type Query { cat: Cat, named: Named, pet: Pet }
`);

/** The visited fields of a selection of a type, in order. */
const visited = (typeName: string, text: string, variables?: Readonly<Record<string, unknown>>): string[] => {
  const document = parse(text);
  const operation = getOperationAST(document);
  const type = schema.getType(typeName);
  const fields: string[] = [];
  if (!operation || !isCompositeType(type)) throw new Error('expected an operation');
  const walk = createSelectionWalk<undefined>({
    schema,
    fragments: fragmentsIn(document),
    ...(variables && { variables }),
    keyOf: () => '',
    visit: ({ name }, parent) => fields.push(`${parent.name}.${name.value}`),
  });
  walk(operation.selectionSet, type, undefined);
  return fields;
};

describe('a walk over a selection', () => {
  it('visits fields, and those of fragments', () => {
    expect(visited('Cat', '{ name ... { claws } ...F } fragment F on Cat { __typename }')).toEqual([
      'Cat.name',
      'Cat.claws',
      'Cat.__typename',
    ]);
  });

  it('omits fragments for other types, and keeps an object type within its interface', () => {
    expect(visited('Cat', '{ ... on Dog { tail } ... on Named { name } }')).toEqual(['Cat.name']);
  });

  it('visits each possible type of an interface or a union', () => {
    const selection = '{ ... on Cat { claws } ... on Dog { tail } }';
    expect(visited('Pet', selection)).toEqual(['Cat.claws', 'Dog.tail']);
    expect(visited('Named', `{ name ${selection.slice(1)}`)).toEqual(['Named.name', 'Cat.claws', 'Dog.tail']);
  });

  it('omits what is skipped, if it has variables', () => {
    const text =
      'query ($no: Boolean!) { name @include(if: $no) claws @skip(if: $no) ... @include(if: $no) { name } }';
    expect(visited('Cat', text, { no: false })).toEqual(['Cat.claws']);
    expect(visited('Cat', text)).toEqual(['Cat.name', 'Cat.claws', 'Cat.name']);
  });

  it('visits a fragment once for one state, also one that spreads itself', () => {
    const text = '{ ...F ...F ... { ...F } } fragment F on Cat { name ...F }';
    expect(visited('Cat', text)).toEqual(['Cat.name']);
  });

  it('visits a fragment again for another state', () => {
    const document = parse('{ ...F } fragment F on Cat { name }');
    const seen: number[] = [];
    const walk = createSelectionWalk<number>({
      schema,
      fragments: fragmentsIn(document),
      keyOf: String,
      visit: (_, __, state) => seen.push(state),
    });
    const type = schema.getType('Cat');
    const set = getOperationAST(document)?.selectionSet;
    if (!set || !isCompositeType(type)) throw new Error('expected a selection');
    for (const state of [1, 2, 1]) walk(set, type, state);
    expect(seen).toEqual([1, 2]);
  });
});
