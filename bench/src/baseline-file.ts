import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Baseline } from './compare.ts';
import { benchFolder } from './paths.ts';

/** By the major version of Node: one program costs another share of the other on each. */
export type Baselines = Readonly<Record<string, Baseline>>;

const file = join(benchFolder, 'baseline.json');

export const readBaselines = (): Baselines => JSON.parse(readFileSync(file, 'utf8')) as Baselines;

/** @throws {Error} if there is none for this version. */
export const baselineOf = (baselines: Baselines, major: number): Baseline => {
  const baseline = baselines[major];
  if (baseline) return baseline;
  throw new Error(`bench/baseline.json: expected ratios of Node ${major}; npm run bench:baseline adds them.`);
};

export const writeBaseline = (major: number, baseline: Baseline): void => {
  writeFileSync(file, `${JSON.stringify({ ...readBaselines(), [major]: baseline }, null, 2)}\n`);
};
