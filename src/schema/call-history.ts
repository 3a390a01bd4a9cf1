import type { Row } from '../upstreams/endpoint.ts';
import { attemptColumns } from '../upstreams/scollect/attempts.ts';
import { isCallType, reportsConversation } from './dispositions.ts';
import { addDays } from './today.ts';

/** An attempt, read as far as counting needs it. */
export interface RecordedAttempt {
  readonly row: Row;
  readonly date: string | null;
  /** `null` if the time of day is not known. */
  readonly time: string | null;
  readonly direction: 'INBOUND' | 'OUTBOUND' | null;
  readonly isCall: boolean;
  readonly isConversation: boolean;
}

/** Returns a function that keeps its results. Many attempts have the same disposition. */
const remembering = (test: (text: string) => boolean): ((text: string) => boolean) => {
  const results = new Map<string, boolean>();
  return (text) => {
    const result = results.get(text) ?? test(text);
    results.set(text, result);
    return result;
  };
};

/**
 * Returns the test of whether a disposition reports a conversation.
 *
 * @param named the dispositions that do, defined by the agency; without them, those that say so in common words.
 */
export const conversationTest = (
  named: readonly string[] | null | undefined,
): ((disposition: string | null) => boolean) => {
  const exact = named && new Set(named.map((one) => one.trim().toUpperCase()));
  const test = exact
    ? (disposition: string) => exact.has(disposition.toUpperCase())
    : remembering(reportsConversation);
  return (disposition) => disposition !== null && test(disposition);
};

export const readAttempt = (
  row: Row,
  isConversation: (disposition: string | null) => boolean,
): RecordedAttempt => ({
  row,
  date: attemptColumns.date.read(row),
  time: attemptColumns.time.read(row),
  direction: attemptColumns.direction.read(row),
  isCall: isCallType(attemptColumns.type.read(row) ?? ''),
  isConversation: isConversation(attemptColumns.disposition.read(row)),
});

const momentOf = ({ date, time }: RecordedAttempt): string => `${date ?? ''}T${time ?? '00:00'}`;

/** The latest of some attempts; those without a date are behind all others. */
export const latestOf = (attempts: readonly RecordedAttempt[]): RecordedAttempt | null =>
  attempts.reduce<RecordedAttempt | null>(
    (latest, one) => (latest === null || momentOf(one) >= momentOf(latest) ? one : latest),
    null,
  );

/**
 * Returns the day on which an attempt counts.
 *
 * The upstream's clock may be ahead of the agency's day: an attempt dated after today counts as made today.
 */
export const countedDate = ({ date }: RecordedAttempt, today: string): string | null =>
  date !== null && date > today ? today : date;

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

/** Whether a call may have followed a conversation: without a time of day it may have been the last of its day. */
const mayFollow = (call: RecordedAttempt, conversation: RecordedAttempt): boolean =>
  call !== conversation && `${call.date ?? ''}T${call.time ?? '24:00'}` > momentOf(conversation);

const isOutboundCall = ({ direction, isCall }: RecordedAttempt): boolean =>
  direction === 'OUTBOUND' && isCall;

/** Compares the recorded calls with the presumption, as of a day. */
export const callFrequencyOf = (attempts: readonly RecordedAttempt[], day: string): CallFrequency => {
  const calls = attempts.filter(isOutboundCall);
  const callsBetween = (first: string, last: string) =>
    calls.filter((call) => isBetween(countedDate(call, day), first, last)).length;
  const windowStart = addDays(day, 1 - frequencyDays);
  const callCount = callsBetween(windowStart, day);

  const conversations = attempts.filter(({ isConversation, date }) => isConversation && date !== null);
  const latest = latestOf(conversations);
  const latestConversationDate = latest && countedDate(latest, day);
  const conversationWindowEnd = latestConversationDate && addDays(latestConversationDate, frequencyDays - 1);
  // Every conversation begins seven days of its own: a later one does not hide the calls that followed an earlier one.
  const recent = conversations.filter((one) => isBetween(countedDate(one, day), windowStart, day));
  const callsAfterConversation = calls.filter((call) =>
    recent.some((conversation) => mayFollow(call, conversation)),
  ).length;

  const isPresumedOn = (date: string): boolean =>
    callsBetween(addDays(date, 1 - frequencyDays), date) >= callLimit ||
    (conversationWindowEnd !== null && date <= conversationWindowEnd);
  let nextDateWithoutPresumption = day;
  while (isPresumedOn(nextDateWithoutPresumption)) {
    nextDateWithoutPresumption = addDays(nextDateWithoutPresumption, 1);
  }

  const undated = attempts.filter(({ date, direction }) => date === null || direction === null).length;
  const ahead = attempts.filter(({ date }) => date !== null && date > day).length;
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
        : `The latest conversation is recorded on ${latestConversationDate}; calls until ${conversationWindowEnd} are presumed too many.`,
      ...(recent.length > 0
        ? [
            `${plural(recent.length, 'conversation')} recorded from ${windowStart} to ${day}; ${plural(callsAfterConversation, 'outbound call')} followed one of them.`,
          ]
        : []),
      ...(ahead > 0 ? [`${plural(ahead, 'attempt')} dated after ${day} counted as made on that day.`] : []),
      ...(undated > 0
        ? [`${plural(undated, 'attempt')} without a day or a direction could not be counted.`]
        : []),
      unseen,
    ],
  };
};
