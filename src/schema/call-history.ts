import type { Row } from '../upstreams/endpoint.ts';
import { attemptColumns } from '../upstreams/scollect/attempts.ts';
import { addDays } from './today.ts';

/** An attempt, read as far as counting needs it. */
export interface RecordedAttempt {
  readonly row: Row;
  readonly date: string | null;
  /** `00:00` where the time is not known. */
  readonly time: string;
  readonly direction: 'INBOUND' | 'OUTBOUND' | null;
  readonly isCall: boolean;
  readonly isConversation: boolean;
}

// Dispositions are defined by each agency. Taking one for a conversation too many warns too early, not too late.
const conversationWords = /\b(?:spoke|spoken|talked|conversation|promised?|ptp|rpc|right party)\b/i;
const denied = /\b(?:no|not|never|without)\b/i;
const otherThanCalls = /\b(?:text|sms|e-?mail|letter|mail)\b/i;

/**
 * Says which dispositions mean that somebody was talked to.
 *
 * @param named the agency's own; left out, those that say so in common words.
 */
export const conversationTest = (
  named: readonly string[] | null | undefined,
): ((disposition: string | null) => boolean) => {
  const exact = named && new Set(named.map((one) => one.trim().toUpperCase()));
  return (disposition) => {
    if (disposition === null) return false;
    if (exact) return exact.has(disposition.toUpperCase());
    return conversationWords.test(disposition) && !denied.test(disposition);
  };
};

export const readAttempt = (
  row: Row,
  isConversation: (disposition: string | null) => boolean,
): RecordedAttempt => ({
  row,
  date: attemptColumns.date.read(row),
  time: attemptColumns.time.read(row) ?? '00:00',
  direction: attemptColumns.direction.read(row),
  isCall: !otherThanCalls.test(attemptColumns.type.read(row) ?? ''),
  isConversation: isConversation(attemptColumns.disposition.read(row)),
});

const momentOf = ({ date, time }: RecordedAttempt): string => `${date ?? ''}T${time}`;

/** The latest of some attempts; those without a date are behind all others. */
export const latestOf = (attempts: readonly RecordedAttempt[]): RecordedAttempt | null =>
  attempts.reduce<RecordedAttempt | null>(
    (latest, one) => (latest === null || momentOf(one) >= momentOf(latest) ? one : latest),
    null,
  );

export const isBetween = (date: string | null, first: string, last: string): boolean =>
  date !== null && date >= first && date <= last;

/** What the records say of the presumption of 12 CFR 1006.14(b)(2): counts and dates, never a verdict. */
export interface CallFrequency {
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly callCount: number;
  readonly latestConversationDate: string | null;
  /** The last of the seven days that a conversation begins, its own day being the first. */
  readonly conversationWindowEnd: string | null;
  readonly callsAfterConversation: number;
  readonly isPresumedExcessive: boolean;
  readonly wouldNextCallBePresumedExcessive: boolean;
  readonly nextDateWithoutPresumption: string;
  readonly reasons: readonly string[];
}

/** More calls than this within seven days are presumed too many. */
export const callLimit = 7;
const frequencyDays = 7;

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const unseen =
  'Calls recorded elsewhere are not seen here, and calls that Regulation F leaves out of the count (such as with consent, or not connected) cannot be told apart; inbound calls do not count.';

/** Holds the recorded calls against the presumption, as of a day. */
export const callFrequencyOf = (attempts: readonly RecordedAttempt[], day: string): CallFrequency => {
  const calls = attempts.filter(({ direction, isCall }) => direction === 'OUTBOUND' && isCall);
  const callsBetween = (first: string, last: string) =>
    calls.filter(({ date }) => isBetween(date, first, last)).length;
  const windowStart = addDays(day, 1 - frequencyDays);
  const callCount = callsBetween(windowStart, day);

  const past = attempts.filter(({ isConversation, date }) => isConversation && date !== null && date <= day);
  const conversation = latestOf(past);
  const latestConversationDate = conversation?.date ?? null;
  const conversationWindowEnd = latestConversationDate && addDays(latestConversationDate, frequencyDays - 1);
  const isInConversationWindow = conversationWindowEnd !== null && conversationWindowEnd >= day;
  const callsAfterConversation =
    conversation && isInConversationWindow
      ? calls.filter((one) => momentOf(one) > momentOf(conversation) && (one.date ?? '') <= day).length
      : 0;

  const isPresumedOn = (date: string): boolean =>
    callsBetween(addDays(date, 1 - frequencyDays), date) >= callLimit ||
    (conversationWindowEnd !== null && date <= conversationWindowEnd);
  let nextDateWithoutPresumption = day;
  while (isPresumedOn(nextDateWithoutPresumption)) {
    nextDateWithoutPresumption = addDays(nextDateWithoutPresumption, 1);
  }

  const undated = attempts.filter(({ date, direction }) => date === null || direction === null).length;
  return {
    windowStart,
    windowEnd: day,
    callCount,
    latestConversationDate,
    conversationWindowEnd,
    callsAfterConversation,
    isPresumedExcessive: callCount > callLimit || callsAfterConversation > 0,
    wouldNextCallBePresumedExcessive: isPresumedOn(day),
    nextDateWithoutPresumption,
    reasons: [
      `${plural(callCount, 'outbound call')} recorded from ${windowStart} to ${day}; more than ${callLimit} within seven days are presumed too many.`,
      latestConversationDate === null
        ? 'No conversation is recorded.'
        : `The latest conversation is recorded on ${latestConversationDate}; calls until ${conversationWindowEnd} are presumed too many, and ${callsAfterConversation} followed it.`,
      ...(undated > 0
        ? [`${plural(undated, 'attempt')} without a day or a direction could not be counted.`]
        : []),
      unseen,
    ],
  };
};
