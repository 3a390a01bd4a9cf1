import { describe, expect, it } from 'vitest';
import type { Figures } from '../../bench/src/figures.ts';
import { judgeTargets } from '../../bench/src/targets.ts';

const figures: Figures = {
  perSecond: 1000,
  p50Ms: 21,
  p99Ms: 30,
  cpuMsPerQuery: 100,
  timesReference: null,
  callsPerQuery: 3,
  peakRssMb: 140,
  loopDelayP99Ms: 1,
  longestBlockMs: 1,
  pageMs: null,
  otherCore: 0,
};

const metBy = (workload: string, servers: Readonly<Record<string, Partial<Figures>>>) => {
  const results = Object.entries(servers).map(([name, own]) => ({
    name,
    title: name,
    figures: { ...figures, ...own },
  }));
  const judged = judgeTargets([{ name: workload, title: workload, servers: results, absent: {} }]);
  return Object.fromEntries(
    judged.filter(({ met }) => met !== 'not measured').map(({ title, met }) => [title, met]),
  );
};

const form = 'one account at 0 ms as Apollo Client sends it against its plain form, by CPU a query';
const documents = 'one account at 0 ms by documents that are new against a cached one, by CPU a query';
const page = 'a page of 500 accounts of a portfolio with their phones: upstream calls';

describe('the targets of the benchmark', () => {
  it.each([
    ['apollo-0', { timesReference: 0.99 }, form, 'goal'],
    ['apollo-0', { timesReference: 1.05 }, form, 'minimum'],
    ['apollo-0', { timesReference: 1.06 }, form, 'no'],
    ['documents-0', { timesReference: 3 }, documents, 'goal'],
    ['documents-0', { timesReference: 5 }, documents, 'minimum'],
    ['documents-0', { timesReference: 5.01 }, documents, 'no'],
    ['portfolio-500', { callsPerQuery: 2 }, page, 'goal'],
    ['portfolio-500', { callsPerQuery: 2.01 }, page, 'no'],
  ] as const)('of %s with %o: %s is met: %s', (workload, own, title, met) => {
    expect(metBy(workload, { recollect: own })).toEqual({ [title]: met });
  });

  it('compare with the CPU time of other servers', () => {
    const servers = {
      recollect: {},
      limit: { cpuMsPerQuery: 90 },
      mercurius: { cpuMsPerQuery: 300 },
      apollo: { cpuMsPerQuery: 399 },
    };
    expect(metBy('account-0', servers)).toEqual({
      'one account at 0 ms against the baseline, by CPU a query': 'minimum',
      'one account at 0 ms against Mercurius with JIT, by CPU a query': 'goal',
      'one account at 0 ms against Apollo Server, by CPU a query': 'no',
      'peak RSS of one account at 0 ms with 64 clients': 'goal',
    });
  });
});
