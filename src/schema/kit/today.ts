import { type AgencyCalendar, createAgencyCalendar } from '../../values/agency-calendar.ts';

let checkedBy: AgencyCalendar | undefined;

/**
 * Runs checks of an input by the day of a calendar.
 *
 * Zod passes nothing of the request to its checks. They are synchronous, so that no other request runs in between.
 */
export const withCalendar = <Result>(calendar: AgencyCalendar, check: () => Result): Result => {
  const outer = checkedBy;
  checkedBy = calendar;
  try {
    return check();
  } finally {
    checkedBy = outer;
  }
};

/** Returns the agency's day for a check of an input; outside of `withCalendar` the machine's day. */
export const today = (): string => (checkedBy ?? createAgencyCalendar()).today();

/** The day that lies some days after another, or before it; both `yyyy-mm-dd`. */
export const addDays = (date: string, days: number): string => {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
};
