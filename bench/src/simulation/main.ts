import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand, say } from '../command.ts';
import { type ListedSize, scenarios, sizes } from './scenarios.ts';
import { simulate } from './simulate.ts';
import { rowOf, tableHead, titleOf } from './tables.ts';
import { validate } from './validate.ts';

/** Compiled to `bench/dist/simulation/main.js`. */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = join(root, 'docs/scale.md');
const heading = '## Results of the simulation\n';

const { SIMULATION_AGENTS: wanted, SIMULATION_MINUTES: minutes, SIMULATION_SEED: seed = '1' } = process.env;
const names = wanted ? wanted.split(',').map((name) => name.trim()) : undefined;

const sizesToRun = (): readonly ListedSize[] => {
  const chosen = sizes.filter(({ agents }) => names?.includes(String(agents)) ?? true);
  if (chosen.length === (names ?? sizes).length) return chosen;
  throw new Error(`SIMULATION_AGENTS: expected some of ${sizes.map(({ agents }) => agents).join(', ')}.`);
};

/** Simulates all scenarios of a size. @returns the lines of its section. */
const simulateSize = async (size: ListedSize): Promise<readonly string[]> => {
  const lines: string[] = [];
  const add = (text: string): void => {
    lines.push(text);
    say(text);
  };
  const own = { minutes: Number(minutes ?? size.minutes), seed: Number(seed), size };
  add(`${titleOf(size)}\n\nSeed ${own.seed}, ${own.minutes} virtual minutes each.\n\n${tableHead}`);
  for (const scenario of scenarios) add(rowOf(scenario.name, await simulate({ ...own, scenario })));
  const [normal, monday] = scenarios;
  if (!normal || !monday) throw new RangeError('Expected scenarios.');
  const shared = { ...own, sharing: 'shared' } as const;
  add(rowOf('normal day, shared limits', await simulate({ ...shared, scenario: normal })));
  add(rowOf('Monday morning, shared limits', await simulate({ ...shared, scenario: monday })));
  add(
    rowOf(
      'normal day, each agent at one process',
      await simulate({ ...own, scenario: normal, isSticky: true }),
    ),
  );
  return lines;
};

/** Replaces the section of a size on the page. */
const record = (size: ListedSize, lines: readonly string[]): void => {
  const text = readFileSync(page, 'utf8');
  const start = text.indexOf(`### ${size.agents.toLocaleString('en-US')} agents`, text.indexOf(heading));
  if (start < 0) throw new Error('docs/scale.md: expected a section for each size.');
  const next = text.indexOf('\n### ', start);
  writeFileSync(page, `${text.slice(0, start)}${lines.join('\n')}\n${next < 0 ? '' : text.slice(next)}`);
};

const simulateAll = async (): Promise<void> => {
  for (const size of sizesToRun()) {
    const lines = await simulateSize(size);
    if (process.argv.includes('record')) record(size, lines);
  }
};

await runCommand(
  () => (process.argv.includes('validate') ? validate(root, say) : simulateAll()),
  'The simulation failed.',
);
