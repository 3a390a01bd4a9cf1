import type { Stream } from './load.ts';
import type { Options } from './options.ts';
import type { Server } from './servers.ts';
import type { Measured, Stand, StandingServer } from './stand.ts';
import type { Workload } from './workloads.ts';

export interface ReferenceCost {
  readonly cpuMs: number;
  readonly answers: number;
}

/** What a server did in one round. */
export interface Round extends Measured {
  /** And with the reference of the workload, if it has one: half of it before, and half of it after. */
  readonly reference?: ReferenceCost;
}

/** What one server did in each round of a workload, after all of its starts. */
export interface ServerRounds {
  readonly server: Server;
  readonly rounds: readonly Round[];
}

/** What servers did with a workload; those that could not be measured, and why. */
export interface WorkloadRounds {
  readonly workload: Workload;
  readonly servers: readonly ServerRounds[];
  readonly absent: Readonly<Record<string, string>>;
}

export type Say = (text: string) => void;

type Timing = Pick<Options, 'starts' | 'rounds' | 'seconds' | 'warmup'>;

/** A server in a workload: what it did so far, or why it takes part no longer. */
interface Entrant {
  readonly server: Server;
  readonly rounds: Round[];
  standing?: StandingServer;
  failure?: string;
}

/** Does something with a server, unless it has failed. */
const attempt = async (entrant: Entrant, work: () => Promise<void>): Promise<void> => {
  if (entrant.failure !== undefined) return;
  try {
    await work();
  } catch (error) {
    entrant.failure = (error as Error).message;
  }
};

/** All that servers are asked for in a workload. */
export const streamsOf = ({ streams, reference }: Workload): readonly Stream[] => [
  ...streams,
  ...(reference ? [reference] : []),
];

/** Returns why a server takes no part; `undefined` if it does. */
export const reasonAgainst = ({ lacks }: Server, asked: readonly Stream[]): string | undefined =>
  asked
    .flatMap(({ operation, form = 'plain' }) => [lacks[operation], lacks[form]])
    .find((why) => why !== undefined);

const startAll = async (stand: Stand, entrants: readonly Entrant[], workload: Workload): Promise<void> => {
  const asked = streamsOf(workload);
  for (const entrant of entrants) {
    await attempt(entrant, async () => {
      const lacking = reasonAgainst(entrant.server, asked);
      if (lacking !== undefined) throw new Error(lacking);
      entrant.standing = await stand.start(entrant.server, asked);
    });
  }
};

/** Loads a server until it has had its share of CPU time, since others may run at the same time; bounded in time. */
const warm = async (
  { standing }: Entrant,
  { streams, reference }: Workload,
  seconds: number,
): Promise<void> => {
  const end = performance.now() + seconds * 2000;
  let cpuMs = 0;
  while (standing && cpuMs < seconds * 1000 && performance.now() < end) {
    cpuMs += (await standing.measure(streams, Math.min(2, seconds))).cpuMs;
    if (reference) cpuMs += (await standing.measure([reference], Math.min(2, seconds))).cpuMs;
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

const measureRound = async (
  standing: StandingServer,
  { streams, reference }: Workload,
  seconds: number,
): Promise<Round> => {
  if (!reference) return standing.measure(streams, seconds);
  // Processes become faster for a while: so both are measured at the same time on average.
  const before = await standing.measure([reference], seconds / 2);
  const measured = await standing.measure(streams, seconds);
  const halves = [before, await standing.measure([reference], seconds / 2)];
  const sumOf = (of: (half: Measured) => number): number => halves.reduce((sum, half) => sum + of(half), 0);
  return {
    ...measured,
    reference: {
      cpuMs: sumOf(({ cpuMs }) => cpuMs),
      answers: sumOf((half) => half.streams[0]?.answers ?? 0),
    },
  };
};

const takeTurns = async (
  entrants: readonly Entrant[],
  workload: Workload,
  { rounds, seconds, warmup }: Timing,
  say: Say,
): Promise<void> => {
  for (const entrant of entrants) await attempt(entrant, () => warm(entrant, workload, warmup));
  for (let round = 0; round < rounds; round += 1) {
    for (const entrant of entrants) {
      await attempt(entrant, async () => {
        if (!entrant.standing) return;
        const measured = await measureRound(entrant.standing, workload, seconds);
        entrant.rounds.push(measured);
        sayRound(say, workload.name, entrant.server.name, measured);
      });
    }
  }
};

/**
 * Measures servers by one workload: all are started, warmed, and then take turns, and that anew for each start. One that
 * fails is left out, by name.
 */
export const runWorkload = async (
  stand: Stand,
  servers: readonly Server[],
  workload: Workload,
  timing: Timing,
  say: Say,
): Promise<WorkloadRounds> => {
  const entrants: Entrant[] = servers.map((server) => ({ server, rounds: [] }));
  await stand.setLatency(workload.latencyMs);
  for (let start = 0; start < timing.starts; start += 1) {
    await startAll(stand, entrants, workload);
    await takeTurns(entrants, workload, timing, say);
    await Promise.all(entrants.map(({ standing }) => standing?.stop()));
  }
  const absent: Record<string, string> = {};
  for (const { server, failure } of entrants) if (failure !== undefined) absent[server.name] = failure;
  for (const [name, why] of Object.entries(absent)) say(`${workload.name}, ${name}: not measured. ${why}`);
  return { workload, servers: entrants.filter(({ failure }) => failure === undefined), absent };
};
