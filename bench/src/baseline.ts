import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Baseline } from './compare.ts';
import { benchFolder, root } from './paths.ts';
import { measureRatios } from './ratios.ts';

// Writes down what this version costs, for later versions to be compared with.

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const baseline: Baseline = { version, ratios: await measureRatios() };
writeFileSync(join(benchFolder, 'baseline.json'), `${JSON.stringify(baseline, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(baseline)}\n`);
process.exit();
