import { Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { createLedgerMetrics } from './ledger-metrics.ts';

const setUp = () => {
  const registry = new Registry();
  let now = 0;
  const wall = 1_000_000;
  const metrics = createLedgerMetrics([registry], { now: () => now, wallNow: () => wall });
  const lines = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('recollect_'));
  return {
    metrics,
    wall,
    lines,
    gauges: async () => (await lines()).filter((line) => /_available|_pending/.test(line)),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
};

const nothing = { count: 0, oldest: null };

describe('recollect_ledger_entries_total', () => {
  it('contains every state at 0 before the first entry, and counts each', async () => {
    const { metrics, lines } = setUp();
    expect(await lines()).toEqual([
      'recollect_ledger_entries_total{state="pending"} 0',
      'recollect_ledger_entries_total{state="unknown"} 0',
      'recollect_ledger_entries_total{state="settled"} 0',
      'recollect_ledger_entries_total{state="released"} 0',
      'recollect_ledger_failures_total 0',
    ]);
    metrics.onState({ state: 'PENDING' });
    metrics.onState({ state: 'UNKNOWN' });
    metrics.onState({ state: 'PENDING' });
    metrics.onFailure();
    expect(await lines()).toEqual([
      'recollect_ledger_entries_total{state="pending"} 2',
      'recollect_ledger_entries_total{state="unknown"} 1',
      'recollect_ledger_entries_total{state="settled"} 0',
      'recollect_ledger_entries_total{state="released"} 0',
      'recollect_ledger_failures_total 1',
    ]);
  });
});

describe('recollect_pending_outcomes', () => {
  it('is the number in the ledger, with the age of the oldest', async () => {
    const { metrics, gauges, wall } = setUp();
    metrics.watch(async () => ({ count: 2, oldest: wall - 90_000 }));
    expect(await gauges()).toEqual([
      'recollect_ledger_available 1',
      'recollect_pending_outcomes 2',
      'recollect_pending_outcome_oldest_seconds 90',
    ]);
  });

  it('is 0 with an age of 0 if there is none, or the clock was set back', async () => {
    const { metrics, gauges, wall, pass } = setUp();
    let found: { count: number; oldest: number | null } = nothing;
    metrics.watch(async () => found);
    expect((await gauges()).slice(1)).toEqual([
      'recollect_pending_outcomes 0',
      'recollect_pending_outcome_oldest_seconds 0',
    ]);
    found = { count: 1, oldest: wall + 5000 };
    pass(10_000);
    expect((await gauges()).at(-1)).toBe('recollect_pending_outcome_oldest_seconds 0');
  });

  it('is absent while the ledger cannot be read, and returns afterwards', async () => {
    const { metrics, gauges, pass } = setUp();
    const read = vi.fn().mockResolvedValueOnce(nothing).mockRejectedValueOnce(new Error('CANARY'));
    metrics.watch(read.mockResolvedValue(nothing));
    expect(await gauges()).toHaveLength(3);
    pass(10_000);
    expect(await gauges()).toEqual(['recollect_ledger_available 0']);
    pass(10_000);
    expect(await gauges()).toEqual([
      'recollect_ledger_available 1',
      'recollect_pending_outcomes 0',
      'recollect_pending_outcome_oldest_seconds 0',
    ]);
  });

  it('is read once for scrapes that follow each other closely', async () => {
    const { metrics, gauges, pass } = setUp();
    const read = vi.fn(async () => nothing);
    metrics.watch(read);
    await Promise.all([gauges(), gauges()]);
    await gauges();
    expect(read).toHaveBeenCalledTimes(1);
    pass(10_000);
    await gauges();
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('does not hold a scrape up while the ledger does not answer, nor read a second time meanwhile', async () => {
    const { metrics, gauges, pass } = setUp();
    let answer: (found: typeof nothing) => void = () => {};
    const read = vi.fn(
      () =>
        new Promise<typeof nothing>((resolve) => {
          answer = resolve;
        }),
    );
    metrics.watch(read);
    expect(await gauges()).toEqual(['recollect_ledger_available 0']);
    pass(10_000);
    expect(await gauges()).toEqual(['recollect_ledger_available 0']);
    expect(read).toHaveBeenCalledTimes(1);
    answer(nothing);
    expect(await gauges()).toHaveLength(3);
    pass(10_000);
    const next = gauges();
    answer(nothing);
    expect(await next).toHaveLength(3);
    expect(read).toHaveBeenCalledTimes(2);
  });
});
