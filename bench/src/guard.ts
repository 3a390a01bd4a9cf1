import { baselineOf, readBaselines } from './baseline-file.ts';
import { say } from './command.ts';
import { describeLoss, lossesOf, lowerOf } from './compare.ts';
import { nodeMajor } from './node-major.ts';
import { measureRatios } from './ratios.ts';

// Warns where a query costs more CPU time than in the last release on the same major version of Node, against the same
// work of the baseline: a ratio, which no slow machine changes. It never fails a build.

const guard = async (): Promise<void> => {
  const baseline = baselineOf(readBaselines(), nodeMajor);
  const last = `${baseline.version} on Node ${nodeMajor}`;
  let measured = await measureRatios();
  // One noisy run is no loss.
  if (lossesOf(baseline, measured).length > 0) measured = lowerOf(measured, await measureRatios());
  const losses = lossesOf(baseline, measured).map(describeLoss);
  for (const loss of losses) {
    say(`::warning title=Slower than ${last}::${loss}`);
    say(`Slower than ${last}: ${loss}.`);
  }
  if (losses.length === 0) say(`No dearer than ${last}: ${JSON.stringify(measured)}.`);
};

try {
  await guard();
} catch (error) {
  say(`::warning title=The guard could not measure::${(error as Error).message.split('\n')[0]}`);
}
process.exit(0);
