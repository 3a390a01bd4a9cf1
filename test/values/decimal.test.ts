import { describe, expect, it } from 'vitest';
import { toDecimal, toPercent } from '../../src/values/decimal.ts';

describe('toDecimal', () => {
  it.each([
    ['809.00', '809.00'],
    ['7,000', '7000'],
    [' 4,000', '4000'],
    ['1,234,567.89', '1234567.89'],
    ['$0.00', '0.00'],
    ['$ 12.50', '12.50'],
    ['0', '0'],
    [900, '900'],
    [0.0, '0'],
    [-5.25, '-5.25'],
    ['-12.50', '-12.50'],
    ['-$12.50', '-12.50'],
    ['$-12.50', '-12.50'],
    ['-0.00', '0.00'],
    ['007.10', '7.10'],
    ['.5', '0.5'],
    // More digits than a binary float holds.
    ['9007199254740993.10', '9007199254740993.10'],
  ])('reads %j as %s', (wire, decimal) => {
    expect(toDecimal(wire)).toBe(decimal);
  });

  it.each([
    null,
    '',
    ' ',
    'null',
    'No Data',
    '100%',
    '7,00',
    '1.2.3',
    '--1',
    '-$-1',
    '$',
    '-',
    '1e3',
    'abc',
    {},
    true,
  ])('reads %j as no number', (wire) => {
    expect(toDecimal(wire)).toBeNull();
  });
});

describe('toPercent', () => {
  it.each([
    ['100%', '100'],
    ['12.5 %', '12.5'],
    ['0.00', '0.00'],
    ['7050', '7050'],
    [' ', null],
    ['half', null],
    // What takes the time of a square in its length would not end.
    [`1${' '.repeat(300_000)}x`, null],
  ])('reads %j as %j', (wire, percent) => {
    expect(toPercent(wire)).toBe(percent);
  });
});
