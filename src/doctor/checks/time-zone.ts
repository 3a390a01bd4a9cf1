import type { Settings } from '../../config/settings.ts';
import { createAgencyCalendar, toTimeZone } from '../../values/agency-calendar.ts';
import { note, ok } from '../result.ts';
import type { Check } from '../run-check.ts';

export interface TimeZoneContext {
  readonly settings: Pick<Settings, 'timeZone' | 'usesSandbox'>;
  /** The variable `TZ`. */
  readonly machineZone: string | undefined;
  readonly now?: Date;
}

/** The agency's day decides about contact summaries, scheduled payments and card expiry. */
export const timeZoneCheck: Check<TimeZoneContext> = {
  id: 'time-zone',
  subject: 'AGENCY_TIME_ZONE',
  run: ({ settings: { timeZone, usesSandbox }, machineZone = '', now }, report) => {
    const calendar = createAgencyCalendar(timeZone);
    const day = `The agency's day is ${calendar.today(now)}, in ${calendar.timeZone}.`;
    if (timeZone !== undefined) {
      report(ok(timeZoneCheck, day));
      return;
    }
    const isUnknown =
      machineZone.trim() !== '' && toTimeZone(machineZone.replace(/^:?(?:.*\/zoneinfo\/)?/, '')) === null;
    const source = isUnknown
      ? 'TZ names no time zone; Node uses another one.'
      : "Not set: the machine's zone is used.";
    const needsAction = isUnknown || !usesSandbox;
    report(
      (needsAction ? note : ok)(
        timeZoneCheck,
        `${source} ${day}`,
        needsAction ? 'Set AGENCY_TIME_ZONE to the IANA name of the zone of the agency.' : null,
      ),
    );
  },
};
