import type { Ratios } from './compare.ts';
import { figuresOf } from './figures.ts';
import { median } from './median.ts';
import { runWorkload } from './run.ts';
import { limit, recollect } from './servers.ts';
import { type Measured, startStand } from './stand.ts';
import { workloads } from './workloads.ts';

/** What a release must not make dearer unseen. */
const guarded = ['account-0'];

const cpuOf = (round: Measured | undefined): number =>
  (round && figuresOf([round]).cpuMsPerQuery) ?? Number.NaN;

// A baseline and what is compared with it must be warmed alike: compiled code costs less and less for a while.
const run = { starts: 3, rounds: 3, seconds: 1, warmup: 4 };

/** Measures what Recollect costs in turns with the baseline. Each round gives a ratio, and the middle one counts. */
export const measureRatios = async (): Promise<Ratios> => {
  const stand = await startStand();
  const ratios: Record<string, number> = {};
  for (const workload of workloads.filter(({ name }) => guarded.includes(name))) {
    const { servers, absent } = await runWorkload(stand, [limit, recollect], workload, run, () => {});
    for (const why of Object.values(absent)) throw new Error(why);
    const [ofLimit, ofRecollect] = servers;
    ratios[workload.name] = median(
      (ofLimit?.rounds ?? []).map((round, index) => cpuOf(ofRecollect?.rounds[index]) / cpuOf(round)),
    );
  }
  await stand.stop();
  return ratios;
};
