/** The calendar of the agency: the only source of "today" in the gateway. */
export interface AgencyCalendar {
  /** IANA name of the time zone, as in `America/New_York`. */
  readonly timeZone: string;
  /** Returns the day in that zone, as `yyyy-mm-dd`. */
  today(now?: Date): string;
}

// Node also accepts the abbreviations of ICU, some of which mean another zone than users expect: BST is Asia/Dhaka.
const ianaAbbreviations = new Set(
  ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET'].map((name) =>
    name.toLowerCase(),
  ),
);

const resolvedZone = (timeZone: string): string | null => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
};

/**
 * Returns a time zone with the letter case of its IANA name; `null` if there is no such zone.
 *
 * Offsets such as `-05:00` are no zones: they do not observe daylight saving time.
 */
export const toTimeZone = (text: string): string | null => {
  const name = text.trim();
  // Offsets in the spellings that one version of Node accepts and another does not, among them the minus of Unicode.
  if (!/^[a-z]/i.test(name)) return null;
  if (/^[a-z]{3}$/i.test(name) && !ianaAbbreviations.has(name.toLowerCase())) return null;
  const resolved = resolvedZone(name);
  // ICU replaces some names with older ones, such as Asia/Kolkata with Asia/Calcutta.
  return resolved?.toLowerCase() === name.toLowerCase() ? resolved : resolved && name;
};

/** Returns the time zone of this machine. Node computes in UTC if it does not recognize that zone. */
export const machineTimeZone = (): string =>
  // Not in the types: undefined if the variable TZ names no zone.
  resolvedZone(new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone ?? 'UTC') ?? 'UTC';

/** Creates the calendar of a time zone; of the machine's, unless one is given. */
export const createAgencyCalendar = (timeZone = machineTimeZone()): AgencyCalendar => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return {
    timeZone,
    today: (now = new Date()) => {
      const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
      return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
    },
  };
};
