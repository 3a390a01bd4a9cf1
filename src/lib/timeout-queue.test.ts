import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimeoutQueue } from './timeout-queue.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Starts timeouts of 100 ms, one each 10 ms, and returns them with the names of those that were due. */
const started = (...names: readonly string[]) => {
  const queue = new TimeoutQueue(100);
  const due: string[] = [];
  const timeouts = names.map((name) => {
    const timeout = queue.start(() => void due.push(name));
    vi.advanceTimersByTime(10);
    return timeout;
  });
  return { queue, due, timeouts };
};

describe('a queue of timeouts', () => {
  it('has one timer, and each timeout is due at its own time', () => {
    const { due } = started('a', 'b', 'c');
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(69);
    expect(due).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(due).toEqual(['a']);
    vi.advanceTimersByTime(9);
    expect(due).toEqual(['a']);
    vi.advanceTimersByTime(11);
    expect([due, vi.getTimerCount()]).toEqual([['a', 'b', 'c'], 0]);
  });

  it.each([
    ['first', 0, ['b', 'c']],
    ['middle', 1, ['a', 'c']],
    ['last', 2, ['a', 'b']],
  ])('leaves out the %s one if it is cancelled', (_, index, expected) => {
    const { queue, due, timeouts } = started('a', 'b', 'c');
    const cancelled = timeouts[index];
    if (cancelled) queue.cancel(cancelled);
    vi.advanceTimersByTime(1000);
    expect([due, vi.getTimerCount()]).toEqual([expected, 0]);
    // It holds nothing, and its neighbours.
    expect(cancelled).toMatchObject({ onDue: undefined, previous: undefined, next: undefined });
  });

  it('has no timer when all are cancelled, and begins again', () => {
    const { queue, due, timeouts } = started('a', 'b');
    for (const timeout of timeouts) queue.cancel(timeout);
    expect(vi.getTimerCount()).toBe(0);
    queue.start(() => void due.push('c'));
    vi.advanceTimersByTime(99);
    expect(due).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(due).toEqual(['c']);
  });

  it('ignores the second end of a timeout', () => {
    const { queue, due, timeouts } = started('a', 'b');
    for (const timeout of [...timeouts, ...timeouts]) queue.cancel(timeout);
    queue.start(() => void due.push('c'));
    for (const timeout of timeouts) queue.cancel(timeout);
    vi.advanceTimersByTime(1000);
    expect(due).toEqual(['c']);
  });

  it('calls all that are due after a delay, and may start and cancel others then', () => {
    const queue = new TimeoutQueue(100);
    const due: string[] = [];
    queue.start(() => {
      due.push('a');
      queue.cancel(second);
      queue.start(() => void due.push('again'));
    });
    const second = queue.start(() => void due.push('cancelled'));
    queue.start(() => void due.push('b'));
    vi.advanceTimersByTime(100);
    expect([due, vi.getTimerCount()]).toEqual([['a', 'b'], 1]);
    vi.advanceTimersByTime(99);
    expect(due).toEqual(['a', 'b']);
    vi.advanceTimersByTime(1);
    expect([due, vi.getTimerCount()]).toEqual([['a', 'b', 'again'], 0]);
  });

  it('continues after one that throws', () => {
    const queue = new TimeoutQueue(100);
    const due: string[] = [];
    queue.start(() => {
      throw new Error('of the first');
    });
    queue.start(() => void due.push('second'));
    expect(() => vi.advanceTimersByTime(100)).toThrow('of the first');
    vi.advanceTimersByTime(1);
    expect([due, vi.getTimerCount()]).toEqual([['second'], 0]);
  });

  it('calls each one at its time, whichever others are cancelled', () => {
    const step = fc.oneof(
      fc.constant('start' as const),
      fc.record({ cancel: fc.nat(9) }),
      fc.record({ wait: fc.integer({ min: 1, max: 30 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const queue = new TimeoutQueue(100);
        const [due, expected]: [string[], string[]] = [[], []];
        const begin = performance.now();
        const started = new Map<number, ReturnType<TimeoutQueue['start']>>();
        const wait = (milliseconds: number): void => {
          for (let left = milliseconds; left > 0; left -= 1) {
            vi.advanceTimersByTime(1);
            for (const [id, { dueAt }] of started) {
              if (dueAt !== performance.now()) continue;
              expected.push(`${id} at ${performance.now() - begin}`);
              started.delete(id);
            }
          }
        };
        for (const [id, one] of steps.entries()) {
          if (one === 'start') {
            started.set(
              id,
              queue.start(() => void due.push(`${id} at ${performance.now() - begin}`)),
            );
          } else if ('wait' in one) {
            wait(one.wait);
          } else {
            const [cancelled, timeout] = [...started][one.cancel % Math.max(1, started.size)] ?? [];
            if (cancelled === undefined || !timeout) continue;
            queue.cancel(timeout);
            started.delete(cancelled);
          }
        }
        wait(100);
        expect([due, vi.getTimerCount()]).toEqual([expected, 0]);
      }),
    );
  });
});
