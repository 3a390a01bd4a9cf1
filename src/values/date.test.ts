import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAgencyCalendar } from './agency-calendar.ts';
import { toDate, toLocalDateTime, toLocalTime, toLoggedAt, toPastDate, toRecordedDate } from './date.ts';

const nothing = [
  null,
  '',
  ' ',
  'null',
  'No Data',
  '0000-00-00 00:00:00',
  '0000-00-00',
  '1900-01-01',
  '1/1/1900',
  'Mon, 01 Jan 1900 00:00:00 GMT',
  'Sun, 31 Dec 1899 00:00:00 GMT',
  ...['1899-12-30', '12/30/1899', 'Sat, 30 Dec 1899 00:00:00 GMT', 'Dec 30, 1899 12:00 am'],
  ...[
    '1753-01-01',
    '1/1/1753 12:00:00 AM',
    '2079-06-06',
    '06/06/2079',
    '2999-12-31',

    '9999-01-01',
  ],
  ...['1899-12-31', '12/31/1899', '1900-01-01T00:00:00.000000Z', '01/01/1900 12:00 AM'],
  ...['0001-01-01', '01/01/0001', '1/1/0001 12:00:00 AM', '0001-01-01T00:00:00'],
  ...['9999-12-31', '12/31/9999', '9999-12-31T23:59:59.9999999', 'Fri, 31 Dec 9999 23:59:59 GMT'],
  '2023-02-29',
  '2/30/2023',
  '13/1/2023',
  'Thu, 31 Nov 2022 00:00:00 GMT',
  'Thu, 01 Foo 2022 00:00:00 GMT',
  '05/2030',
  '2020-01-01 or so',
  'tomorrow',
  20200101,
];

describe('toDate', () => {
  it.each([
    ['2020-01-01', '2020-01-01'],
    ['12/5/2022', '2022-12-05'],
    ['10/26/2023', '2023-10-26'],
    [' 11/23/23', '2023-11-23'],
    [' 01/01/22', '2022-01-01'],
    ['10/18/68', '2068-10-18'],
    ['10/18/69', '1969-10-18'],
    ['Thu, 01 Dec 2022 00:00:00 GMT', '2022-12-01'],
    ['Tue, 27 Feb 2024 00:00:00 GMT', '2024-02-27'],
    ['2024-02-29', '2024-02-29'],
    ['2026-03-05T13:59:56.000000Z', '2026-03-05'],
    ['2026-03-05 23:59:56', '2026-03-05'],
    ['11/27/2023 AT 12:14 PM', '2023-11-27'],
    ['Jul 15, 2020 4:48 pm', '2020-07-15'],
    ['10/18/1965', '1965-10-18'],
  ])('reads %j as %s', (wire, date) => {
    expect(toDate(wire)).toBe(date);
  });

  it.each(nothing)('reads %j as no date', (wire) => {
    expect(toDate(wire)).toBeNull();
  });
});

describe('toPastDate', () => {
  it.each([
    ['10/18/1965', '1965-10-18'],
    ['10/18/65', '1965-10-18'],
    ['10/18/05', '2005-10-18'],
    ['11/21/26', '2026-11-21'],
    ['11/22/26', '1926-11-22'],
    ['6/1/35 10:30', '1935-06-01'],
    ['2035-06-01', '2035-06-01'],
    ['10/18/2065', '2065-10-18'],
    ['1/1/1900', null],
    [' ', null],
  ])('reads %j as %j: it never lies ahead', (wire, date) => {
    expect(toPastDate(wire, { today: () => '2026-11-21' })).toBe(date);
  });
});

