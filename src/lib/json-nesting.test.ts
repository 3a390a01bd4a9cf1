import { describe, expect, it } from 'vitest';
import { hasMoreBrackets, isNestedDeeper } from './json-nesting.ts';

describe('isNestedDeeper', () => {
  it.each<readonly [string, unknown, number]>([
    ['a value', 1, 0],
    ['null', null, 0],
    ['an empty object', {}, 1],
    ['a list of values', [1, 2], 1],
    ['a list whose last item is the deepest', [1, [], [{ a: [1] }]], 4],
    ['an object whose last value is the deepest', { a: 1, b: null, c: { d: [] } }, 3],
  ])('%s', (_, value, levels) => {
    expect(isNestedDeeper(value, levels)).toBe(false);
    if (levels > 0) expect(isNestedDeeper(value, levels - 1)).toBe(true);
  });
});

describe('hasMoreBrackets', () => {
  it.each<readonly [string, number]>([
    ['', 0],
    ['1', 0],
    ['{"a":[[1],{}]}', 4],
    // Those in strings are counted too: the number is at least that of the levels.
    ['["[{", "é€ ["]', 4],
  ])('%s', (text, count) => {
    expect(hasMoreBrackets(text, count)).toBe(false);
    if (count > 0) expect(hasMoreBrackets(text, count - 1)).toBe(true);
  });
});
