import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Judged } from '../endpoint/verdict.ts';
import { TransportError } from './transport-error.ts';

/** How an exchange ended: with an answer, or with what was thrown. */
export type AttemptOutcome = { readonly judged: Judged } | { readonly error: unknown };

/** How often an exchange is tried in all. */
const maxAttempts = 3;

// The wait before the second try is anything up to this, before the third up to twice as much: so that those who
// failed at one moment do not come back at one moment.
const basePauseMs = 100;

// A rate limit, and what a proxy says when the server behind it is not to be reached.
const passingStatuses = new Set([429, 502, 503, 504]);

/** What may be tried again: of a write only what surely was not sent. */
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
 * Tells how many milliseconds to wait before an exchange is tried again.
 *
 * @param tries how often it was tried by now.
 * @returns `null` where it must not be.
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

/** Lets an upstream be tried again only as often as it succeeds: who is down is not asked three times as much. */
export interface RetryBudget {
  succeeded(): void;
  /** Takes one try after such an ending from the budget; false where not enough is left. */
  spend(ending: AttemptOutcome): boolean;
}

// Counted in fifths of a try: one for each success. At most it is enough for all connections to be lost at one
// moment, as when a server is replaced by another; at first, for some of them.
const fifthsPerAttempt = 5;
const atFirst = 10 * fifthsPerAttempt;
const most = 35 * fifthsPerAttempt;

/** Who limits rates is not to be asked much more. */
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
