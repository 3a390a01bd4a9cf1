import { expect, it } from 'vitest';
import { explore } from './explore.ts';
import { largeScenarios } from './scenarios.ts';

const number = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

/** The states of a scenario at which its exploration ends: more would take hours. */
const most = number('MODEL_STATES', 40_000);

it.each(largeScenarios)(
  'the protocol of the ledger holds in every order of steps: $name',
  async (scenario) => {
    const { violation, states, transitions, isComplete } = await explore(scenario, { most });
    process.stdout.write(
      `${scenario.name}: ${states} states, ${transitions} steps${isComplete ? '' : ', not all'}\n`,
    );
    expect(violation).toBeNull();
  },
  600_000,
);
