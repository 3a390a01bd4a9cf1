import { expect, it } from 'vitest';
import { Joinable } from './joinable.ts';

it('gives what stands under a key until it is closed', () => {
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

it('keeps what stands under the key of something else meanwhile', () => {
  const joinable = new Joinable<object>();
  const [before, now] = [{}, {}];
  joinable.open('a', before);
  joinable.open('a', now);
  joinable.close('a', before);
  expect(joinable.of('a')).toBe(now);
});

it('closes all at once', () => {
  const joinable = new Joinable<string>();
  joinable.open('a', 'one');
  joinable.open('b', 'other');
  expect(joinable.closeAll()).toEqual(['one', 'other']);
  expect(joinable.all()).toEqual([]);
  expect(joinable.of('a')).toBeUndefined();
});
