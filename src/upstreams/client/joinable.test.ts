import { expect, it } from 'vitest';
import { Joinable } from './joinable.ts';

it('Joinable: returns an item under its key until it is closed', () => {
  const joinable = new Joinable<{ readonly name: string }>();
  const [one, other] = [{ name: 'one' }, { name: 'other' }];
  joinable.open('a', one);
  joinable.open('b', other);
  expect(joinable.of('a')).toBe(one);
  expect(joinable.all()).toEqual([one, other]);
  joinable.close('a', one);
  expect(joinable.of('a')).toBeUndefined();
  expect(joinable.all()).toEqual([other]);
});

it('Joinable: closing a replaced item keeps its replacement', () => {
  const joinable = new Joinable<object>();
  const [before, now] = [{}, {}];
  joinable.open('a', before);
  joinable.open('a', now);
  joinable.close('a', before);
  expect(joinable.of('a')).toBe(now);
});

it('Joinable: closeAll removes and returns all items', () => {
  const joinable = new Joinable<string>();
  joinable.open('a', 'one');
  joinable.open('b', 'other');
  expect(joinable.closeAll()).toEqual(['one', 'other']);
  expect(joinable.all()).toEqual([]);
  expect(joinable.of('a')).toBeUndefined();
});

it('Joinable: items stay joinable while any number of others are removed', () => {
  const joinable = new Joinable<object>();
  const lasting = {};
  joinable.open('lasting', lasting);
  for (let count = 0; count < 2000; count += 1) {
    const passing = {};
    joinable.open(`passing ${count}`, passing);
    expect(joinable.of('lasting')).toBe(lasting);
    joinable.close(`passing ${count}`, passing);
  }
  expect(joinable.all()).toEqual([lasting]);
});

it('Joinable: distinguishes keys that end alike, in any order of removal', () => {
  const keys = ['a', 'b', 'c'].map((start) => `${start}${'0'.repeat(40)}`);
  const orders = [
    [0, 1, 2],
    [1, 0, 2],
    [1, 2, 0],
    [2, 1, 0],
  ];
  for (const order of orders) {
    const joinable = new Joinable<string>();
    for (const key of keys) joinable.open(key, `item of ${key}`);
    const left = new Set(keys);
    for (const index of order) {
      const key = keys[index] ?? '';
      joinable.close(key, `item of ${key}`);
      left.delete(key);
      for (const one of keys) expect(joinable.of(one)).toBe(left.has(one) ? `item of ${one}` : undefined);
      expect(joinable.all()).toHaveLength(left.size);
    }
  }
});
