import { describe, expect, it } from 'vitest';
import { canonicalId, parseNumericId, toNumericId } from './numeric-id.ts';

describe('canonicalId', () => {
  it.each([
    [20, '20'],
    ['20', '20'],
    [' 020 ', '20'],
    ['000', '0'],
    ['1081-1', '1081-1'],
  ])('writes %j as %j', (written, canonical) => {
    expect(canonicalId(written)).toBe(canonical);
  });
});

describe('parseNumericId', () => {
  it.each([
    ['20', '20'],
    [' 0020\n', '20'],
    ['0', '0'],
    ['999999999999999', '999999999999999'],
    ['0000999999999999999', '999999999999999'],
  ])('accepts %j as %j', (text, id) => {
    expect(parseNumericId(text)).toBe(id);
  });

  it.each(['', ' ', 'x', '1.5', '-1', '1e3', '1 2', '20/../21', '٣', '1234567890123456'])(
    'rejects %j',
    (text) => {
      expect(parseNumericId(text)).toBeNull();
    },
  );
});

describe('toNumericId', () => {
  it.each([
    [1, '1'],
    ['05', '5'],
    [' 7 ', '7'],
    ['Involuntary Repossession', null],
    ['1081-1', null],
    [null, null],
    ['', null],
  ])('reads %j as %j', (wire, id) => {
    expect(toNumericId(wire)).toBe(id);
  });
});
