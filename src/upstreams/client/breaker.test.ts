import { describe, expect, it } from 'vitest';
import { type BreakerState, type CallHealth, createBreaker } from './breaker.ts';

/** A breaker that opens after three failures for a second, eight at the most, and the time that it is told. */
const setUp = () => {
  let time = 50_000;
  const changes: BreakerState[] = [];
  const breaker = createBreaker({
    failures: 3,
    pauseMs: 1000,
    maxPauseMs: 8000,
    now: () => time,
    onChange: (state) => changes.push(state),
  });
  /** Makes calls one after the other. */
  const calls = (...healths: CallHealth[]): void => {
    for (const health of healths) {
      const report = breaker.pass();
      expect(report).toBeTypeOf('function');
      report?.(health);
    }
  };
  const wait = (milliseconds: number): void => {
    time += milliseconds;
  };
  return { breaker, changes, calls, wait };
};

describe('a breaker', () => {
  it.each<readonly [BreakerState, string, readonly CallHealth[]]>([
    ['closed', 'before any call', []],
    ['closed', 'after fewer failures than it takes', ['failure', 'failure']],
    ['open', 'after as many in a row', ['failure', 'failure', 'failure']],
    ['closed', 'if a success came in between', ['failure', 'failure', 'success', 'failure', 'failure']],
    ['open', 'if it came earlier', ['failure', 'success', 'failure', 'failure', 'failure']],
    ['open', 'if nothing was told in between', ['failure', 'failure', 'neither', 'failure']],
    ['closed', 'if nothing is told ever', ['neither', 'neither', 'neither', 'neither']],
  ])('is %s %s', (state, _, healths) => {
    const { breaker, calls } = setUp();
    calls(...healths);
    expect(breaker.state()).toBe(state);
    expect(breaker.isPassable()).toBe(state === 'closed');
  });

  it('lets no call go while it is open, and tells how long that is', () => {
    const { breaker, calls, wait } = setUp();
    expect(breaker.retryAfter()).toBe(0);
    calls('failure', 'failure', 'failure');
    expect([breaker.pass(), breaker.retryAfter()]).toEqual([undefined, 1]);
    wait(1);
    expect([breaker.pass(), breaker.retryAfter()]).toEqual([undefined, 1]);
    wait(998);
    expect([breaker.pass(), breaker.retryAfter()]).toEqual([undefined, 1]);
    wait(1);
    expect([breaker.isPassable(), breaker.retryAfter()]).toEqual([true, 0]);
  });

  it('lets one call at a time try when its pause is over', () => {
    const { breaker, calls, wait } = setUp();
    calls('failure', 'failure', 'failure');
    wait(1000);
    const probe = breaker.pass();
    expect(probe).toBeTypeOf('function');
    expect([breaker.state(), breaker.isPassable(), breaker.pass()]).toEqual(['half-open', false, undefined]);
    // However long that one takes.
    wait(60_000);
    expect([breaker.isPassable(), breaker.pass()]).toEqual([false, undefined]);
    probe?.('success');
    expect(breaker.state()).toBe('closed');
    expect([breaker.pass(), breaker.pass()]).toEqual([expect.any(Function), expect.any(Function)]);
  });

  it('stays open twice as long for each try that fails, up to the longest', () => {
    const { breaker, calls, wait } = setUp();
    calls('failure', 'failure', 'failure');
    for (const seconds of [1, 2, 4, 8, 8, 8]) {
      expect(breaker.retryAfter()).toBe(seconds);
      wait(seconds * 1000 - 1);
      expect(breaker.pass()).toBeUndefined();
      wait(1);
      calls('failure');
      expect(breaker.state()).toBe('open');
    }
  });

  it('begins anew once a try succeeded', () => {
    const { breaker, calls, wait } = setUp();
    calls('failure', 'failure', 'failure');
    wait(1000);
    calls('failure');
    wait(2000);
    calls('success');
    expect(breaker.state()).toBe('closed');
    // Neither the failures nor the pause go on where they were.
    calls('failure', 'failure');
    expect(breaker.state()).toBe('closed');
    calls('failure');
    expect([breaker.state(), breaker.retryAfter()]).toEqual(['open', 1]);
  });

  it('lets the next one try at once where the try was not heard out', () => {
    const { breaker, calls, wait } = setUp();
    calls('failure', 'failure', 'failure');
    wait(1000);
    calls('neither');
    expect([breaker.state(), breaker.isPassable(), breaker.retryAfter()]).toEqual(['open', true, 0]);
    // That was no failure: the pause after the next one is the second.
    calls('neither', 'failure');
    expect([breaker.isPassable(), breaker.retryAfter()]).toEqual([false, 2]);
  });

  it('tells of its tries once, however many are not heard out', () => {
    const { changes, calls, wait } = setUp();
    calls('failure', 'failure', 'failure');
    wait(1000);
    calls('neither', 'neither', 'neither', 'success');
    expect(changes).toEqual(['open', 'half-open', 'closed']);
  });

  it.each<CallHealth>(['success', 'failure', 'neither'])(
    'hears nothing of the %s of a call that began before it opened',
    (health) => {
      const { breaker, calls, wait } = setUp();
      const early = [breaker.pass(), breaker.pass(), breaker.pass(), breaker.pass()];
      calls('failure', 'failure', 'failure');
      early[0]?.(health);
      expect([breaker.state(), breaker.retryAfter()]).toEqual(['open', 1]);
      wait(1000);
      const probe = breaker.pass();
      early[1]?.(health);
      expect(breaker.state()).toBe('half-open');
      probe?.('failure');
      early[2]?.(health);
      expect([breaker.state(), breaker.retryAfter()]).toEqual(['open', 2]);
    },
  );

  it('does not open again for calls that began before it opened and fail after it closed', () => {
    const { breaker, calls, wait } = setUp();
    const early = [breaker.pass(), breaker.pass(), breaker.pass()];
    calls('failure', 'failure', 'failure');
    wait(1000);
    calls('success');
    for (const report of early) report?.('failure');
    expect(breaker.state()).toBe('closed');
  });

  it('tells each change, in order', () => {
    const { changes, calls, wait } = setUp();
    calls('success', 'failure', 'failure');
    expect(changes).toEqual([]);
    calls('failure');
    wait(1000);
    calls('failure');
    wait(2000);
    calls('success', 'success');
    expect(changes).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
  });
});
