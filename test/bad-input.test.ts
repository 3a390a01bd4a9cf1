import fc from 'fast-check';
import type { GraphQLInputObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { brokenInput, misfitInput } from './support/arbitrary-input.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { errorLog, type Reply, startGateway } from './support/gateway.ts';
import {
  filled,
  leadsSomewhere,
  leavesOf,
  type MutationUnderTest,
  mutations,
  replacedAt,
  waysToFill,
} from './support/input-types.ts';
import { brokenValues, canary, isBreakable, validValue } from './support/leaf-values.ts';

// Another one than the default finds other inputs; fast-check prints the one that it failed with.
const seed = Number(process.env['SEED'] ?? 20_240_229);

// A failure is reduced before it is reported, which takes many requests.
const patience = { timeout: 60_000 };

const examples = (numRuns: number) => ({ seed, numRuns });

/** A gateway that asks for one mutation, and what reached the systems behind it, log-ins included. */
const startMutation = async ({ document }: Pick<MutationUnderTest, 'document'>) => {
  const scollect = await startCorpusUpstream('scollect');
  const recoveryConnect = await startCorpusUpstream('recoveryconnect');
  const logged: unknown[] = [];
  const log = errorLog((details) => void logged.push(details));
  const { query } = await startGateway({ scollect, recoveryConnect, log });
  return {
    send: (input: unknown) => query(document, { input }),
    /** Since it was last asked. */
    reached: () =>
      [scollect, recoveryConnect].flatMap(({ received }) => received.splice(0)).map(({ path }) => path),
    logged,
  };
};

/** All texts of some JSON, those that are keys included. */
const textsIn = (json: unknown): string[] => {
  if (typeof json === 'string') return [json];
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]: [string, unknown]) => [key, ...textsIn(value)]);
};

/** Whether a text can be known again. Words may stand in any answer by themselves. */
const isTelling = (text: string): boolean =>
  text.includes(canary) || (text.length >= 6 && !/^[A-Za-z_]+$/.test(text));

/** The values of an input that are known again wherever they come out. */
const valuesIn = (json: unknown): string[] => {
  if (typeof json === 'object' && json !== null) return Object.values(json).flatMap(valuesIn);
  const text = String(json).trim();
  return [text, text.slice(0, 40)].filter(isTelling);
};

const repeatedIn = (reply: Reply, input: unknown): string[] => {
  const texts = textsIn(reply).join('\n');
  return [...new Set(valuesIn(input))].filter((value) => texts.includes(value));
};

/** The paths of an answer that finds fault with the input, as every such answer has to be. */
const faultyPaths = (reply: Reply, { field, type }: MutationUnderTest): string[] => {
  expect(reply).toEqual({ status: 200, data: { [field]: expect.anything() } });
  const { fields, ...failure } = reply.data[field];
  expect(failure).toEqual({
    __typename: 'InvalidInputError',
    code: 'BAD_USER_INPUT',
    message: expect.stringMatching(/^The input cannot be used(?:: \w[\w.]*(?:, \w[\w.]*)*)?\.$/),
  });
  for (const { path, message } of fields) {
    expect([path, leadsSomewhere(type, path)]).toEqual([path, true]);
    expect(message).toMatch(/^Expected [^\n]+\.$/);
  }
  return fields.map(({ path }: { readonly path: string }) => path);
};

/** Whether a path is reported, or a list around it, which is too long to be validated. */
const isTold = (paths: readonly string[], place: string): boolean =>
  paths.some(
    (path) => path === place || (place.startsWith(`${path}.`) && /^\d/.test(place.slice(path.length + 1))),
  );

/** A valid input in each of the ways in which it can be filled. */
const validInputs = (type: GraphQLInputObjectType): unknown[] =>
  waysToFill(type).map((without) => filled(type, validValue, without));

const breakable = (type: GraphQLInputObjectType, input: unknown): string[] =>
  leavesOf(type, input)
    .filter(isBreakable)
    .map(({ path }) => path.join('.'));

/** The same input with every field such that it cannot be used. */
const brokenThroughout = (type: GraphQLInputObjectType, input: unknown): unknown =>
  leavesOf(type, input)
    .filter(isBreakable)
    .reduce<unknown>((value, leaf) => replacedAt(value, leaf.path, brokenValues(leaf)[0]), input);

const cases = mutations.map((mutation) => [mutation.field, mutation] as const);

it('there are mutations', () => {
  expect(mutations.length).toBeGreaterThan(5);
});

describe.each(cases)('Mutation.%s', (_, mutation) => {
  const { type } = mutation;

  it('reports each invalid field, and no other', patience, async () => {
    const { send, reached } = await startMutation(mutation);
    for (const input of validInputs(type)) {
      for (const leaf of leavesOf(type, input).filter(isBreakable)) {
        const broken = replacedAt(input, leaf.path, brokenValues(leaf)[0]);
        const paths = faultyPaths(await send(broken), mutation);
        expect(new Set(paths)).toEqual(new Set([leaf.path.join('.')]));
      }
    }
    expect(reached()).toEqual([]);
  });

  it('reports all invalid fields at once', async () => {
    const { send, reached } = await startMutation(mutation);
    for (const input of validInputs(type)) {
      const paths = faultyPaths(await send(brokenThroughout(type, input)), mutation);
      expect(paths).toEqual(expect.arrayContaining(breakable(type, input)));
    }
    expect(reached()).toEqual([]);
  });

  it('reports the faults of any invalid input, repeats no value and sends nothing', patience, async () => {
    const { send, reached, logged } = await startMutation(mutation);
    await fc.assert(
      fc.asyncProperty(brokenInput(type), async ({ input, path }) => {
        const reply = await send(input);
        const paths = faultyPaths(reply, mutation);
        expect([path, paths]).toSatisfy(() => isTold(paths, path));
        expect(repeatedIn(reply, input)).toEqual([]);
        expect(reached()).toEqual([]);
      }),
      examples(40),
    );
    expect(logged).toEqual([]);
  });

  it('refuses any input of another form, repeats nothing and sends nothing', patience, async () => {
    const { send, reached, logged } = await startMutation(mutation);
    await fc.assert(
      fc.asyncProperty(misfitInput(type), async (input) => {
        const { status, data, errors = [] } = await send(input);
        expect([200, 400]).toContain(status);
        expect(data ?? null).toBeNull();
        expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(
          new Set(['BAD_USER_INPUT']),
        );
        expect(repeatedIn({ status, data, errors }, input)).toEqual([]);
        expect(reached()).toEqual([]);
      }),
      examples(60),
    );
    expect(logged).toEqual([]);
  });
});

const ofTwoWays = cases.filter(([, { type }]) => waysToFill(type).length > 1);

describe.each(ofTwoWays)('Mutation.%s', (_, mutation) => {
  it('reports a missing and a second payment method with all other faults', async () => {
    const { type } = mutation;
    const { send } = await startMutation(mutation);
    const none = filled(type, validValue, waysToFill(type).flat());
    const both = filled(type, validValue);
    for (const [input, path] of [
      [none, 'card'],
      [both, 'bankAccount'],
    ] as const) {
      const paths = faultyPaths(await send(brokenThroughout(type, input)), mutation);
      expect(paths).toEqual(expect.arrayContaining([path, ...breakable(type, input)]));
    }
  });
});
