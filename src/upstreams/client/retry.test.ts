import { describe, expect, it } from 'vitest';
import type { Judged, Verdict } from '../endpoint/verdict.ts';
import { type AttemptOutcome, createRetryBudget, pauseBeforeRetry } from './retry.ts';
import { type Loss, TransportError } from './transport-error.ts';

const answered = (status: number, verdict: Verdict, retryAfter: number | null = null): AttemptOutcome => {
  const judged: Judged = { status, verdict, isUnhealthy: status >= 500, retryAfter };
  return { judged };
};
const lost = (loss: Loss, mayBeSent: boolean): AttemptOutcome => ({
  error: new TransportError(loss, mayBeSent),
});

const ok: Verdict = { kind: 'ok', payload: {}, warnings: [], paging: null };
const failed: Verdict = { kind: 'failed', reason: 'unavailable' };
const limited: Verdict = { kind: 'rateLimited', retryAfter: null };
const unknown: Verdict = { kind: 'unknown' };

const isTriedAgain = (effect: 'read' | 'write', ending: AttemptOutcome): boolean =>
  pauseBeforeRetry(effect, ending, 1) !== null;

describe('a retry', () => {
  it.each<readonly [what: string, ending: AttemptOutcome, read: boolean, write: boolean]>([
    ['a 200', answered(200, ok), false, false],
    ['a 200 that finds nothing', answered(200, { kind: 'nothing' }), false, false],
    ['a failure inside a 200', answered(200, failed), false, false],
    ['a rate limit inside a 200', answered(200, limited), true, false],
    ['a 301', answered(301, failed), false, false],
    ['a 400', answered(400, { kind: 'badInput' }), false, false],
    ['a 401', answered(401, { kind: 'token' }), false, false],
    ['a 403', answered(403, { kind: 'refused' }), false, false],
    ['a 404', answered(404, { kind: 'nothing' }), false, false],
    ['a 408', answered(408, failed), false, false],
    ['a 422', answered(422, { kind: 'badInput' }), false, false],
    ['a 429', answered(429, limited), true, false],
    ['a 500', answered(500, failed), false, false],
    ['a 501', answered(501, failed), false, false],
    ['a 502', answered(502, failed), true, false],
    ['a 503', answered(503, failed), true, false],
    ['a 504', answered(504, failed), true, false],
    ['a 503 of unknown outcome', answered(503, unknown), true, false],
    ['a connection that was not made', lost('lost', false), true, true],
    ['a connection that ended', lost('lost', true), true, false],
    ['no connection in time', lost('timeout', false), false, false],
    ['no answer in time', lost('timeout', true), false, false],
    ['an answer that is too large', lost('tooLarge', true), false, false],
    ['a call that was cancelled before it was sent', lost('left', false), false, false],
    ['one whose deadline passed before it was sent', lost('late', false), false, false],
    ['a call that was cancelled', lost('left', true), false, false],
    ['an error of the gateway itself', { error: new Error('no') }, false, false],
  ])('after %s', (_, ending, read, write) => {
    expect({ read: isTriedAgain('read', ending), write: isTriedAgain('write', ending) }).toEqual({
      read,
      write,
    });
  });

  it('the third attempt is the last', () => {
    const pauses = [1, 2, 3, 4].map((tries) => pauseBeforeRetry('read', lost('lost', true), tries));
    expect(pauses).toEqual([expect.any(Number), expect.any(Number), null, null]);
  });

  it.each([
    [1, 0, 0],
    [1, 0.5, 50],
    [1, 1, 100],
    [2, 0, 0],
    [2, 0.5, 100],
    [2, 1, 200],
  ])('after %i attempts: the pause is a random part (%f) of a doubling maximum', (tries, part, pause) => {
    expect(pauseBeforeRetry('read', lost('lost', true), tries, () => part)).toBe(pause);
    expect(pauseBeforeRetry('write', lost('lost', false), tries, () => part)).toBe(pause);
  });

  it('pauses of several calls differ', () => {
    const pauses = Array.from({ length: 100 }, () => pauseBeforeRetry('read', lost('lost', true), 1));
    expect(new Set(pauses).size).toBeGreaterThan(50);
    expect(pauses.every((pause) => pause !== null && pause >= 0 && pause <= 100)).toBe(true);
  });

  it.each([
    [429, limited],
    [503, failed],
    [200, limited],
  ])('HTTP %i: waits at least for Retry-After', (status, verdict) => {
    const ending = answered(status, verdict, 7);
    expect(pauseBeforeRetry('read', ending, 1, () => 0)).toBe(7000);
    expect(pauseBeforeRetry('read', ending, 2, () => 1)).toBe(7200);
  });
});

const ended = lost('lost', true);
const isLimited = answered(429, limited);

/** Returns the number of exchanges of calls with up to three attempts, a given number of which fail this way. */
const exchangesOf = (calls: number, ending: AttemptOutcome, isFailure: (exchange: number) => boolean) => {
  const budget = createRetryBudget();
  let exchanges = 0;
  let unanswered = 0;
  for (let call = 0; call < calls; call += 1) {
    for (let tries = 1; ; tries += 1) {
      exchanges += 1;
      if (!isFailure(exchanges)) {
        budget.succeeded();
        break;
      }
      if (tries === 3 || !budget.spend(ending)) {
        unanswered += 1;
        break;
      }
    }
  }
  return { exchanges, unanswered };
};

describe('a retry budget', () => {
  const spendAll = (budget: ReturnType<typeof createRetryBudget>, ending: AttemptOutcome): number => {
    for (let spent = 0; ; spent += 1) if (!budget.spend(ending)) return spent;
  };

  it.each([
    [0, 10, 5],
    [4, 10, 5],
    [6, 11, 5],
    [12, 12, 6],
    [10_000, 35, 17],
  ])('after %i successes allows %i retries, or %i after rate limits', (successes, tries, ofLimited) => {
    const spentAfter = (ending: AttemptOutcome): number => {
      const budget = createRetryBudget();
      for (let n = 0; n < successes; n += 1) budget.succeeded();
      return spendAll(budget, ending);
    };
    expect([spentAfter(ended), spentAfter(isLimited)]).toEqual([tries, ofLimited]);
  });

  it('once used up, allows a retry after five successes', () => {
    const budget = createRetryBudget();
    spendAll(budget, ended);
    for (let n = 0; n < 4; n += 1) budget.succeeded();
    expect(budget.spend(ended)).toBe(false);
    budget.succeeded();
    expect([budget.spend(ended), budget.spend(ended)]).toEqual([true, false]);
  });

  it.each([
    [100, 'a connection that ended', ended],
    [1000, 'a connection that ended', ended],
    [100, 'a rate limit', isLimited],
    [1000, 'a rate limit', isLimited],
  ] as const)(
    'lets %i calls that all fail by %s make no more than a fifth more exchanges',
    (calls, _, ending) => {
      const { exchanges, unanswered } = exchangesOf(calls, ending, () => true);
      expect(unanswered).toBe(calls);
      expect(exchanges).toBeLessThanOrEqual(1.2 * calls);
    },
  );

  it('allows all retries if failures are rare', () => {
    const { exchanges, unanswered } = exchangesOf(1000, ended, (exchange) => exchange % 10 === 0);
    expect(unanswered).toBe(0);
    expect(exchanges).toBe(1111);
  });
});
