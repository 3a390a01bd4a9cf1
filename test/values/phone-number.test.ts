import { describe, expect, it } from 'vitest';
import { toPhoneNumber } from '../../src/values/phone-number.ts';

describe('toPhoneNumber', () => {
  it.each([
    ['678-932-1578', '+16789321578'],
    ['6789321578', '+16789321578'],
    [' 5556667777', '+15556667777'],
    ['(678) 932-1578', '+16789321578'],
    ['678.932.1578', '+16789321578'],
    ['1-678-932-1578', '+16789321578'],
    ['+1 678 932 1578', '+16789321578'],
    ['678-932-1578 x22', '+16789321578'],
    // The leading 1 is part of these ten digits.
    ['123-456-7890', '+11234567890'],
    ['111-222-3333', '+11112223333'],
    ['222-222-2222', '+12222222222'],
    ['+44 20 7946 0958', '+442079460958'],
    [6789321578, '+16789321578'],
  ])('reads %j as %s', (wire, number) => {
    expect(toPhoneNumber(wire)).toBe(number);
  });

  it.each([null, '', ' ', '123456', '932-1578', 'UNKNOWN', 'No Data', '12345678901234567890', {}])(
    'reads %j as no number',
    (wire) => {
      expect(toPhoneNumber(wire)).toBeNull();
    },
  );
});
