import { describe, expect, it } from 'vitest';
import { createAgencyCalendar, machineTimeZone, toTimeZone } from './agency-calendar.ts';

describe('AgencyCalendar.today', () => {
  it.each([
    ['America/Los_Angeles', '2026-03-01T07:59:59Z', '2026-02-28'],
    ['America/Los_Angeles', '2026-03-01T08:00:00Z', '2026-03-01'],
    // Daylight saving time: an hour earlier.
    ['America/Los_Angeles', '2026-07-01T06:59:59Z', '2026-06-30'],
    ['America/Los_Angeles', '2026-07-01T07:00:00Z', '2026-07-01'],
    ['America/New_York', '2027-01-01T04:59:59Z', '2026-12-31'],
    ['America/New_York', '2027-01-01T05:00:00Z', '2027-01-01'],
    ['Asia/Kolkata', '2024-02-28T18:29:59Z', '2024-02-28'],
    ['Asia/Kolkata', '2024-02-28T18:30:00Z', '2024-02-29'],
    ['Pacific/Kiritimati', '2026-11-21T10:00:00Z', '2026-11-22'],
    ['UTC', '2026-11-21T23:59:59Z', '2026-11-21'],
  ])('%s at %s → %s', (timeZone, now, day) => {
    expect(createAgencyCalendar(timeZone).today(new Date(now))).toBe(day);
  });

  it("uses the machine's time zone without a name", () => {
    const calendar = createAgencyCalendar();
    expect(calendar.timeZone).toBe(machineTimeZone());
    expect(calendar.today(new Date(2026, 10, 21, 0, 0))).toBe('2026-11-21');
    expect(calendar.today(new Date(2026, 10, 21, 23, 59))).toBe('2026-11-21');
  });
});

describe('toTimeZone', () => {
  it.each([
    ['America/New_York', 'America/New_York'],
    [' america/new_york ', 'America/New_York'],
    ['US/Pacific', 'US/Pacific'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['EST5EDT', 'EST5EDT'],
    ['utc', 'UTC'],
  ])('%j → %s', (text, timeZone) => {
    expect(toTimeZone(text)).toBe(timeZone);
  });

  it.each([
    '',
    'Mars/Olympus',
    'New York',
    'Eastern',
    'Local',
    '-05:00',
    '+0530',
    '\u221205:00',
    'UTC-5',
    'GMT+5',
    // Abbreviations that Node accepts although they are no IANA names.
    'PST',
    'CST',
    'BST',
    'IST',
    'Etc/Unknown',
  ])('%j is no time zone', (text) => {
    expect(toTimeZone(text)).toBeNull();
  });
});
