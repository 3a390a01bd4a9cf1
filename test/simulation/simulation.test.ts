import { describe, expect, it } from 'vitest';
import { erlangCWaitMs, serversFor } from '../../bench/src/simulation/erlang-c.ts';
import { jainIndex } from '../../bench/src/simulation/fairness.ts';
import { endedOf, sumOf, type TenantRecord } from '../../bench/src/simulation/record.ts';
import { type Size, scenarios } from '../../bench/src/simulation/scenarios.ts';
import { type SimulationOptions, simulate } from '../../bench/src/simulation/simulate.ts';

const size: Size = {
  agents: 300,
  tenants: 3,
  replicas: 2,
  workers: 1,
  maxConcurrency: 8,
  scollectServers: 20,
  recoveryConnectServers: 8,
};

const normal = { name: 'normal day' };

const run = (options: Partial<SimulationOptions> = {}) =>
  simulate({ size, scenario: normal, minutes: 3, ...options });

const figuresOf = (tenants: readonly TenantRecord[]) =>
  tenants.map(({ started, ended, exchanges, joined, responses, waits }) => [
    { started, ended, exchanges, joined },
    [...responses.classes()],
    [...waits.classes()],
  ]);

const wholeShares = (tenants: readonly TenantRecord[]): number[] =>
  tenants.map((tenant) => tenant.ended.whole / endedOf(tenant));

describe('the simulation', () => {
  it('gives the same result for the same seed, and another for another', async () => {
    const scenario = { name: 'failing', failures: 0.3 };
    const [one, again, other] = [
      await run({ scenario, seed: 5 }),
      await run({ scenario, seed: 5 }),
      await run({ scenario, seed: 6 }),
    ];
    expect(figuresOf(again.tenants)).toEqual(figuresOf(one.tenants));
    expect(again.utilisation).toEqual(one.utilisation);
    expect(figuresOf(other.tenants)).not.toEqual(figuresOf(one.tenants));
  });

  it.each(scenarios)('$name: each request ends exactly once', { timeout: 120_000 }, async (scenario) => {
    const { tenants } = await run({ scenario, minutes: 2 });
    for (const tenant of tenants) {
      expect(tenant.started).toBeGreaterThan(100);
      expect(endedOf(tenant)).toBe(tenant.started);
      expect(tenant.responses.count()).toBe(tenant.started);
    }
  });

  it('restores the clock and the random numbers of the process', async () => {
    const before = [setTimeout, clearTimeout, performance.now, Date.now, Math.random];
    await run({ minutes: 1 });
    expect([setTimeout, clearTimeout, performance.now, Date.now, Math.random]).toEqual(before);
  });

  it('loses the requests of a replica that ends, and serves the others', async () => {
    // Some requests are in flight at any time, if they are slow.
    const { tenants } = await run({ scenario: { name: 'dead', losesReplica: true, slowdown: 5 } });
    const all = sumOf(tenants);
    expect(all.ended['process lost']).toBeGreaterThan(0);
    expect(all.ended['process lost']).toBeLessThan(all.started / 10);
  });

  it('keeps refused credentials of one tenant from the others', async () => {
    const { tenants } = await run({ scenario: { name: 'refused', hasRefusedCredentials: true } });
    const [sick, ...others] = wholeShares(tenants);
    expect(sick).toBeLessThan(0.8);
    expect(Math.min(...others)).toBeGreaterThan(0.99);
    expect(jainIndex(wholeShares(tenants))).toBeLessThan(0.99);
  });

  it('shares fewer reads between processes than in one', async () => {
    const spread = sumOf((await run()).tenants);
    const sticky = sumOf((await run({ isSticky: true })).tenants);
    expect(spread.joined).toBeGreaterThan(0);
    expect(sticky.joined / sticky.started).toBeGreaterThan(1.2 * (spread.joined / spread.started));
  });

  it('shows what the alternation of the queue does: without it, lists delay single accounts', {
    timeout: 180_000,
  }, async () => {
    const scenario = { name: 'program', hasRunawayClient: true } as const;
    // The program begins after half of the time: the upper quartile is about the median of what comes then.
    const smallOf = async (alternates: boolean): Promise<number> =>
      sumOf((await run({ scenario, alternates, minutes: 2 })).tenants.slice(0, 1)).small.quantile(0.75);
    const [inTurns, inOrder] = [await smallOf(true), await smallOf(false)];
    expect(inOrder).toBeGreaterThan(2 * inTurns);
  });
});

describe('Erlang C and Jain', () => {
  it('give the values of textbooks', () => {
    // One server with a load of 0.5: the mean wait is the service time × 0.5 / (1 − 0.5).
    expect(erlangCWaitMs({ servers: 1, arrivalsPerMs: 0.005, meanServiceMs: 100 })).toBeCloseTo(100);
    // Two servers with a load of 1: C = 1/3.
    expect(erlangCWaitMs({ servers: 2, arrivalsPerMs: 0.01, meanServiceMs: 100 })).toBeCloseTo(100 / 3);
    expect(erlangCWaitMs({ servers: 1, arrivalsPerMs: 0.01, meanServiceMs: 100 })).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(serversFor(1, 100, 34)).toBe(2);
    expect(jainIndex([1, 1, 1, 1])).toBe(1);
    expect(jainIndex([1, 0, 0, 0])).toBe(0.25);
  });
});
