import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBaseline } from './baseline-file.ts';
import type { Baseline } from './compare.ts';
import { nodeMajor } from './node-major.ts';
import { root } from './paths.ts';
import { measureRatios } from './ratios.ts';

// Writes down what this version costs on this major version of Node, for later versions to be compared with.

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const baseline: Baseline = { version, ratios: await measureRatios() };
writeBaseline(nodeMajor, baseline);
process.stdout.write(`Node ${nodeMajor}: ${JSON.stringify(baseline)}\n`);
process.exit();
