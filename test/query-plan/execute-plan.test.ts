import fc from 'fast-check';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  GraphQLInt,
  GraphQLList,
  GraphQLObjectType,
  GraphQLSchema,
  getIntrospectionQuery,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { executePlan } from '../../src/query-plan/execute-plan.ts';
import { planOperation } from '../../src/query-plan/plan.ts';
import { type RunContext, randomSchema } from './random-schema.ts';

const operationOf = (document: DocumentNode): OperationDefinitionNode => {
  const operation = getOperationAST(document);
  if (!operation) throw new Error('Expected one operation.');
  return operation;
};

type Variables = Readonly<Record<string, unknown>>;

const coerce = (operation: OperationDefinitionNode, variables: Variables): Record<string, unknown> => {
  const { coerced } = getVariableValues(randomSchema, operation.variableDefinitions ?? [], variables);
  if (!coerced) throw new Error('Expected variables that are right.');
  return coerced;
};

/** A number for a text, the same in every run. */
const hash = (text: string): number => {
  let number = 2_166_136_261;
  for (const character of text) number = Math.imul(number ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return number >>> 1;
};

const runOf = (seed: number): RunContext => ({
  told: new Map(),
  // Most of them do as they should.
  behave: (place) =>
    hash(`${seed} ${place}`) % 3 === 0 ? hash(`${place} ${seed}`) : 6 + 144 * (hash(place) % 50),
});

/** Whether an error is of a place that the answer has: those below a null may or may not be told. */
const isReached = (data: unknown, { path = [] }: GraphQLError): boolean => {
  let at = data;
  for (const key of path) {
    if (at === null || at === undefined) return false;
    at = (at as Record<string | number, unknown>)[key];
  }
  return true;
};

const toldIn = ({ data, errors = [] }: ExecutionResult) =>
  errors
    .filter((error) => isReached(data, error))
    .map(({ path, message, locations }) => JSON.stringify({ path, message, locations }))
    .sort();

/** What reads alike in both: graphql-js names values and types in errors of the program. */
const comparable = (told: readonly string[]): string[] =>
  told.map((error) =>
    /String cannot|Enum|serialize|Runtime|[Ee]xpected/.test(error)
      ? error.replace(/"message":.*"locations"/, '"locations"')
      : error,
  );

const runBoth = async (query: string, variables: Variables, seed: number) => {
  const document = parse(query);
  expect(validate(randomSchema, document)).toEqual([]);
  const operation = operationOf(document);
  const coerced = coerce(operation, variables);
  const findPlan = planOperation(randomSchema, document, operation);
  const [own, theirs, again] = [runOf(seed), runOf(seed), runOf(seed)];
  const expected = await execute({
    schema: randomSchema,
    document,
    variableValues: variables,
    contextValue: theirs,
  });
  const result = await executePlan(findPlan(coerced), coerced, own);
  const text = JSON.stringify(result);
  const textAgain = JSON.stringify(await executePlan(findPlan(coerced), coerced, again));
  return { expected, result, text, textAgain, own, theirs };
};

const leaves = ['leaf', 'sure', 'color', 'lists', 'plain', '__typename'];
const objects = ['self', 'sureSelf', 'list', 'sureList'];
const abstracts = ['animal', 'animals'];
const named = [
  'name',
  'name(size: 4)',
  'name(size: $size)',
  'name(flag: $yes)',
  'name(size: null, flag: true)',
];
const conditions = ['', '', '', '', ' @include(if: $yes)', ' @skip(if: $yes)', ' @skip(if: $no)'];

const anyOf = fc.constantFrom;

const { selection } = fc.letrec<{ selection: string; field: string }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'query' },
    fc.tuple(anyOf(...leaves, 'x: leaf', 'y: leaf'), anyOf(...conditions)).map((parts) => parts.join('')),
    fc
      .tuple(anyOf(...named), anyOf(...conditions))
      .map(([field, condition]) => `n${hash(field)}: ${field}${condition}`),
    fc
      .tuple(anyOf(...objects), anyOf(...conditions), tie('selection'))
      .map(([name, condition, below]) => `${name}${condition} ${below}`),
    fc
      .tuple(anyOf(...abstracts), tie('selection'), tie('selection'))
      .map(([name, cat, dog]) => `${name} { name __typename ... on Cat ${cat} ... on Dog ${dog} }`),
    anyOf('...Some', '...Some @include(if: $yes)', '... on Animal @skip(if: $yes) { leaf ...Other }'),
  ),
  selection: fc
    .array(tie('field'), { minLength: 1, maxLength: 5, depthIdentifier: 'query' })
    .map((fields) => `{ ${fields.join(' ')} }`),
}));

