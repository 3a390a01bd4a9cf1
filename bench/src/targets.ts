import type { Figures } from './figures.ts';
import type { WorkloadResult } from './workload-result.ts';

/** Gives the figures of a server for a workload; `undefined` where it was not measured. */
type Look = (workload: string, server: string) => Figures | undefined;

/** What Recollect is to reach. */
interface Target {
  readonly title: string;
  readonly unit: string;
  readonly goal: number;
  /** What must be reached at the least. */
  readonly minimum: number;
  readonly better: 'more' | 'less';
  /** @returns `undefined` where the run does not tell. */
  measure(look: Look): number | null | undefined;
}

export interface JudgedTarget extends Pick<Target, 'title' | 'unit' | 'goal' | 'minimum' | 'better'> {
  readonly measured: number | null;
  readonly met: 'goal' | 'minimum' | 'no' | 'not measured';
}

const ratio = (
  dividend: number | null | undefined,
  divisor: number | null | undefined,
): number | undefined =>
  typeof dividend === 'number' && typeof divisor === 'number' ? dividend / divisor : undefined;

/** How many times the work of another server is done with the same CPU time. */
const timesByCpu = (workload: string, other: string) => (look: Look) =>
  ratio(look(workload, other)?.cpuMsPerQuery, look(workload, 'recollect')?.cpuMsPerQuery);

const timesByThroughput = (workload: string, other: string) => (look: Look) =>
  ratio(look(workload, 'recollect')?.perSecond, look(workload, other)?.perSecond);

/** How many times a query of a workload is done with the CPU time of one in the plain form, by the same process. */
const timesPlain = (workload: string) => (look: Look) =>
  ratio(1, look(workload, 'recollect')?.timesReference);

const ofForm = (title: string, workload: string): Target => ({
  title: `one account at 0 ms ${title} against its plain form, by CPU a query`,
  unit: '×',
  goal: 1,
  minimum: 0.95,
  better: 'more',
  measure: timesPlain(workload),
});

const ofMemory = (title: string, workload: string): Target => ({
  title: `peak RSS of ${title}`,
  unit: 'MB',
  goal: 150,
  minimum: 200,
  better: 'less',
  measure: (look) => look(workload, 'recollect')?.peakRssMb,
});

const byCpu = (title: string, other: string, goal: number, minimum: number): Target => ({
  title: `one account at 0 ms against ${title}, by CPU a query`,
  unit: '×',
  goal,
  minimum,
  better: 'more',
  measure: timesByCpu('account-0', other),
});

const targets: readonly Target[] = [
  byCpu('the baseline', 'limit', 1, 0.9),
  ofForm('as Apollo Client sends it', 'apollo-0'),
  ofForm('by the id of a persisted document', 'persisted-0'),
  {
    title: 'one account at 0 ms by documents that are new against a cached one, by CPU a query',
    unit: '×',
    goal: 3,
    minimum: 5,
    better: 'less',
    measure: (look) => look('documents-0', 'recollect')?.timesReference,
  },
  byCpu('Mercurius with JIT', 'mercurius', 3, 2),
  byCpu('Apollo Server', 'apollo', 6, 4),
  byCpu('Hive Gateway with Mesh', 'hive', 10, 7),
  {
    title: 'one account at 20 ms with 64 clients against Tailcall, by throughput',
    unit: '×',
    goal: 2,
    minimum: 1.5,
    better: 'more',
    measure: timesByThroughput('account-20', 'tailcall'),
  },
  {
    title: "one account at 20 ms with 8 clients: p50 against the upstream's 20 ms",
    unit: '×',
    goal: 1.1,
    minimum: 1.15,
    better: 'less',
    measure: (look) => ratio(look('account-20-few', 'recollect')?.p50Ms, 20),
  },
  {
    title: '50 accounts with lists: upstream calls',
    unit: '',
    goal: 101,
    minimum: 101,
    better: 'less',
    measure: (look) => look('fifty-20', 'recollect')?.callsPerQuery,
  },
  {
    title: '50 accounts with lists at 20 ms against Tailcall, by throughput',
    unit: '×',
    goal: 1.5,
    minimum: 1.2,
    better: 'more',
    measure: timesByThroughput('fifty-20', 'tailcall'),
  },
  {
    title: 'small queries during a page of a portfolio: event-loop delay, p99',
    unit: 'ms',
    goal: 15,
    minimum: 50,
    better: 'less',
    measure: (look) => look('portfolio', 'recollect')?.loopDelayP99Ms,
  },
  ofMemory('small queries during a page of a portfolio', 'portfolio'),
  ofMemory('one account at 0 ms with 64 clients', 'account-0'),
  {
    title: 'a page of 500 accounts of a portfolio with their phones: upstream calls',
    unit: '',
    goal: 2,
    minimum: 2,
    better: 'less',
    measure: (look) => look('portfolio-500', 'recollect')?.callsPerQuery,
  },
  {
    title: 'first page of 10,000 accounts against parsing them whole, by time',
    unit: '×',
    goal: 10,
    minimum: 5,
    better: 'more',
    measure: (look) => ratio(look('portfolio', 'limit')?.pageMs, look('portfolio', 'recollect')?.pageMs),
  },
];

const verdictOn = ({ better, goal, minimum }: Target, measured: number): JudgedTarget['met'] => {
  const reaches = (mark: number): boolean => (better === 'more' ? measured >= mark : measured <= mark);
  if (reaches(goal)) return 'goal';
  return reaches(minimum) ? 'minimum' : 'no';
};

/** Holds what was measured against what is to be reached. */
export const judgeTargets = (workloads: readonly WorkloadResult[]): JudgedTarget[] => {
  const look: Look = (workload, server) =>
    workloads.find(({ name }) => name === workload)?.servers.find(({ name }) => name === server)?.figures;
  return targets.map((target) => {
    const { title, unit, goal, minimum, better } = target;
    const measured = target.measure(look) ?? null;
    const met = measured === null ? 'not measured' : verdictOn(target, measured);
    return { title, unit, goal, minimum, better, measured, met };
  });
};
