import { leftOutOf } from '../../upstreams/endpoint/left-out.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { attemptColumns } from '../../upstreams/scollect/attempts.ts';
import type { AgencyCalendar } from '../../values/agency-calendar.ts';
import { builder } from '../kit/builder.ts';
import { badInput } from '../kit/input-error.ts';
import { addDays } from '../kit/today.ts';
import {
  type CallFrequency,
  callFrequencyOf,
  callLimit,
  conversationTest,
  countedDate,
  isBetween,
  latestOf,
  mayBeOutbound,
  type RecordedAttempt,
  readAttempt,
} from './call-history.ts';
import { ContactAttemptType } from './contact-attempt.ts';

interface PhoneSummary {
  readonly phoneNumber: string | null;
  readonly rawPhoneNumber: string;
  readonly attempts: readonly RecordedAttempt[];
}

interface ContactSummary {
  readonly asOf: Date;
  readonly timeZone: string;
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly outbound: readonly RecordedAttempt[];
  readonly all: readonly RecordedAttempt[];
  /** The number of rows that were left out. */
  readonly leftOut: number;
}

const PhoneSummaryType = builder.objectRef<PhoneSummary>('PhoneContactSummary').implement({
  description: 'The outbound attempts to one number within a window.',
  fields: (t) => ({
    phoneNumber: t.expose('phoneNumber', {
      type: 'PhoneNumber',
      nullable: true,
      description: 'The number in E.164; null if what is written cannot be one.',
    }),
    rawPhoneNumber: t.exposeString('rawPhoneNumber', {
      description: 'The number as Scollect writes it; empty where none is recorded.',
    }),
    outboundAttempts: t.int({
      description: 'Number of outbound attempts to the number.',
      resolve: ({ attempts }) => attempts.length,
    }),
    latestAttempt: t.field({
      type: ContactAttemptType,
      nullable: true,
      description: 'The latest of them.',
      resolve: ({ attempts }) => latestOf(attempts),
    }),
  }),
});

const CallFrequencyType = builder.objectRef<CallFrequency>('CallFrequency').implement({
  description:
    'What the recorded calls mean for the presumption of Regulation F (12 CFR 1006.14(b)(2)): more than seven calls within seven days about a debt, or a call within seven days of a conversation about it, are presumed too many. Counts, dates and reasons to judge by, not a judgment: calls outside of these records are not seen.',
  fields: (t) => ({
    windowStart: t.expose('windowStart', { type: 'Date', description: 'The first of the seven days.' }),
    windowEnd: t.expose('windowEnd', {
      type: 'Date',
      description: "The last of the seven days: today in the agency's time zone.",
    }),
    callCount: t.exposeInt('callCount', {
      description:
        'Number of outbound calls recorded within the seven days. A call dated after today, or without a known day, counts as made today; one without a known direction as outbound.',
    }),
    callLimit: t.int({
      description: 'Maximum number of calls within seven days that are not presumed excessive.',
      resolve: () => callLimit,
    }),
    latestConversationDate: t.expose('latestConversationDate', {
      type: 'Date',
      nullable: true,
      description:
        'The day of the latest conversation, inbound or outbound; today, if the day of one is not known. Null if none is recorded.',
    }),
    conversationWindowEnd: t.expose('conversationWindowEnd', {
      type: 'Date',
      nullable: true,
      description:
        'The last of the seven days that begin with the day of that conversation; null if none is recorded.',
    }),
    callsAfterConversation: t.exposeInt('callsAfterConversation', {
      description:
        'Number of outbound calls after any conversation whose seven days are not over, the latest or an earlier one.',
    }),
    isPresumedExcessive: t.exposeBoolean('isPresumedExcessive', {
      description: 'Whether the calls that are recorded are presumed too many already.',
    }),
    wouldNextCallBePresumedExcessive: t.exposeBoolean('wouldNextCallBePresumedExcessive', {
      description: 'Whether one more call today would be presumed too many.',
    }),
    nextDateWithoutPresumption: t.expose('nextDateWithoutPresumption', {
      type: 'Date',
      description: 'The first day from today on which, by these records, one more call would not be.',
    }),
    isIncomplete: t.exposeBoolean('isIncomplete', {
      description:
        'Whether attempts could not be read in full, so that the presumption may begin too early: what is not known of them counts as an outbound call, a conversation and today. `reasons` contains their numbers.',
    }),
    reasons: t.exposeStringList('reasons', {
      description: 'The assessment in sentences, with what is not known.',
    }),
  }),
});

