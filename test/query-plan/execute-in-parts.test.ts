import fc from 'fast-check';
import { type ExecutionResult, type GraphQLError, type GraphQLSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { PartsSpec } from '../../src/http/media-types.ts';
import { payloadsOf } from '../../src/http/parts/payloads.ts';
import { ArrivingItems } from '../../src/operation/arriving-items.ts';
import { executeInParts } from '../../src/operation/execute-in-parts.ts';
import { executePlan } from '../../src/operation/execute-plan.ts';
import { planOperation } from '../../src/operation/plan.ts';
import {
  anyChoices,
  mergePayloads,
  type Payload,
  type ShownError,
  withDirectives,
} from '../support/in-parts.ts';
import { type RunContext, randomSchema } from './random-schema.ts';
import { hash, selection, withFragments } from './random-selection.ts';

const planOf = (schema: GraphQLSchema, query: string) => {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('Expected one operation.');
  return planOperation(schema, document, operation);
};

type Variables = Record<string, unknown>;

/** All payloads of an execution in parts, as clients receive them. */
const payloadsFor = async (
  schema: GraphQLSchema,
  query: string,
  variables: Variables,
  context: object,
  spec: PartsSpec | null = null,
): Promise<Payload[]> => {
  const { inParts } = planOf(schema, query);
  if (!inParts) throw new Error('Expected a query with directives.');
  const { first, later } = executeInParts(inParts(variables), variables, context);
  const result = await first;
  if (later.announced.length === 0) return [result as Payload];
  const payloads = payloadsOf(spec);
  const made = [payloads.first(result, later.announced)];
  for (;;) {
    const delivery = await later.next();
    if (!delivery) break;
    const { parts, ...rest } = delivery;
    const shown = parts.map(({ errors, ...part }) => ({
      ...part,
      errors: errors.map((error) => error.toJSON()),
    }));
    made.push(payloads.later({ ...rest, parts: shown, extensions: undefined }));
  }
  await later.executed;
  return JSON.parse(JSON.stringify(made)) as Payload[];
};

/** The paths of what is null for errors: which of several errors below one null is reported is left to chance. */
const nulledBy = (data: unknown, errors: readonly (ShownError | GraphQLError)[] = []): string[] => {
  const paths = errors.map(({ path = [] }) => {
    let value = data;
    const nulled: (string | number)[] = [];
    for (const key of path) {
      if (value === null) break;
      value = (value as Readonly<Record<string | number, unknown>>)[key];
      nulled.push(key);
    }
    expect(value).toBeNull();
    return JSON.stringify(nulled);
  });
  return [...new Set(paths)].sort();
};

/** The same items, one after the other: some in this turn of the event loop, others later. */
const arriving = (items: readonly unknown[]): ArrivingItems => {
  const list = new ArrivingItems();
  const add = async (): Promise<void> => {
    const settled = await Promise.allSettled(items);
    for (const [index, one] of settled.entries()) {
      if ((index + items.length) % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      const item = one.status === 'fulfilled' ? one.value : (one.reason as Error);
      if (index === 2) list.end([item]);
      else list.add([item]);
    }
    list.end([]);
  };
  void add();
  return list;
};

const runOf = (seed: number, arrive?: RunContext['arrive']): RunContext => ({
  told: new Map(),
  ...(arrive && { arrive }),
  behave: (place) =>
    hash(`${seed} ${place}`) % 4 === 0 ? hash(`${place} ${seed}`) : 6 + 144 * (hash(place) % 50),
});

describe('a query in parts', () => {
  it.each<readonly [PartsSpec | null, string, RunContext['arrive']]>([
    [null, 'that are there', undefined],
    ['incrementalSpec=v0.2', 'that are there', undefined],
    [null, 'that arrive', arriving],
    ['incrementalSpec=v0.2', 'that arrive', arriving],
  ])(
    'has the same result as at once, whatever its fields do (%s, items %s)',
    async (spec, _, arrive) => {
      const runs = Number(process.env['RUNS'] ?? 1000);
      let inParts = 0;
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(
          selection,
          fc.nat(),
          fc.boolean(),
          anyChoices(),
          async (body, seed, yes, choices) => {
            const query = withDirectives(randomSchema, withFragments(body), choices);
            const variables = { yes, no: false, size: 4 };
            const findPlan = planOf(randomSchema, query);
            if (!findPlan.inParts) return;
            const whole: ExecutionResult = await executePlan(findPlan(variables), variables, runOf(seed));
            const payloads = await payloadsFor(randomSchema, query, variables, runOf(seed, arrive), spec);
            const merged = mergePayloads(payloads);
            if (payloads.length > 1) inParts += 1;
            // A fragment that fails is null itself, and not what it is in.
            if (merged.hasFailed) return;
            compared += 1;
            expect(merged.data).toEqual(JSON.parse(JSON.stringify(whole.data ?? null)));
            expect(nulledBy(merged.data, merged.errors)).toEqual(nulledBy(merged.data, whole.errors));
          },
        ),
        { seed: Number(process.env['SEED'] ?? 5), numRuns: runs },
      );
      expect(inParts).toBeGreaterThan(runs / 5);
      expect(compared).toBeGreaterThan(runs / 5);
    },
    60_000,
  );

  it('waits for all items of a list without @stream', async () => {
    const variables = { yes: true, no: false, size: 4 };
    const query = '{ list { name } sureList { name } animals { name } }';
    for (let seed = 0; seed < 50; seed += 1) {
      const dataOf = async (arrive?: RunContext['arrive']): Promise<unknown> => {
        const run = executePlan(planOf(randomSchema, query)(variables), variables, runOf(seed, arrive));
        return JSON.parse(JSON.stringify((await run).data));
      };
      expect(await dataOf(arriving)).toEqual(await dataOf());
    }
  });
});
