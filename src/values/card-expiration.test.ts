import { describe, expect, it } from 'vitest';
import { toCardExpiration } from './card-expiration.ts';

describe('toCardExpiration', () => {
  it.each([
    ['11/26', '11/2026'],
    ['1126', '11/2026'],
    ['0826', '08/2026'],
    ['8/26', '08/2026'],
    ['11-26', '11/2026'],
    ['11/2026', '11/2026'],
    ['11 / 2026', '11/2026'],
    ['112026', '11/2026'],
    ['2026-11', '11/2026'],
    ['2026/11', '11/2026'],
    ['202611', '11/2026'],
    ['2026-11-30', '11/2026'],
    ['11/30/2026', '11/2026'],
    [1126, '11/2026'],
  ])('reads %j as %s', (wire, month) => {
    expect(toCardExpiration(wire)).toBe(month);
  });

  it.each([null, '', '13/26', '00/2026', '1326', '2026-13', '9999-12-31', 'soon', '11', '4111111111111111'])(
    'reads %j as none',
    (wire) => {
      expect(toCardExpiration(wire)).toBeNull();
    },
  );
});