/** The attempts by the number that they went to, those with most first. */
const byPhone = (attempts: readonly RecordedAttempt[]): PhoneSummary[] => {
  const groups = new Map<string, RecordedAttempt[]>();
  for (const attempt of attempts) {
    const raw = attemptColumns.rawPhoneNumber.read(attempt.row) ?? '';
    const key = attemptColumns.phoneNumber.read(attempt.row) ?? raw;
    const group = groups.get(key);
    if (group) group.push(attempt);
    else groups.set(key, [attempt]);
  }
  return [...groups.values()]
    .map((group) => {
      const row = group[0]?.row ?? {};
      const phoneNumber = attemptColumns.phoneNumber.read(row);
      return { phoneNumber, rawPhoneNumber: attemptColumns.rawPhoneNumber.read(row) ?? '', attempts: group };
    })
    .sort((one, other) => other.attempts.length - one.attempts.length);
};

export const ContactSummaryType = builder.objectRef<ContactSummary>('ContactSummary').implement({
  description: 'Recent calls about an account (Scollect: getattempts).',
  fields: (t) => ({
    asOf: t.field({
      type: 'DateTime',
      description:
        'When this was counted, by the clock of this gateway: what is recorded later is not in it.',
      resolve: ({ asOf }) => asOf.toISOString(),
    }),
    timeZone: t.exposeString('timeZone', {
      description:
        "IANA name of the time zone that determines today: the agency's (`AGENCY_TIME_ZONE`), or else the machine's.",
    }),
    windowStart: t.expose('windowStart', { type: 'Date', description: 'The first day of the window.' }),
    windowEnd: t.expose('windowEnd', {
      type: 'Date',
      description: "The last day of the window: today in the agency's time zone.",
    }),
    outboundAttempts: t.int({
      description:
        'Number of outbound attempts within the window. One dated after today, or without a known day, counts as made today; one without a known direction as outbound. Incomplete rows, which `Account.attempts` leaves out, count as both.',
      resolve: ({ outbound, leftOut }) => outbound.length + leftOut,
    }),
    byPhone: t.field({
      type: [PhoneSummaryType],
      description: 'The same by the number that was called, the most called first; without incomplete rows.',
      resolve: ({ outbound }) => byPhone(outbound),
    }),
    latestAttempt: t.field({
      type: ContactAttemptType,
      nullable: true,
      description: 'The latest outbound attempt, in the window or before; null if none is recorded.',
      resolve: ({ all }) => latestOf(all.filter(mayBeOutbound)),
    }),
    latestConversation: t.field({
      type: ContactAttemptType,
      nullable: true,
      description:
        'The latest conversation, in the window or before, inbound or outbound; null if none is recorded.',
      resolve: ({ all }) =>
        latestOf(all.filter(({ isConversation, hasDisposition }) => isConversation && hasDisposition)),
    }),
    conversationDispositions: t.stringList({
      description: 'Which of the recorded dispositions were taken for a conversation.',
      resolve: ({ all }) => [
        ...new Set(
          all
            .filter(({ isConversation, hasDisposition }) => isConversation && hasDisposition)
            .map(({ row }) => attemptColumns.disposition.read(row) ?? ''),
        ),
      ],
    }),
    callFrequency: t.field({
      type: CallFrequencyType,
      description:
        'The recorded calls held against the presumption of Regulation F, always over seven days, whatever the window.',
      resolve: ({ all, windowEnd, leftOut }) => callFrequencyOf(all, windowEnd, leftOut),
    }),
  }),
});

/** How long a window may be. */
const maxDays = 3660;

/**
 * Counts the attempts of an account.
 *
 * @param days the number of days in the window, including today.
 * @param calendar determines which day is today.
 * @throws {GraphQLError} with the code BAD_USER_INPUT for a window without a day, or of more than ten years.
 */
export const summarize = (
  rows: readonly Row[],
  days: number,
  dispositions: readonly string[] | null | undefined,
  calendar: AgencyCalendar,
): ContactSummary => {
  if (days < 1 || days > maxDays) throw badInput('days', `a number from 1 to ${maxDays}`);
  const isConversation = conversationTest(dispositions);
  const all = rows.map((row) => readAttempt(row, isConversation));
  const asOf = new Date();
  const windowEnd = calendar.today(asOf);
  const windowStart = addDays(windowEnd, 1 - days);
  const outbound = all.filter(
    (attempt) => mayBeOutbound(attempt) && isBetween(countedDate(attempt, windowEnd), windowStart, windowEnd),
  );
  const leftOut = leftOutOf(rows).length;
  return { asOf, timeZone: calendar.timeZone, windowStart, windowEnd, outbound, all, leftOut };
};
