import { describe, expect, it } from 'vitest';
import { toLocalTime } from './date.ts';
import { toTwelveHours } from './twelve-hours.ts';

describe('toTwelveHours', () => {
  it.each([
    ['00:00', '12:00AM'],
    ['00:05', '12:05AM'],
    ['01:09', '1:09AM'],
    ['11:59', '11:59AM'],
    ['12:00', '12:00PM'],
    ['12:30', '12:30PM'],
    ['13:43', '1:43PM'],
    ['23:59', '11:59PM'],
  ])('writes %s as %s, which is read as the same time', (time, written) => {
    expect(toTwelveHours(time)).toBe(written);
    expect(toLocalTime(written)).toBe(time);
  });
});
