import { describe, expect, it } from 'vitest';
import { toDialedNumber, toPhoneNumber } from './phone-number.ts';

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

describe('toDialedNumber', () => {
  it.each([
    'x89',
    ' x89',
    ' X 89',
    'x.89',
    ' ×89',
    ' ext 89',
    ' ext. 89',
    ' Ext:89',
    ' EXT#89',
    ' extn. 89',
    ' xtn 89',
    ', extension 89',
    ' (ext. 89)',
    ' #89',
    '#89#',
    'p89',
    ' P 89',
    'w89',
    ',89',
    ',,89',
    ';89',
    '*89',
    ';ext=89',
    ' int. 89',
    ' anexo 89',
    ' press 89',
    ' ｘ８９',
  ])('reads 407-253-7828%s with its extension', (typed) => {
    for (const number of ['407-253-7828', '(407) 253-7828', '4072537828', '1-407-253-7828', '+14072537828'])
      expect(toDialedNumber(`${number}${typed}`)).toEqual({ number: '+14072537828', extension: '89' });
  });

  it.each([
    '407-253-7828',
    '(407) 253-7828',
    '407.253.7828',
    '407/253-7828',
    '407 – 253 – 7828',
    '407\u2212253\u22127828',
    '[407] 253-7828',
    '407\u00a0253\u00a07828',
    '4072537828',
    '1 407 253 7828',
    '+14072537828',
    'tel:+1-407-253-7828',
    'Phone: 407-253-7828',
    '407-253-7828 (cell)',
    '407-253-7828 x',
    '４０７-２５３-７８２８',
    '\u202a407-253-7828\u202c',
  ])('reads %s without one', (typed) => {
    expect(toDialedNumber(typed)).toEqual({ number: '+14072537828', extension: null });
  });

  it.each([
    '407-253-7828 x12 x13',
    '407-253-7828 x12-13',
    '407-253-7828 x 1 2',
    '407-253-7828 89',
    '407-253-7828-89',
    '407-253-7828 or 407-253-7829',
    '407-253-7828, 4072537829',
    '407-253-7828 x12345678',
    '407-253-7828 x١٢',
    '+1-407-253-7828;phone-context=+1;ext=12',
    '253-7828 x12',
    'x12',
    '123456',
    '',
    ' ',
    'UNKNOWN',
  ])('reads %j as none, rather than drop some of it', (typed) => {
    expect(toDialedNumber(typed)).toBeNull();
  });
});
