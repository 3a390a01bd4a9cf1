import { describe, expect, it } from 'vitest';
import { toNumberAlone, toPhoneNumber } from '../../src/values/phone-number.ts';

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

describe('toNumberAlone', () => {
  it.each([
    '407-253-7828 x12',
    '407-253-7828x12',
    '(407) 253-7828 ext. 12',
    '407-253-7828 EXT 12',
    '407-253-7828 extension 12',
    '407-253-7828 #12',
    '4072537828,12',
    '+14072537828;ext=12',
  ])('reads %s as none: its extension would be lost', (text) => {
    expect(toNumberAlone(text)).toBeNull();
  });

  it.each(['407-253-7828', '(407) 253-7828', '407.253.7828', '4072537828', '+14072537828'])(
    'reads %s',
    (text) => {
      expect(toNumberAlone(text)).toBe('+14072537828');
    },
  );
});
