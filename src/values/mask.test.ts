import { describe, expect, it } from 'vitest';
import { maskDate, maskNumber } from './mask.ts';

describe('maskNumber', () => {
  it.each([
    ['4111111111111111', '************1111'],
    ['12345679', '****5679'],
    ['56545', '***45'],
    ['2321', '**21'],
    ['12', '*2'],
    ['1', '*'],
    ['', ''],
  ])('masks %s as %s', (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });
});

describe('maskDate', () => {
  it('shows the year only', () => {
    expect(maskDate('1984-02-29')).toBe('1984-**-**');
  });
});
