import type { Row } from '../../upstreams/endpoint/row.ts';
import { attemptColumns } from '../../upstreams/scollect/attempts.ts';
import { addDays } from '../kit/today.ts';
import { isCallType, reportsConversation } from './dispositions.ts';

/** An attempt, read as far as counting needs it. */
export interface RecordedAttempt {
  readonly row: Row;
  /** `null` if the day is not known: it may be any. */
  readonly date: string | null;
  /** `null` if the time of day is not known. */
  readonly time: string | null;
  /** `null` if it is not known: it may have been outbound. */
  readonly direction: 'INBOUND' | 'OUTBOUND' | null;
  readonly isCall: boolean;
  /** Also true if the disposition cannot be read: it may have been one. */
  readonly isConversation: boolean;
  readonly hasDisposition: boolean;
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
): RecordedAttempt => {
  const hasDisposition = attemptColumns.hasDisposition.read(row) ?? false;
  return {
    row,
    date: attemptColumns.date.read(row),
    time: attemptColumns.time.read(row),
    direction: attemptColumns.direction.read(row),
    isCall: isCallType(attemptColumns.type.read(row) ?? ''),
    isConversation: !hasDisposition || isConversation(attemptColumns.disposition.read(row)),
    hasDisposition,
  };
};

/** An attempt of which nothing is known: its row was left out. */
const unknownAttempt = (): RecordedAttempt => ({
  row: {},
  date: null,
  time: null,
  direction: null,
  isCall: true,
  isConversation: true,
  hasDisposition: false,
});

/** The earliest moment at which it may have been made. */
const momentOf = ({ date, time }: RecordedAttempt): string =>
  date === null ? '' : `${date}T${time ?? '00:00'}`;

/** The latest of some attempts; those without a date are behind all others. */
export const latestOf = (attempts: readonly RecordedAttempt[]): RecordedAttempt | null =>
  attempts.reduce<RecordedAttempt | null>(
    (latest, one) => (latest === null || momentOf(one) >= momentOf(latest) ? one : latest),
    null,
  );

/**
 * Returns the day on which an attempt counts.
 *
 * The upstream's clock may be ahead of the agency's day: an attempt dated after today counts as made today. So does one
 * whose day is not known.
 */
export const countedDate = ({ date }: RecordedAttempt, today: string): string =>
  date === null || date > today ? today : date;

export const isBetween = (date: string, first: string, last: string): boolean =>
  date >= first && date <= last;

/** Whether an attempt was outbound, or may have been. */
export const mayBeOutbound = ({ direction }: RecordedAttempt): boolean => direction !== 'INBOUND';

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
  /** Whether an attempt could not be read in full. */
  readonly isIncomplete: boolean;
  readonly reasons: readonly string[];
}

/** More calls than this within seven days are presumed too many. */
export const callLimit = 7;
const frequencyDays = 7;

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const unseen =
  'Calls recorded elsewhere are not included, and calls that Regulation F excludes from the count (such as with consent, or not connected) cannot be distinguished; inbound calls do not count.';

/**
 * Whether a call may have followed a conversation. Without a time of day it may have been the last of its day, and
 * without a day the last of all.
 */
const mayFollow = (call: RecordedAttempt, conversation: RecordedAttempt): boolean =>
  call !== conversation &&
  (call.date === null || `${call.date}T${call.time ?? '24:00'}` > momentOf(conversation));

const mayBeOutboundCall = (attempt: RecordedAttempt): boolean => mayBeOutbound(attempt) && attempt.isCall;

/** Sentences on attempts of which something is not known, and how they were counted. */
const assumptionsOn = (read: readonly RecordedAttempt[], leftOut: number, day: string): string[] => {
  const undated = read.filter(({ date }) => date === null).length;
  const undirected = read.filter(({ direction }) => direction === null).length;
  const unexplained = read.filter(({ hasDisposition }) => !hasDisposition).length;
  return [
    ...(undated > 0 ? [`${plural(undated, 'attempt')} without a known day counted as made on ${day}.`] : []),
    ...(undirected > 0
      ? [`${plural(undirected, 'attempt')} without a known direction counted as outbound.`]
      : []),
    ...(unexplained > 0
      ? [`${plural(unexplained, 'attempt')} without a readable disposition counted as a conversation.`]
      : []),
    ...(leftOut > 0
      ? [`${plural(leftOut, 'incomplete row')} counted as an outbound call and a conversation on ${day}.`]
      : []),
  ];
};

/**
 * Compares the recorded calls with the presumption, as of a day.
 *
 * @param read the attempts whose rows are known, in full or in part. What is not known counts as what brings the
 *   presumption about the earliest.
 * @param leftOut the number of rows of which nothing is known.
 */
export const callFrequencyOf = (
  read: readonly RecordedAttempt[],
  day: string,
  leftOut = 0,
): CallFrequency => {
  const attempts = [...read, ...Array.from({ length: leftOut }, unknownAttempt)];
  const calls = attempts.filter(mayBeOutboundCall);
  const callsBetween = (first: string, last: string) =>
    calls.filter((call) => isBetween(countedDate(call, day), first, last)).length;
  const windowStart = addDays(day, 1 - frequencyDays);
  const callCount = callsBetween(windowStart, day);

  const conversations = attempts.filter(({ isConversation }) => isConversation);
  const latestConversationDate =
    conversations
      .map((one) => countedDate(one, day))
      .sort()
      .at(-1) ?? null;
  const conversationWindowEnd = latestConversationDate && addDays(latestConversationDate, frequencyDays - 1);
  // Every conversation begins seven days of its own: a later one does not hide the calls that followed an earlier one.
  const recent = conversations.filter((one) => isBetween(countedDate(one, day), windowStart, day));
  const callsAfterConversation = calls.filter(
    (call) =>
      isBetween(countedDate(call, day), windowStart, day) &&
      recent.some((conversation) => mayFollow(call, conversation)),
  ).length;

  const isPresumedOn = (date: string): boolean =>
    callsBetween(addDays(date, 1 - frequencyDays), date) >= callLimit ||
    (conversationWindowEnd !== null && date <= conversationWindowEnd);
  let nextDateWithoutPresumption = day;
  while (isPresumedOn(nextDateWithoutPresumption)) {
    nextDateWithoutPresumption = addDays(nextDateWithoutPresumption, 1);
  }

  const assumptions = assumptionsOn(read, leftOut, day);
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
    isIncomplete: assumptions.length > 0,
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
      ...assumptions,
      unseen,
    ],
  };
};
