/** What a run is to be. */
export interface Options {
  /** How many times each server is started: two processes of one and the same program differ for as long as they run. */
  readonly starts: number;
  /** After each start. */
  readonly rounds: number;
  /** Of each round, for each server. */
  readonly seconds: number;
  /** Seconds of CPU time, for each server before the first round of a start; of any time twice as many at the most. */
  readonly warmup: number;
  /** Names of workloads; all where none is given. */
  readonly only: readonly string[];
  /** Names of servers; all where none is given. */
  readonly servers: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const numberIn = (env: Environment, name: string, unlessSet: number): number => {
  const value = Number(env[name] || unlessSet);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${name}: expected a number above 0.`);
};

const namesIn = (env: Environment, name: string, known: readonly string[]): string[] => {
  const names = (env[name] ?? '').split(/[\s,]+/).filter((each) => each !== '');
  const unknown = names.filter((each) => !known.includes(each));
  if (unknown.length > 0) throw new Error(`${name}: expected some of ${known.join(', ')}.`);
  return names;
};

/** Reads what a run is to be from the environment. */
export const readOptions = (
  env: Environment,
  known: { readonly workloads: readonly string[]; readonly servers: readonly string[] },
): Options => ({
  starts: numberIn(env, 'BENCH_STARTS', 3),
  rounds: numberIn(env, 'BENCH_ROUNDS', 3),
  seconds: numberIn(env, 'BENCH_SECONDS', 3),
  warmup: numberIn(env, 'BENCH_WARMUP', 10),
  only: namesIn(env, 'BENCH_ONLY', known.workloads),
  servers: namesIn(env, 'BENCH_SERVERS', known.servers),
});
