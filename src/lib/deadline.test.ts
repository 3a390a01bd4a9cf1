import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeadline, DeadlineError } from './deadline.ts';

describe('a deadline', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('passes after its time, and returns the remaining milliseconds', () => {
    const deadline = createDeadline(1000);
    const { signal } = deadline;
    expect(deadline.remainingMs()).toBe(1000);
    vi.advanceTimersByTime(999);
    expect([signal.aborted, deadline.remainingMs()]).toEqual([false, 1]);
    vi.advanceTimersByTime(1);
    expect([signal.aborted, deadline.remainingMs()]).toEqual([true, 0]);
    expect(signal.reason).toBeInstanceOf(DeadlineError);
    vi.advanceTimersByTime(1000);
    expect(deadline.remainingMs()).toBe(0);
  });

  it.each([
    ['earlier', 200, 200],
    ['no later', 5000, 1000],
  ])('that is shortened passes %s', (_, shorter, end) => {
    const deadline = createDeadline(1500);
    const { signal } = deadline;
    vi.advanceTimersByTime(500);
    deadline.shorten(shorter);
    expect([deadline.remainingMs(), vi.getTimerCount()]).toEqual([end, 1]);
    vi.advanceTimersByTime(end - 1);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
  });

  it('that has passed is not shortened', () => {
    const deadline = createDeadline(100);
    const { signal } = deadline;
    const heard = vi.fn();
    signal.addEventListener('abort', heard);
    vi.advanceTimersByTime(100);
    deadline.shorten(50);
    vi.advanceTimersByTime(100);
    expect([heard.mock.calls.length, deadline.remainingMs(), vi.getTimerCount()]).toEqual([1, 0, 0]);
  });

  it('that is cleared never passes', () => {
    const deadline = createDeadline(100);
    const { signal } = deadline;
    deadline.clear();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(signal.aborted).toBe(false);
  });
});

describe('the timer of a deadline', () => {
  it('does not keep a process alive', () => {
    const spied = vi.spyOn(globalThis, 'setTimeout');
    const deadline = createDeadline(60_000);
    deadline.shorten(50_000);
    const timers = spied.mock.results.map(({ value }) => value as NodeJS.Timeout);
    expect(timers.map((timer) => timer.hasRef())).toEqual([false, false]);
    deadline.clear();
    spied.mockRestore();
  });
});
