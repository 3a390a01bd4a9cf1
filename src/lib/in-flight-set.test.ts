import { expect, it } from 'vitest';
import { InFlightSet } from './in-flight-set.ts';

it('knows what is under way, whatever goes first', () => {
  const underWay = new InFlightSet<string>();
  const names = ['a', 'b', 'c', 'd'];
  const [endA, endB, endC, endD] = names.map((name) => underWay.add(name));
  expect(underWay.all()).toEqual(names);
  endB?.();
  expect(underWay.all().sort()).toEqual(['a', 'c', 'd']);
  endD?.();
  expect(underWay.all().sort()).toEqual(['a', 'c']);
  endA?.();
  const endE = underWay.add('e');
  expect(underWay.all().sort()).toEqual(['c', 'e']);
  endC?.();
  endE();
  expect(underWay.size).toBe(0);
});

it('knows equal things apart', () => {
  const underWay = new InFlightSet<string>();
  const end = underWay.add('a');
  underWay.add('a');
  end();
  end();
  expect(underWay.all()).toEqual(['a']);
});
