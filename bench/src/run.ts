import type { Options } from './options.ts';
import type { Server } from './servers.ts';
import type { Measured, Stand, StandingServer } from './stand.ts';
import type { Workload } from './workloads.ts';

/** What one server did in each round of a workload. */
export interface ServerRounds {
  readonly server: Server;
  readonly rounds: readonly Measured[];
}

/** What servers did with a workload; those that could not be measured, and why. */
export interface WorkloadRounds {
  readonly workload: Workload;
  readonly servers: readonly ServerRounds[];
  readonly absent: Readonly<Record<string, string>>;
}

export type Say = (text: string) => void;

const startAll = async (
  stand: Stand,
  servers: readonly Server[],
  { streams }: Workload,
  absent: Record<string, string>,
): Promise<StandingServer[]> => {
  const standing: StandingServer[] = [];
  for (const server of servers) {
    const lacking = streams.map(({ operation }) => server.lacks[operation]).find((why) => why !== undefined);
    try {
      if (lacking === undefined) standing.push(await stand.start(server, streams));
      else absent[server.name] = lacking;
    } catch (error) {
      absent[server.name] = (error as Error).message;
    }
  }
  return standing;
};

/** Measures servers by one workload: all are warmed, and then take turns. */
export const runWorkload = async (
  stand: Stand,
  servers: readonly Server[],
  workload: Workload,
  { rounds, seconds, warmup }: Pick<Options, 'rounds' | 'seconds' | 'warmup'>,
  say: Say,
): Promise<WorkloadRounds> => {
  const absent: Record<string, string> = {};
  await stand.setLatency(workload.latencyMs);
  const standing = await startAll(stand, servers, workload, absent);
  const measured = standing.map(({ server }) => ({ server, rounds: [] as Measured[] }));
  for (const [name, why] of Object.entries(absent)) say(`${name} is not measured: ${why}`);
  for (const each of standing) await each.measure(workload.streams, warmup);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, each] of standing.entries()) {
      const figures = await each.measure(workload.streams, seconds);
      measured[index]?.rounds.push(figures);
      const [first] = figures.streams;
      const perSecond = Math.round((first?.answers ?? 0) / figures.seconds);
      const cpu = (figures.cpuMs / (first?.answers ?? 1)).toFixed(3);
      say(`${workload.name} round ${round + 1} ${each.server.name}: ${perSecond}/s, ${cpu} ms CPU a query`);
    }
  }
  await Promise.all(standing.map((each) => each.stop()));
  return { workload, servers: measured, absent };
};
