import { describe, expect, it } from 'vitest';
import { canonicalFileNumber, toFileNumber } from './file-number.ts';

describe('canonicalFileNumber', () => {
  it.each([
    ['R1001', 'R1001'],
    ['r2121118', 'R2121118'],
    [' r1001 ', 'R1001'],
    [1001, '1001'],
    ['001', '001'],
  ])('writes %j as %j', (written, canonical) => {
    expect(canonicalFileNumber(written)).toBe(canonical);
  });
});

describe('toFileNumber', () => {
  it.each([
    ['R1001', 'R1001'],
    [' r1001\n', 'R1001'],
    ['a.b_c-1', 'A.B_C-1'],
    ['a'.repeat(50), 'A'.repeat(50)],
  ])('accepts %j as %j', (text, canonical) => {
    expect(toFileNumber(text)).toBe(canonical);
  });

  it.each(['', ' ', 'a'.repeat(51), 'R 1001', '.R1', 'R1/2', 'R1?x=1', 'Straße', 'ﬁ1', 'R1001\u0000'])(
    'rejects %j',
    (text) => {
      expect(toFileNumber(text)).toBeNull();
    },
  );
});
