import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeadlineError } from '../lib/deadline.ts';
import { createRequestLives } from './request-life.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('request life', () => {
  it('after the response: the signal is aborted and the deadline never passes', () => {
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

  it('after the deadline: the signal is aborted and the request still counts', () => {
    const lives = createRequestLives(1000);
    const { signal, deadline, end } = lives.begin();
    vi.advanceTimersByTime(1000);
    expect([deadline.signal.aborted, signal.aborted, lives.count()]).toEqual([true, true, 1]);
    expect(signal.reason).toBeInstanceOf(DeadlineError);
    end();
    expect(lives.count()).toBe(0);
  });

  it('after a disconnect: the signal is aborted and the deadline has not passed', () => {
    const lives = createRequestLives(1000);
    const { signal, deadline, leave, end } = lives.begin();
    leave();
    expect([signal.aborted, deadline.signal.aborted, lives.count()]).toEqual([true, false, 1]);
    expect(signal.reason).not.toBeInstanceOf(DeadlineError);
    end();
    expect(lives.count()).toBe(0);
  });

  it('ending a request twice counts once', async () => {
    const lives = createRequestLives(1000);
    const [one, other] = [lives.begin(), lives.begin()];
    one.end();
    one.end();
    expect(lives.count()).toBe(1);
    other.end();
    await lives.idle();
  });
});

describe('request lives', () => {
  it('each request has its own deadline', () => {
    const lives = createRequestLives(1000);
    const one = lives.begin();
    vi.advanceTimersByTime(600);
    const other = lives.begin();
    vi.advanceTimersByTime(400);
    expect([one.signal.aborted, other.signal.aborted]).toEqual([true, false]);
    expect(other.deadline.remainingMs()).toBe(600);
  });

  it('shorten: applies to requests in flight and to later ones', () => {
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

  it('idle: every waiter is resolved after the last response', async () => {
    const lives = createRequestLives(1000);
    await lives.idle();
    const [one, other] = [lives.begin(), lives.begin()];
    const idle = vi.fn();
    const waiting = [lives.idle().then(idle), lives.idle().then(idle)];
    one.end();
    // Neither a passed deadline nor a disconnect is a response.
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
