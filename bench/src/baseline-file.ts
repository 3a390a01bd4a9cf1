import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Baseline } from './compare.ts';
import { benchFolder } from './paths.ts';

/** By the major version of Node: one program costs another share of the other on each. */
export type Baselines = Readonly<Record<string, Baseline>>;

const file = join(benchFolder, 'baseline.json');

export const readBaselines = (): Baselines => JSON.parse(readFileSync(file, 'utf8')) as Baselines;

export const writeBaseline = (major: number, baseline: Baseline): void => {
  writeFileSync(file, `${JSON.stringify({ ...readBaselines(), [major]: baseline }, null, 2)}\n`);
};
