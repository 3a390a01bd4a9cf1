import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Judged } from '../endpoint/verdict.ts';
import { TransportError } from './transport-error.ts';

/** The outcome of an exchange: a response, or the error that it threw. */
export type AttemptOutcome = { readonly judged: Judged } | { readonly error: unknown };

/** The maximum number of attempts. */
const maxAttempts = 3;

// The pause before the second attempt is random, up to this value; before the third up to twice as much. Randomness
// keeps calls that failed together from retrying together.
const basePauseMs = 100;

// A rate limit, and the statuses of a proxy whose server is unavailable.
const passingStatuses = new Set([429, 502, 503, 504]);

/** Whether an attempt may be repeated: a write only if it was not sent. */
const mayRetry: Readonly<Record<Endpoint['effect'], (ending: AttemptOutcome) => boolean>> = {
  read: (ending) =>
    'judged' in ending
      ? passingStatuses.has(ending.judged.status) || ending.judged.verdict.kind === 'rateLimited'
      : ending.error instanceof TransportError && ending.error.loss === 'lost',
  write: (ending) =>
    'error' in ending &&
    ending.error instanceof TransportError &&
    ending.error.loss === 'lost' &&
    !ending.error.mayBeSent,
};

const leastPauseMs = (ending: AttemptOutcome): number =>
  'judged' in ending ? (ending.judged.retryAfter ?? 0) * 1000 : 0;

/**
 * Returns the milliseconds to wait before the next attempt.
 *
 * @param tries the number of attempts so far.
 * @returns `null` if there must be no further attempt.
 */
export const pauseBeforeRetry = (
  effect: Endpoint['effect'],
  ending: AttemptOutcome,
  tries: number,
  random: () => number = Math.random,
): number | null =>
  tries < maxAttempts && mayRetry[effect](ending)
    ? leastPauseMs(ending) + random() * basePauseMs * 2 ** (tries - 1)
    : null;

/** Limits retries in proportion to successes: an upstream that is down does not receive three times the load. */
export interface RetryBudget {
  succeeded(): void;
  /** Takes one retry from the budget; false if the budget is used up. */
  spend(ending: AttemptOutcome): boolean;
}

// Counted in fifths of a retry: each success adds one. The maximum covers the loss of all connections at once, for
// example when a server is replaced. The initial budget covers some of them.
const fifthsPerAttempt = 5;
const atFirst = 10 * fifthsPerAttempt;
const most = 35 * fifthsPerAttempt;

/** A retry after a rate limit costs twice as much. */
const costOf = (ending: AttemptOutcome): number =>
  'judged' in ending && ending.judged.verdict.kind === 'rateLimited'
    ? 2 * fifthsPerAttempt
    : fifthsPerAttempt;

export const createRetryBudget = (): RetryBudget => {
  let left = atFirst;
  return {
    succeeded: () => {
      left = Math.min(most, left + 1);
    },
    spend: (ending) => {
      const cost = costOf(ending);
      if (left < cost) return false;
      left -= cost;
      return true;
    },
  };
};
