import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeadlineError } from '../lib/deadline.ts';
import { createRequestLives } from './request-life.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a request', () => {
  it('is waited for until it is answered, and its deadline does not pass after that', () => {
    const lives = createRequestLives(1000);
    const { signal, deadline, end } = lives.begin();
    vi.advanceTimersByTime(999);
    expect([signal.aborted, lives.count()]).toEqual([false, 1]);
    end();
    expect([signal.aborted, lives.count(), vi.getTimerCount()]).toEqual([true, 0, 0]);
    vi.advanceTimersByTime(1000);
    expect(deadline.signal.aborted).toBe(false);
    expect(signal.reason).not.toBeInstanceOf(DeadlineError);
  });

  it('is waited for until its deadline, and is to be answered still', () => {
    const lives = createRequestLives(1000);
    const { signal, deadline, end } = lives.begin();
    vi.advanceTimersByTime(1000);
    expect([deadline.signal.aborted, signal.aborted, lives.count()]).toEqual([true, true, 1]);
    expect(signal.reason).toBeInstanceOf(DeadlineError);
    end();
    expect(lives.count()).toBe(0);
  });

  it('is waited for until its client leaves, and its deadline has not passed then', () => {
    const lives = createRequestLives(1000);
    const { signal, deadline, leave, end } = lives.begin();
    leave();
    expect([signal.aborted, deadline.signal.aborted, lives.count()]).toEqual([true, false, 1]);
    expect(signal.reason).not.toBeInstanceOf(DeadlineError);
    end();
    expect(lives.count()).toBe(0);
  });

  it('is answered once, however often that is said', async () => {
    const lives = createRequestLives(1000);
    const [one, other] = [lives.begin(), lives.begin()];
    one.end();
    one.end();
    expect(lives.count()).toBe(1);
    other.end();
    await lives.idle();
  });
});

describe('all requests', () => {
  it('have each a deadline of its own', () => {
    const lives = createRequestLives(1000);
    const one = lives.begin();
    vi.advanceTimersByTime(600);
    const other = lives.begin();
    vi.advanceTimersByTime(400);
    expect([one.signal.aborted, other.signal.aborted]).toEqual([true, false]);
    expect(other.deadline.remainingMs()).toBe(600);
  });

  it('under way are shortened, and later ones end no later than those', () => {
    const lives = createRequestLives(1000);
    const ended = lives.begin();
    const early = lives.begin();
    ended.end();
    vi.advanceTimersByTime(900);
    const late = lives.begin();
    lives.shorten(300);
    vi.advanceTimersByTime(50);
    const after = lives.begin();
    expect([early, late, after].map(({ deadline }) => deadline.remainingMs())).toEqual([50, 250, 250]);
    vi.advanceTimersByTime(250);
    expect([early, late, after].map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
    expect(ended.deadline.signal.aborted).toBe(false);
  });

  it('are waited for until the last one is answered, by any number', async () => {
    const lives = createRequestLives(1000);
    await lives.idle();
    const [one, other] = [lives.begin(), lives.begin()];
    const idle = vi.fn();
    const waiting = [lives.idle().then(idle), lives.idle().then(idle)];
    one.end();
    // Neither a deadline nor a client that leaves is an answer.
    other.leave();
    vi.advanceTimersByTime(1000);
    await Promise.resolve();
    expect(idle).not.toHaveBeenCalled();
    other.end();
    await Promise.all(waiting);
    expect(idle).toHaveBeenCalledTimes(2);
    await lives.idle();
  });
});
