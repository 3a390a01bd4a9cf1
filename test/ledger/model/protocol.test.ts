import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/sandbox/random.ts';
import { explore, follow, type Violation } from './explore.ts';
import { mutations } from './mutations.ts';
import type { Scenario } from './scenario.ts';
import { randomScenarios, smallScenarios } from './scenarios.ts';

describe('the protocol of the ledger, in every order of steps', () => {
  it.each(smallScenarios)('$name', async (scenario) => {
    expect(await explore(scenario)).toMatchObject({ violation: null, isComplete: true });
  });

  it.each(randomScenarios)('at random: $name', async (scenario) => {
    const choices = fc.array(fc.nat(1000), { minLength: 20, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(choices, async (chosen) => {
        expect(await follow(scenario, chosen)).toBeNull();
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

/** Follows random steps until a property does not hold. */
const search = async (scenario: Scenario): Promise<Violation | null> => {
  const random = createRandom(1);
  for (let run = 0; run < 3000; run += 1) {
    const violation = await follow(
      scenario,
      Array.from({ length: 80 }, () => random.integer(0, 1000)),
    );
    if (violation) return violation;
  }
  return null;
};

describe('the checker of the protocol', () => {
  it.each(mutations)('finds the violation, if $name', async ({ finds, ...scenario }) => {
    expect((await search(scenario))?.what).toMatch(finds);
  });
});
