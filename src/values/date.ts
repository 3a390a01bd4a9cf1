import type { AgencyCalendar } from './agency-calendar.ts';
import { toText } from './text.ts';

interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

interface Clock {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

interface DateForm {
  readonly pattern: RegExp;
  /** The numbers of the groups: named groups make an object of each match, which takes longer. */
  readonly groups: CalendarDate;
}

const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/;
const us = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?!\d)/;
const rfc1123 = /^[A-Za-z]{3}, (\d{1,2}) ([A-Za-z]{3}) (\d{4})(?!\d)/;
const spelled = /^([A-Za-z]{3})[a-z]* (\d{1,2}), (\d{4})(?!\d)/;
const forms: readonly DateForm[] = [
  { pattern: iso, groups: { year: 1, month: 2, day: 3 } },
  { pattern: us, groups: { year: 3, month: 1, day: 2 } },
  { pattern: rfc1123, groups: { year: 3, month: 2, day: 1 } },
  { pattern: spelled, groups: { year: 3, month: 1, day: 2 } },
];

const shortYear = /^\d{1,2}\/\d{1,2}\/\d{2}(?!\d)/;

const clock24 =
  /^(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?(?: ?(?:Z|GMT|[+-]\d{2}:?\d{2}))?$/;
const clock12 = /^(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?\s*(?<half>[AaPp])\.?[Mm]\.?$/;

// Days of database defaults and epochs, which stand for a missing date.
const sentinels = new Set([
  '1753-01-01',
  '1899-12-30',
  '1899-12-31',
  '1900-01-01',
  '2079-06-06',
  '2999-12-31',
]);
const isSentinel = (date: string): boolean => /^(?:0001|9999)-/.test(date) || sentinels.has(date);

const padYear = (year: number): string => String(year).padStart(4, '0');
const pad = (value: number): string => (value < 10 ? `0${value}` : String(value));
const written = ({ year, month, day }: CalendarDate): string => `${padYear(year)}-${pad(month)}-${pad(day)}`;

const writtenClock = ({ hour, minute, second }: Clock): string =>
  `${pad(hour)}:${pad(minute)}:${pad(second)}`;

/** Two-digit years follow POSIX: 69–99 are of the last century. */
const fullYear = (digits: string): number => {
  const year = Number(digits);
  if (digits.length !== 2) return year;
  return year < 69 ? 2000 + year : 1900 + year;
};

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const exists = ({ year, month, day }: CalendarDate): boolean => {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 && isLeap ? 29 : (lengths[month - 1] ?? 0));
};

const monthOf = (text: string): number => Number(text) || months.indexOf(text.toLowerCase()) + 1;

/** Splits off the date at the start of a text; `null` if there is none. */
const splitDate = (text: string): { date: CalendarDate; rest: string } | null => {
  for (const { pattern, groups } of forms) {
    const match = pattern.exec(text);
    if (!match) continue;
    const date = {
      year: fullYear(match[groups.year] ?? ''),
      month: monthOf(match[groups.month] ?? ''),
      day: Number(match[groups.day]),
    };
    return exists(date) ? { date, rest: text.slice(match[0].length) } : null;
  }
  return null;
};

const parseClock = (text: string): Clock | null => {
  const groups = (clock24.exec(text) ?? clock12.exec(text))?.groups;
  if (!groups) return null;
  const { hour: hours, minute: minutes, second: seconds = '0', half } = groups;
  let hour = Number(hours);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  }
  const minute = Number(minutes);
  const second = Number(seconds);
  return hour < 24 && minute < 60 && second < 60 ? { hour, minute, second } : null;
};

/** Splits off the separator between a date and its time. */
const clockIn = (rest: string): string => rest.replace(/^(?:T|,?\s*(?:AT|@)\s*|,)/i, '').trim();

const midnight: Clock = { hour: 0, minute: 0, second: 0 };

const read = (wire: unknown): { date: string; clock: Clock } | null => {
  const split = splitDate(toText(wire) ?? '');
  if (!split) return null;
  const date = written(split.date);
  const rest = split.rest === '' ? '' : clockIn(split.rest);
  const clock = rest === '' ? midnight : parseClock(rest);
  return clock && !isSentinel(date) ? { date, clock } : null;
};

/**
 * Reads a calendar date in any form of either system, as `yyyy-mm-dd`.
 *
 * A time after it is ignored, without conversion: zones are unreliable. `null` for sentinels and for days that do not
 * exist.
 */
export const toDate = (wire: unknown): string | null => read(wire)?.date ?? null;

/** Whether a text begins with a day that stands for a missing date. */
export const isNoDate = (wire: unknown): boolean => {
  const date = splitDate(toText(wire) ?? '')?.date;
  return date !== undefined && isSentinel(written(date));
};

type Calendar = Pick<AgencyCalendar, 'today'>;

const hoursFromNow = (hours: number): string =>
  new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 10);

const utc: Calendar = { today: () => hoursFromNow(0) };

/**
 * The day after the present day of UTC. The clock of an upstream may be ahead of that of the agency, and no clock is
 * ahead of this day: a recent entry must not be moved to the last century.
 */
const anyClock: Calendar = { today: () => hoursFromNow(24) };

/** Moves a date with a two-digit year that is after today to the last century. */
const inThePast = (date: string, wire: unknown, { today }: Calendar): string => {
  if (!shortYear.test(toText(wire) ?? '') || date <= today()) return date;
  return `${padYear(Number(date.slice(0, 4)) - 100)}${date.slice(4)}`;
};

/**
 * Reads a date that cannot be in the future, such as a date of birth or a charge-off. A four-digit year is not changed.
 *
 * @param calendar the calendar of the agency, if known.
 */
export const toPastDate = (wire: unknown, calendar = utc): string | null => {
  const date = toDate(wire);
  return date && inThePast(date, wire, calendar);
};

/** Reads the day of an upstream record by the clock of the upstream, such as that of an attempt. */
export const toRecordedDate = (wire: unknown): string | null => toPastDate(wire, anyClock);

/**
 * Reads a date with its time, as `yyyy-mm-ddThh:mm:ss` without an offset.
 *
 * The time is kept as written: Scollect labels local times "GMT", and RecoveryConnect writes one clock with and without
 * `Z`. A date alone counts as midnight, as both databases print it. All such times are in the past, so two-digit years
 * are not in the future.
 */
export const toLocalDateTime = (wire: unknown): string | null => {
  const found = read(wire);
  return found && `${inThePast(found.date, wire, anyClock)}T${writtenClock(found.clock)}`;
};

/** Reads the time of a log entry. If its time is unreadable, the date counts as midnight. */
export const toLoggedAt = (wire: unknown): string | null => {
  const text = toText(wire) ?? '';
  const rest = splitDate(text)?.rest ?? '';
  return toLocalDateTime(text) ?? toLocalDateTime(text.slice(0, text.length - rest.length));
};

/** Reads a time of day, as `hh:mm`. */
export const toLocalTime = (wire: unknown): string | null => {
  const clock = parseClock(toText(wire) ?? '');
  return clock && writtenClock(clock).slice(0, 5);
};
