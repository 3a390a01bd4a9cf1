import { median } from './median.ts';
import type { Round } from './run.ts';
import type { Measured } from './stand.ts';

/** What a server did with a workload: medians over the rounds of all its starts. `null` where it cannot be told. */
export interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the whole process tree; not where things of two kinds were asked for at once. */
  readonly cpuMsPerQuery: number | null;
  /** The CPU time of a query as a multiple of that of the reference in the same round. */
  readonly timesReference: number | null;
  readonly callsPerQuery: number | null;
  readonly peakRssMb: number;
  readonly loopDelayP99Ms: number | null;
  readonly longestBlockMs: number | null;
  /** How long a page of a portfolio took that was asked for beside. */
  readonly pageMs: number | null;
  /** How busy the core of the stub and the load was, of 1. */
  readonly otherCore: number;
}

const medianOrNull = (values: readonly (number | null)[]): number | null => {
  const told = values.filter((value) => value !== null);
  return told.length === 0 ? null : median(told);
};

const answersOf = ({ streams }: Measured): number => streams[0]?.answers ?? 0;

const perQuery = (round: Measured, amount: number): number | null =>
  round.streams.length > 1 ? null : amount / answersOf(round);

const callsOf = ({ upstreamCalls }: Measured): number =>
  Object.values(upstreamCalls).reduce((sum, count) => sum + count, 0);

const timesReference = (round: Round): number | null => {
  const cost = perQuery(round, round.cpuMs);
  const { reference } = round;
  return cost === null || !reference ? null : cost / (reference.cpuMs / reference.answers);
};

/** Sums rounds up. */
export const figuresOf = (rounds: readonly Round[]): Figures => {
  const over = (of: (round: Round) => number): number => median(rounds.map(of));
  const overTold = (of: (round: Round) => number | null): number | null => medianOrNull(rounds.map(of));
  return {
    perSecond: over((round) => answersOf(round) / round.seconds),
    p50Ms: over(({ streams }) => streams[0]?.p50Ms ?? Number.NaN),
    p99Ms: over(({ streams }) => streams[0]?.p99Ms ?? Number.NaN),
    cpuMsPerQuery: overTold((round) => perQuery(round, round.cpuMs)),
    timesReference: overTold(timesReference),
    callsPerQuery: overTold((round) => perQuery(round, callsOf(round))),
    peakRssMb: over(({ peakRssMb }) => peakRssMb),
    loopDelayP99Ms: overTold(({ loopDelay }) => loopDelay?.p99Ms ?? null),
    longestBlockMs: overTold(({ loopDelay }) => loopDelay?.longestMs ?? null),
    pageMs: overTold(({ streams }) => streams[1]?.p50Ms ?? null),
    otherCore: over(({ otherCore }) => otherCore),
  };
};
