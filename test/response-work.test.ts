import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LightAbortSignal } from '../src/lib/abort-signal.ts';
import { createResponseWork, defaultResponseLimits } from '../src/request/response-work.ts';
import { callerWith } from './support/caller.ts';

const limits = { ...defaultResponseLimits, maxWaitingPerCaller: 3 };

/** A response of many fields, and what becomes of its next slice. */
const startTask = (work: ReturnType<typeof createResponseWork>, id: string, fields = 10_000) => {
  const signal = new LightAbortSignal();
  const task = work.begin({ caller: { ...callerWith(), id }, answer: { taken: () => fields }, signal });
  return { task, signal };
};

const startLarge = (work: ReturnType<typeof createResponseWork>, id: string) => {
  const started = startTask(work, id);
  const seen: { state: string } = { state: 'waits' };
  started.task.next().then(
    () => {
      seen.state = 'continues';
    },
    () => {
      seen.state = 'fails';
    },
  );
  return { ...started, seen };
};

const turns = async (count = 20): Promise<void> => {
  for (let index = 0; index < count; index += 1) await turn();
};

const statesOf = (all: readonly { readonly seen: { readonly state: string } }[]): string[] =>
  all.map(({ seen }) => seen.state);

describe('large responses at a time', () => {
  it('are two of one caller; a third has its turn when the client has received one', async () => {
    const work = createResponseWork(limits);
    const all = [1, 2, 3].map(() => startLarge(work, 'a'));
    await turns();
    expect(statesOf(all)).toEqual(['continues', 'continues', 'waits']);
    expect([work.active(), work.waiting()]).toEqual([2, 1]);
    all[0]?.task.complete();
    await turns();
    // It is not read yet, and takes memory.
    expect(statesOf(all)).toEqual(['continues', 'continues', 'waits']);
    all[0]?.task.end();
    await turns();
    expect(statesOf(all)).toEqual(['continues', 'continues', 'continues']);
    expect([work.active(), work.waiting()]).toEqual([2, 0]);
  });

  it('are four of all callers, who take turns', async () => {
    const work = createResponseWork(limits);
    const all = ['a', 'a', 'a', 'b', 'b', 'b', 'c'].map((id) => startLarge(work, id));
    await turns();
    expect(statesOf(all)).toEqual([
      'continues',
      'continues',
      'waits',
      'continues',
      'continues',
      'waits',
      'waits',
    ]);
    // A response that its client has not read yet keeps nobody waiting but its own caller.
    all[0]?.task.complete();
    await turns();
    expect(all[6]?.seen.state).toBe('continues');
    expect(work.active()).toBe(4);
  });

  it('fail beyond the number that may wait, with 429 and the seconds to wait', async () => {
    const work = createResponseWork(limits);
    const all = [1, 2, 3, 4, 5, 6].map(() => startLarge(work, 'a'));
    await turns();
    expect(statesOf(all)).toEqual(['continues', 'continues', 'waits', 'waits', 'waits', 'fails']);
    expect(all[5]?.task.failure?.extensions).toEqual({
      code: 'RATE_LIMITED',
      retryAfter: 5,
      http: { status: 429, headers: { 'retry-after': '5' } },
    });
    const other = startLarge(work, 'b');
    await turns();
    expect(other.seen.state).toBe('continues');
  });

  it('wait no longer than their request lasts', async () => {
    const work = createResponseWork(limits);
    const all = [1, 2, 3].map(() => startLarge(work, 'a'));
    await turns();
    all[2]?.signal.abort();
    await turns();
    expect(statesOf(all)).toEqual(['continues', 'continues', 'fails']);
    expect(work.waiting()).toBe(0);
  });

  it('leave nothing behind', async () => {
    const work = createResponseWork(limits);
    const all = [1, 2, 3].map(() => startLarge(work, 'a'));
    await turns();
    for (const { task } of all) {
      task.end();
      task.end();
      await turns();
    }
    expect([work.active(), work.waiting()]).toEqual([0, 0]);
  });

  it('keep no mutation and no small response waiting', async () => {
    const work = createResponseWork(limits);
    const large = [1, 2].map(() => startLarge(work, 'a'));
    const { task: mutation } = startTask(work, 'a');
    mutation.exempt();
    const { task: small } = startTask(work, 'a', 300);
    await turns();
    expect(statesOf(large)).toEqual(['continues', 'continues']);
    await mutation.next();
    await small.next();
    expect(work.active()).toBe(2);
  });
});

describe('the slices of a response', () => {
  it('are one in a turn of the event loop, of several responses by turns', async () => {
    const work = createResponseWork(limits);
    const order: string[] = [];
    const run = async (name: string): Promise<void> => {
      let fields = 0;
      const task = work.begin({
        caller: { ...callerWith(), id: name },
        answer: { taken: () => fields },
        signal: new LightAbortSignal(),
      });
      for (let slice = 0; slice < 3; slice += 1) {
        fields += limits.sliceFields;
        expect(task.isDue()).toBe(true);
        await task.next();
        expect(task.isDue()).toBe(false);
        order.push(name);
      }
    };
    const others = async (): Promise<void> => {
      for (let index = 0; index < 3; index += 1) {
        await turn();
        order.push('other work');
      }
    };
    await Promise.all([run('a'), run('b'), others()]);
    expect(order.indexOf('other work')).toBeLessThan(3);
    expect(order.filter((one) => one !== 'other work')).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  });

  it('executes the parts of a response in their order until its next turn', async () => {
    let fields = limits.sliceFields;
    const work = createResponseWork(limits);
    const task = work.begin({
      caller: callerWith(),
      answer: { taken: () => fields },
      signal: new LightAbortSignal(),
    });
    const slices: number[][] = [[]];
    const parts = Array.from({ length: 6 }, async (_, index) => {
      await task.next();
      fields += limits.sliceFields / 2;
      slices.at(-1)?.push(index);
    });
    for (let count = 0; count < 6; count += 1) {
      await turn();
      slices.push([]);
    }
    await Promise.all(parts);
    expect(slices.filter(({ length }) => length > 0)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
  });
});
