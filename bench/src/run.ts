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

/** Loads a server until it has had its share of CPU time, for others may run beside it; not without end. */
const warm = async (server: StandingServer, { streams }: Workload, seconds: number): Promise<void> => {
  const end = performance.now() + seconds * 2000;
  let cpuMs = 0;
  while (cpuMs < seconds * 1000 && performance.now() < end) {
    cpuMs += (await server.measure(streams, Math.min(2, seconds))).cpuMs;
  }
};

const sayRound = (
  say: Say,
  workload: string,
  server: string,
  { streams, seconds, cpuMs }: Measured,
): void => {
  const answers = streams[0]?.answers ?? 0;
  const cpu = streams.length > 1 ? '' : `, ${(cpuMs / answers).toFixed(3)} ms of CPU each`;
  say(`${workload}, ${server}: ${Math.round(answers / seconds)} queries/s${cpu}`);
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
  for (const each of standing) await warm(each, workload, warmup);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, each] of standing.entries()) {
      const figures = await each.measure(workload.streams, seconds);
      measured[index]?.rounds.push(figures);
      sayRound(say, workload.name, each.server.name, figures);
    }
  }
  await Promise.all(standing.map((each) => each.stop()));
  return { workload, servers: measured, absent };
};
