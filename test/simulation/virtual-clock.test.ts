import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createDistribution } from '../../bench/src/simulation/distribution.ts';
import { erlangCWaitMs } from '../../bench/src/simulation/erlang-c.ts';
import { createRandom } from '../../bench/src/simulation/random.ts';
import { installVirtualClock, type VirtualClock } from '../../bench/src/simulation/virtual-clock.ts';
import { createBulkhead, patientRequester, Ticket } from '../../src/upstreams/client/bulkhead.ts';

let clock: VirtualClock | undefined;

const install = (seed = 1): VirtualClock => {
  clock = installVirtualClock(createRandom(seed).next);
  return clock;
};

afterEach(() => clock?.restore());

describe('a virtual clock', () => {
  it('runs timers in the order of their times, and those of one time in the order of their start', async () => {
    const virtual = install();
    const seen: [string, number][] = [];
    const note = (name: string) => seen.push([name, performance.now()]);
    setTimeout(note, 30, 'c');
    setTimeout(note, 10, 'a');
    setTimeout(note, 30, 'd');
    setTimeout(() => setTimeout(note, 5, 'b'), 10);
    const cancelled = setTimeout(note, 20, 'never').unref();
    clearTimeout(cancelled);
    setTimeout(note, 1001, 'later');
    await virtual.runUntil(1000);
    expect(seen).toEqual([
      ['a', 10],
      ['b', 15],
      ['c', 30],
      ['d', 30],
    ]);
    expect(performance.now()).toBe(1000);
    await virtual.runUntil(2000);
    expect(seen.at(-1)).toEqual(['later', 1001]);
  });

  it('settles long chains of promises before the next timer', async () => {
    const virtual = install();
    const seen: string[] = [];
    setTimeout(async () => {
      for (let step = 0; step < 100; step += 1) await null;
      seen.push(`chain at ${performance.now()}`);
    }, 10);
    setTimeout(() => seen.push('next'), 10.001);
    await virtual.runUntil(20);
    expect(seen).toEqual(['chain at 10', 'next']);
  });

  it('reports an error of a timer, and runs nothing more', async () => {
    const virtual = install();
    setTimeout(() => {
      throw new Error('of a timer');
    }, 1);
    await expect(virtual.runUntil(10)).rejects.toThrow('of a timer');
    await turn();
    expect(performance.now()).toBe(1);
  });
});

describe('the queue of the gateway on a virtual clock', () => {
  it.each([
    [1, 0.7],
    [8, 0.85],
    [32, 0.9],
  ])('%i slots with a load of %f each: calls wait as Erlang C says', async (servers, each) => {
    const virtual = install();
    const random = createRandom(7);
    const bulkhead = createBulkhead({ slots: () => servers, maxWaiting: 1_000_000, maxWaitMs: 10_000_000 });
    const meanServiceMs = 100;
    const arrivalsPerMs = (servers * each) / meanServiceMs;
    const waits = createDistribution();
    const call = async (): Promise<void> => {
      const begin = performance.now();
      const leave = await bulkhead.enter(new Ticket(patientRequester()), undefined);
      waits.add(performance.now() - begin);
      await virtual.sleep(random.exponential(meanServiceMs));
      leave();
    };
    const arrive = async (): Promise<void> => {
      for (let calls = 0; calls < 200_000; calls += 1) {
        await virtual.sleep(random.exponential(1 / arrivalsPerMs));
        void call();
      }
    };
    void arrive();
    await virtual.runUntil(1_000_000_000);
    expect(waits.count()).toBe(200_000);
    const expected = erlangCWaitMs({ servers, arrivalsPerMs, meanServiceMs });
    expect(Math.abs(waits.mean() / expected - 1)).toBeLessThan(0.1);
  });
});
