import { describe, expect, it } from 'vitest';
import { toInteger, toName } from './identifier.ts';
import { toNumericId } from './numeric-id.ts';

describe('toNumericId and toName of a column with an id or a name', () => {
  it.each([
    [1, '1', null],
    ['5', '5', null],
    ['Involuntary Repossession', null, 'Involuntary Repossession'],
    ['1081-1', null, '1081-1'],
    [null, null, null],
    ['', null, null],
  ])('reads %j as the id %j and the name %j', (wire, id, name) => {
    expect(toNumericId(wire)).toBe(id);
    expect(toName(wire)).toBe(name);
  });
});

describe('toInteger', () => {
  it.each([
    [1, 1],
    ['3', 3],
    [0, 0],
    [-2, -2],
    ['1.5', null],
    [1.5, null],
    [2 ** 31, null],
    ['', null],
    [null, null],
  ])('reads %j as %j', (wire, integer) => {
    expect(toInteger(wire)).toBe(integer);
  });
});
