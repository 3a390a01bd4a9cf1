import { expect, it } from 'vitest';
import { isTooDeep } from './variables.ts';

it.each([
  [0, false],
  [32, false],
  [33, true],
  [100_000, true],
])('variables with %i levels of lists are too deep: %s', (levels, expected) => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { value };
  expect(isTooDeep(value)).toBe(expected);
});
