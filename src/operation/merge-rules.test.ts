import {
  type ASTVisitor,
  BREAK,
  buildSchema,
  type GraphQLError,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { mergeRules } from './merge-rules.ts';

const schema = buildSchema(`
  interface Named { name: String }
  type Dog implements Named { name: String barks(loud: Boolean!): Boolean friends(first: Int = 1, ids: [ID!]): [Named!] }
  type Cat implements Named { name: String meows: Int }
  union Pet = Dog | Cat
  input Filter { name: String! sizes: [Int!] }
  type Query { dog(filter: Filter): Dog pet: Pet named: Named }
  type Mutation { feed(filter: Filter!): Dog }
`);

const documents = [
  '{ dog { name friends(first: 2, ids: ["a"]) { name ... on Cat { meows } } } }',
  'query A { dog { name } } query A { dog { name } }',
  'query A { dog { name } } { dog { name } }',
  'type T { a: Int } query A { dog { name } }',
  'extend type Dog { a: Int } { dog { a } }',
  'query ($a: Boolean, $a: Boolean, $b: Dog, $c: Nothing) { dog { barks(loud: $a) x: barks(loud: $d) } }',
  '{ dog { barks barks(quiet: true) nothing friends } }',
  '{ dog { name { first } } pet { name } named { meows } }',
  '{ dog { name: barks(loud: true) name } }',
  '{ dog(filter: { name: 1, sizes: [1, "a", null], more: true, name: "b" }) { friends(ids: { a: 1 }) { name } } }',
  '{ dog(filter: { sizes: 1 }, filter: null) { name @include @skip(if: true) @skip(if: false) @nothing } }',
  'query @include(if: true) { dog { ...A ...B ...C } } fragment A on Dog { ...B } fragment B on Dog { ...A } fragment D on Cat { meows } fragment D on Int { a }',
  '{ dog { ... on Cat { meows } ... on Nothing { a } ...F } } fragment F on Dog { barks(loud: $x) }',
  'subscription { dog { name } }',
  'mutation ($f: Filter) { feed(filter: $f) { name } }',
  `{ ${'nothing '.repeat(200)} }`,
  '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
];

const messages = (errors: readonly GraphQLError[]) => errors.map((error) => JSON.stringify(error));

describe('merged rules', () => {
  it.each(documents)('find the same errors as one by one, in the same order: %s', (text) => {
    const document = parse(text);
    const expected = messages(validate(schema, document, specifiedRules));
    expect(messages(validate(schema, document, [mergeRules(specifiedRules)]))).toEqual(expected);
  });

  it('are all found wrong by some of these documents', () => {
    const faultless = specifiedRules.filter((rule) =>
      documents.every((text) => validate(schema, parse(text), [rule]).length === 0),
    );
    expect(faultless.map(({ name }) => name)).toEqual(['SingleFieldSubscriptionsRule']);
  });

  it.each([
    ['leaves a node out', { SelectionSet: () => false }],
    ['leaves one out after it has looked at it', { Field: { enter: () => false, leave: () => undefined } }],
    ['ends', { Field: () => BREAK }],
    ['ends when it leaves', { Field: { leave: () => BREAK } }],
    ['looks at every node', { enter: () => undefined, leave: () => undefined }],
    ['looks at all but some', { enter: () => undefined, Name: () => undefined }],
  ] satisfies [string, ASTVisitor][])('see what they see one by one: one %s', (_, visitor) => {
    const document = parse('{ dog { name friends { name } } pet { __typename } }');
    const seenBy = (merge: (rules: readonly ValidationRule[]) => readonly ValidationRule[]): string[] => {
      const seen: string[] = [];
      const noting = (own: ASTVisitor, name: string): ASTVisitor =>
        Object.fromEntries(
          Object.entries(own).map(([kind, visit]) => {
            const noted = (one: () => unknown, when: string) => (node: { kind: string }, key: unknown) => {
              seen.push([name, when, node.kind, key].join());
              return one();
            };
            if (typeof visit === 'function') return [kind, noted(visit as () => unknown, kind)];
            return [
              kind,
              Object.fromEntries(
                Object.entries(visit).map(([when, one]) => [when, noted(one as () => unknown, when)]),
              ),
            ];
          }),
        );
      const rules = [() => noting({ Field: () => undefined }, 'one'), () => noting(visitor, 'other')];
      validate(schema, document, merge(rules));
      return seen;
    };
    const expected = seenBy((rules) => rules);
    expect(expected.length).toBeGreaterThan(0);
    expect(seenBy((rules) => [mergeRules(rules)])).toEqual(expected);
  });
});
