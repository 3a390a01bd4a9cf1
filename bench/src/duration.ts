import type { Options } from './options.ts';
import { reasonAgainst, streamsOf } from './run.ts';
import type { Server } from './servers.ts';
import type { Workload } from './workloads.ts';

/** Seconds until a server listens and its answers were compared: half a minute of Hive Gateway among six. */
const startSeconds = 5;

/** Minutes that a run takes: at the least, and at the most. */
export interface Duration {
  readonly least: number;
  readonly most: number;
}

/** Estimates how long a run takes: a warm-up lasts as long as its CPU time, or twice as long. */
export const durationOf = (
  servers: readonly Server[],
  workloads: readonly Workload[],
  { starts, rounds, seconds, warmup }: Pick<Options, 'starts' | 'rounds' | 'seconds' | 'warmup'>,
): Duration => {
  let least = 0;
  let most = 0;
  for (const workload of workloads) {
    const count = servers.filter((server) => reasonAgainst(server, streamsOf(workload)) === undefined).length;
    const measured = rounds * seconds * (workload.reference ? 2 : 1);
    least += count * starts * (startSeconds + warmup + measured);
    most += count * starts * (startSeconds + 2 * warmup + measured);
  }
  return { least: Math.ceil(least / 60), most: Math.ceil(most / 60) };
};
