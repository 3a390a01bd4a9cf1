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