const withFragments = (selected: string): string => `
  query Q($size: Int, $yes: Boolean!, $no: Boolean = false) ${selected}
  fragment Some on Animal { __typename leaf ...Other sure }
  fragment Other on Animal { x: leaf, n: name(size: $size) @include(if: $yes) ... @skip(if: $no) { y: leaf } }`;

describe('a planned query', () => {
  it('is carried out as by graphql-js, whatever its fields do', async () => {
    let withErrors = 0;
    let withData = 0;
    await fc.assert(
      fc.asyncProperty(
        selection,
        fc.nat(),
        fc.boolean(),
        fc.option(fc.integer({ min: 0, max: 9 })),
        async (body, seed, yes, size) => {
          const text = withFragments(body);
          if (validate(randomSchema, parse(text)).length > 0) return fc.pre(false);
          const variables = size === null ? { yes } : { yes, size };
          const { expected, result, own, theirs, ...texts } = await runBoth(text, variables, seed);
          expect(JSON.stringify(result.data)).toBe(JSON.stringify(expected.data));
          expect(comparable(toldIn(result))).toEqual(comparable(toldIn(expected)));
          expect(Boolean(result.errors)).toBe(Boolean(expected.errors));
          expect(texts.textAgain).toBe(texts.text);
          for (const [place, told] of own.told) expect(told).toEqual(theirs.told.get(place));
          if (result.errors) withErrors += 1;
          if (result.data) withData += 1;
        },
      ),
      { seed: Number(process.env['SEED'] ?? 3), numRuns: Number(process.env['RUNS'] ?? 400) },
    );
    expect(withErrors).toBeGreaterThan(50);
    expect(withData).toBeGreaterThan(100);
  });

  it('may ask for the schema', async () => {
    const { expected, text } = await runBoth(getIntrospectionQuery(), {}, 0);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  it('is planned anew for what its variables select, however many choices they make', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const document = parse(
      `query Q(${names.map((name) => `$${name}: Boolean!`).join()})
      { ${names.map((name) => `${name}: __typename @include(if: $${name})`).join(' ')} }`,
    );
    const findPlan = planOperation(randomSchema, document, operationOf(document));
    const choices = Array.from({ length: 2 ** names.length }, (_, bits) =>
      Object.fromEntries(names.map((name, index) => [name, Boolean(bits & (1 << index))])),
    );
    for (const choice of [...choices, ...choices]) {
      const { data } = await executePlan(findPlan(choice), choice, runOf(0));
      expect(Object.keys(data ?? {})).toEqual(names.filter((name) => choice[name]));
    }
    const [first = {}] = choices;
    expect(findPlan(first)).toBe(findPlan({ ...first }));
  });

  it('gives each run the arguments that its variables tell', async () => {
    const document = parse('query Q($size: Int) { name(size: $size, flag: true) }');
    const operation = operationOf(document);
    const findPlan = planOperation(randomSchema, document, operation);
    for (const size of [1, 2, undefined]) {
      const run = runOf(0);
      const variables = coerce(operation, size === undefined ? {} : { size });
      await executePlan(findPlan(variables), variables, run);
      expect(run.told.get('Query.name')).toMatchObject({ args: { size: size ?? 3, flag: true } });
    }
  });

  it('gives each run lists of its own', async () => {
    const takeLast = (_: unknown, { of }: { readonly of: number[] }): number | undefined => of.pop();
    const args = { of: { type: new GraphQLList(GraphQLInt) } };
    const fields = { last: { type: GraphQLInt, args, resolve: takeLast } };
    const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) });
    const document = parse('{ last(of: [1, 2, 3]) }');
    const findPlan = planOperation(schema, document, operationOf(document));
    for (const expected of [3, 3]) {
      expect(await executePlan(findPlan({}), {}, runOf(0))).toEqual({ data: { last: expected } });
    }
  });
});
