import { cpus } from 'node:os';
import { figuresOf } from './figures.ts';
import type { Options } from './options.ts';
import type { WorkloadRounds } from './run.ts';
import { type JudgedTarget, judgeTargets } from './targets.ts';
import type { WorkloadResult } from './workload-result.ts';

/** A whole run, as it is written to a file. */
export interface Results {
  readonly date: string;
  readonly node: string;
  readonly machine: string;
  /** Whether each process had a core for itself and its kind. */
  readonly isPinned: boolean;
  readonly options: Pick<Options, 'starts' | 'rounds' | 'seconds' | 'warmup'>;
  readonly workloads: readonly WorkloadResult[];
  readonly targets: readonly JudgedTarget[];
}

const machineOf = (): string => {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}, ${process.platform} ${process.arch}`;
};

/** Sums a run up. */
export const resultsOf = (
  measured: readonly WorkloadRounds[],
  { starts, rounds, seconds, warmup }: Options,
  isPinned: boolean,
): Results => {
  const workloads = measured.map(({ workload, servers, absent }) => ({
    name: workload.name,
    title: workload.title,
    servers: servers.map(({ server, rounds: own }) => ({
      name: server.name,
      title: server.title,
      figures: figuresOf(own),
    })),
    absent,
  }));
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: machineOf(),
    isPinned,
    options: { starts, rounds, seconds, warmup },
    workloads,
    targets: judgeTargets(workloads),
  };
};
