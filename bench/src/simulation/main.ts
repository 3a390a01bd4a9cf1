import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scenarios, sizes } from './scenarios.ts';
import { type SimulationOptions, simulate } from './simulate.ts';
import { rowOf, tableHead, titleOf } from './tables.ts';
import { validate } from './validate.ts';

/** Compiled to `bench/dist/simulation/main.js`. */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = join(root, 'docs/scale.md');
const heading = '## Results of the simulation\n';

const lines: string[] = [];
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
  lines.push(text);
};

/** Returns a number from the environment. */
const numberOf = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

const minutes = numberOf('SIMULATION_MINUTES', 10);
const seed = numberOf('SIMULATION_SEED', 1);
const most = numberOf('SIMULATION_AGENTS', 100_000);

const run = async (name: string, options: Omit<SimulationOptions, 'seed' | 'minutes'>): Promise<void> => {
  say(rowOf(name, await simulate({ minutes, seed, ...options })));
};

const simulateAll = async (): Promise<void> => {
  say(`Seed ${seed}, ${minutes} virtual minutes each (\`npm run bench:simulation\`).`);
  for (const size of sizes.filter(({ agents }) => agents <= most)) {
    say(`\n${titleOf(size)}\n\n${tableHead}`);
    for (const scenario of scenarios) await run(scenario.name, { size, scenario });
    const [normal, monday] = scenarios;
    if (!normal || !monday) throw new RangeError('Expected scenarios.');
    await run('normal day, shared limits', { size, scenario: normal, sharing: 'shared' });
    await run('Monday morning, shared limits', { size, scenario: monday, sharing: 'shared' });
    await run('normal day, each agent at one process', { size, scenario: normal, isSticky: true });
  }
};

const record = (): void => {
  const text = readFileSync(page, 'utf8');
  const start = text.indexOf(heading);
  if (start < 0) throw new Error('docs/scale.md: expected the heading of the results.');
  writeFileSync(page, `${text.slice(0, start)}${heading}\n${lines.join('\n')}\n`);
};

try {
  if (process.argv.includes('validate')) await validate(root, say);
  else await simulateAll();
  if (process.argv.includes('record')) record();
  process.exit();
} catch (error) {
  process.stderr.write(`The simulation failed.\n${(error as Error).stack}\n`);
  process.exit(1);
}