describe('two digits of a year', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['America/Los_Angeles', '2026-11-22T03:00:00Z', '1926-11-22'],
    ['America/Los_Angeles', '2026-11-22T08:00:00Z', '2026-11-22'],
    ['UTC', '2026-11-22T03:00:00Z', '2026-11-22'],
    ['UTC', '2026-11-21T20:00:00Z', '1926-11-22'],
    ['Pacific/Auckland', '2026-11-21T20:00:00Z', '2026-11-22'],
    ['Pacific/Kiritimati', '2026-11-21T10:00:00Z', '2026-11-22'],
    ['Pacific/Honolulu', '2026-11-22T09:59:59Z', '1926-11-22'],
  ])("toPastDate: by the agency's day (%s at %s)", (timeZone, now, date) => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) });
    expect(toPastDate('11/22/26', createAgencyCalendar(timeZone))).toBe(date);
  });

  // Some clock on earth may show that day already.
  it.each([
    ['11/21/26', '2026-11-21'],
    ['11/22/26', '2026-11-22'],
    ['11/23/26', '1926-11-23'],
    ['11/23/2026', '2026-11-23'],
    ['1/1/27', '1927-01-01'],
  ])('toRecordedDate, toLocalDateTime, toLoggedAt: up to the day after that of UTC (%s)', (wire, date) => {
    for (const now of ['2026-11-21T00:00:00Z', '2026-11-21T23:59:59Z']) {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) });
      expect(toRecordedDate(wire)).toBe(date);
      expect(toLocalDateTime(`${wire} AT 12:14 AM`)).toBe(`${date}T00:14:00`);
      expect(toLoggedAt(`${wire} AT 12:14 AM`)).toBe(`${date}T00:14:00`);
    }
  });
});

describe('toLocalDateTime', () => {
  it.each([
    ['2026-03-05T13:59:56.000000Z', '2026-03-05T13:59:56'],
    ['2026-03-05 13:59:56', '2026-03-05T13:59:56'],
    ['Mon, 05 Dec 2022 12:20:57 GMT', '2022-12-05T12:20:57'],
    ['Mon, 27 Nov 2023 12:15:27 GMT', '2023-11-27T12:15:27'],
    ['11/27/2023 AT 12:14 PM', '2023-11-27T12:14:00'],
    ['1/12/2024 AT 12:05 AM', '2024-01-12T00:05:00'],
    ['Jul 15, 2020 4:48 pm', '2020-07-15T16:48:00'],
    ['2026-03-05T13:59:56+05:00', '2026-03-05T13:59:56'],
    ['1/23/2024', '2024-01-23T00:00:00'],
    ['11/27/2023 at 12:14 pm', '2023-11-27T12:14:00'],
    ['11/27/2023 At 12:14  Pm', '2023-11-27T12:14:00'],
    ['11/27/23 AT 12:14 PM', '2023-11-27T12:14:00'],
    ['11/27/65 AT 12:14 PM', '1965-11-27T12:14:00'],
  ])('reads %j as %s, by the clock as it is written', (wire, time) => {
    expect(toLocalDateTime(wire)).toBe(time);
  });

  it.each([...nothing, '2020-01-01 24:00:00', '2020-01-01 10:60', '2020-01-01 13:00 PM'])(
    'reads %j as no time',
    (wire) => {
      expect(toLocalDateTime(wire)).toBeNull();
    },
  );
});

describe('toLoggedAt', () => {
  it.each([
    ['11/27/2023 AT 12:14 PM', '2023-11-27T12:14:00'],
    ['11/27/2023at12:14PM', '2023-11-27T12:14:00'],
    ['11/27/2023 @ 12:14 PM', '2023-11-27T12:14:00'],
    ['11/27/2023, 12:14 PM', '2023-11-27T12:14:00'],
    ['11/27/2023; noon', '2023-11-27T00:00:00'],
    ['11/27/2023 at 25:99', '2023-11-27T00:00:00'],
    ['11/27/2023 at noon', '2023-11-27T00:00:00'],
    ['2023-11-27T99:00', '2023-11-27T00:00:00'],
    ['1/1/1900 at noon', null],
    ['noon', null],
    [null, null],
  ])('reads %j as %j', (wire, time) => {
    expect(toLoggedAt(wire)).toBe(time);
  });
});

describe('toLocalTime', () => {
  it.each([
    ['09:45', '09:45'],
    ['1:16 PM', '13:16'],
    ['1:43PM', '13:43'],
    ['12:14 PM', '12:14'],
    ['12:00 AM', '00:00'],
    ['9:15 AM', '09:15'],
    ['00:00', '00:00'],
    ['10:23:59', '10:23'],
  ])('reads %j as %s', (wire, time) => {
    expect(toLocalTime(wire)).toBe(time);
  });

  it.each([null, ' ', '24:00', '9:60', '0:30 PM', '13:00 PM', 'noon', 945])('reads %j as no time', (wire) => {
    expect(toLocalTime(wire)).toBeNull();
  });
});
