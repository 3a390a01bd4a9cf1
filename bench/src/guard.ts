import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './command.ts';
import { type Baseline, describeLoss, lossesOf, lowerOf } from './compare.ts';
import { benchFolder } from './paths.ts';
import { measureRatios } from './ratios.ts';

// Warns where a query costs more CPU time than in the last release, against the same work of the baseline: a ratio, which
// no slow machine changes. It never fails a build.

const guard = async (): Promise<void> => {
  const baseline = JSON.parse(readFileSync(join(benchFolder, 'baseline.json'), 'utf8')) as Baseline;
  let measured = await measureRatios();
  // One noisy run is no loss.
  if (lossesOf(baseline, measured).length > 0) measured = lowerOf(measured, await measureRatios());
  const losses = lossesOf(baseline, measured).map(describeLoss);
  for (const loss of losses) {
    say(`::warning title=Slower than ${baseline.version}::${loss}`);
    say(`Slower than ${baseline.version}: ${loss}.`);
  }
  if (losses.length === 0) say(`No dearer than ${baseline.version}: ${JSON.stringify(measured)}.`);
};

try {
  await guard();
} catch (error) {
  say(`::warning title=The guard could not measure::${(error as Error).message.split('\n')[0]}`);
}
process.exit(0);
