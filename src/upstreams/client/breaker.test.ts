import { describe, expect, it } from 'vitest';
import { type BreakerState, type CallHealth, createBreaker } from './breaker.ts';

/** Creates a breaker that opens after three failures, for one to eight seconds, with a controlled clock. */
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

describe('a circuit breaker', () => {
  it.each<readonly [BreakerState, string, readonly CallHealth[]]>([
    ['closed', 'before any call', []],
    ['closed', 'after fewer failures than the limit', ['failure', 'failure']],
    ['open', 'after consecutive failures at the limit', ['failure', 'failure', 'failure']],
    [
      'closed',
      'if a success was between the failures',
      ['failure', 'failure', 'success', 'failure', 'failure'],
    ],
    [
      'open',
      'if the success was before the failures',
      ['failure', 'success', 'failure', 'failure', 'failure'],
    ],
    [
      'open',
      'if a call without a result was between the failures',
      ['failure', 'failure', 'neither', 'failure'],
    ],
    ['closed', 'if no call has a result', ['neither', 'neither', 'neither', 'neither']],
  ])('is %s %s', (state, _, healths) => {
    const { breaker, calls } = setUp();
    calls(...healths);
    expect(breaker.state()).toBe(state);
    expect(breaker.isPassable()).toBe(state === 'closed');
  });

  it('open: admits no call, and returns the remaining seconds', () => {
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

  it('after the pause: admits one probe at a time', () => {
    const { breaker, calls, wait } = setUp();
    calls('failure', 'failure', 'failure');
    wait(1000);
    const probe = breaker.pass();
    expect(probe).toBeTypeOf('function');
    expect([breaker.state(), breaker.isPassable(), breaker.pass()]).toEqual(['half-open', false, undefined]);
    // Regardless of the duration of the probe.
    wait(60_000);
    expect([breaker.isPassable(), breaker.pass()]).toEqual([false, undefined]);
    probe?.('success');
    expect(breaker.state()).toBe('closed');
    expect([breaker.pass(), breaker.pass()]).toEqual([expect.any(Function), expect.any(Function)]);
  });

  it('a failed probe doubles the pause up to the maximum', () => {
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

  it('a successful probe resets failures and pause', () => {
    const { breaker, calls, wait } = setUp();
    calls('failure', 'failure', 'failure');
    wait(1000);
    calls('failure');
    wait(2000);
    calls('success');
    expect(breaker.state()).toBe('closed');
    // The number of failures and the pause start again.
    calls('failure', 'failure');
    expect(breaker.state()).toBe('closed');
    calls('failure');
    expect([breaker.state(), breaker.retryAfter()]).toEqual(['open', 1]);
  });

  it('a probe without a result: the next call may probe immediately', () => {
    const { breaker, calls, wait } = setUp();
    calls('failure', 'failure', 'failure');
    wait(1000);
    calls('neither');
    expect([breaker.state(), breaker.isPassable(), breaker.retryAfter()]).toEqual(['open', true, 0]);
    // The probe did not fail: the next pause is the second one.
    calls('neither', 'failure');
    expect([breaker.isPassable(), breaker.retryAfter()]).toEqual([false, 2]);
  });

  it('reports half-open once, for any number of probes without a result', () => {
    const { changes, calls, wait } = setUp();
    calls('failure', 'failure', 'failure');
    wait(1000);
    calls('neither', 'neither', 'neither', 'success');
    expect(changes).toEqual(['open', 'half-open', 'closed']);
  });

  it.each<CallHealth>(['success', 'failure', 'neither'])(
    'ignores the %s of a call that began before it opened',
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

  it('ignores failures after it closed of calls that began before it opened', () => {
    const { breaker, calls, wait } = setUp();
    const early = [breaker.pass(), breaker.pass(), breaker.pass()];
    calls('failure', 'failure', 'failure');
    wait(1000);
    calls('success');
    for (const report of early) report?.('failure');
    expect(breaker.state()).toBe('closed');
  });

  it('reports each change of state in order', () => {
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
