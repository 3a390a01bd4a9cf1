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
  isAbstractType,
  isObjectType,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { executePlan } from '../../src/operation/execute-plan.ts';
import { planOperation } from '../../src/operation/plan.ts';
import { schema } from '../../src/schema/schema.ts';
import { type RunContext, randomSchema } from './random-schema.ts';
import { hash, selection, withFragments } from './random-selection.ts';

const executableLocations = {
  QUERY: true,
  FIELD: true,
  FRAGMENT_DEFINITION: true,
  FRAGMENT_SPREAD: true,
  INLINE_FRAGMENT: true,
};

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

const runOf = (seed: number): RunContext => ({
  told: new Map(),
  // Most of them do as they should.
  behave: (place) =>
    hash(`${seed} ${place}`) % 3 === 0 ? hash(`${place} ${seed}`) : 6 + 144 * (hash(place) % 50),
});

/** The paths of what is null, in the order of the response. */
const nullsIn = (
  value: unknown,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] => {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, below]) =>
    nullsIn(below, [...path, Array.isArray(value) ? Number(key) : key]),
  );
};

const isAt = (nulled: readonly (string | number)[], { path = [] }: GraphQLError): boolean =>
  nulled.every((key, level) => key === path[level]);

/** The errors of each null of a response in turn: one at most, as which of several was the first is left to chance. */
const toldIn = ({ data, errors = [] }: ExecutionResult): string[][] =>
  nullsIn(data).map((nulled) =>
    errors
      .filter((error) => isAt(nulled, error))
      .map(({ path, message, locations }) => JSON.stringify({ path, message, locations })),
  );

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

describe('the schema', () => {
  // What a plan does not provide for.
  it('has no type that says of a value whether it is its own, and no abstract type that does not say of which type one is', () => {
    const types = Object.values(schema.getTypeMap());
    expect(types.filter((type) => isObjectType(type) && type.isTypeOf)).toEqual([]);
    expect(types.filter((type) => isAbstractType(type) && !type.resolveType)).toEqual([]);
  });

  it('has no directive that selects anything but those of plans', () => {
    const executable = schema
      .getDirectives()
      .filter(({ locations }) => locations.some((location) => location in executableLocations));
    expect(executable.map(({ name }) => name).sort()).toEqual(['defer', 'include', 'skip', 'stream']);
  });
});

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
          const told = toldIn(result);
          for (const [index, theirsOfNull] of toldIn(expected).entries()) {
            const ofNull = comparable(told[index] ?? []);
            expect(ofNull).toHaveLength(Math.min(theirsOfNull.length, 1));
            expect(comparable(theirsOfNull)).toEqual(expect.arrayContaining(ofNull));
          }
          // In the order of the response, and none of anything else.
          const paths = (result.errors ?? []).map(({ path }) => path);
          expect(paths.map((path) => JSON.stringify(path))).toEqual(
            told.flat().map((error) => JSON.stringify((JSON.parse(error) as GraphQLError).path)),
          );
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

  it.each(['then', '__proto__', 'constructor', 'toString', 'toJSON', 'hasOwnProperty'])(
    'may call anything %s, as a variable, a fragment or a field',
    async (name) => {
      const query = `query Q($${name}: Boolean!) { ${name}: list { ...${name} } }
        fragment ${name} on Query { ${name}: __typename @include(if: $${name}) ...Other }
        fragment Other on Query { self { ${name}: __typename } }`;
      const variables = JSON.parse(`{"${name}":true}`) as Variables;
      for (const seed of [1, 2, 3, 4, 5]) {
        const { expected, result, text } = await runBoth(query, variables, seed);
        expect(JSON.stringify(result.data)).toBe(JSON.stringify(expected.data));
        expect(text).toContain(name);
      }
    },
  );

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
