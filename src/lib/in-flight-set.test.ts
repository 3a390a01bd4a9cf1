import { expect, it } from 'vitest';
import { InFlightSet } from './in-flight-set.ts';

it('InFlightSet: returns the items in flight after removals in any order', () => {
  const inFlight = new InFlightSet<string>();
  const names = ['a', 'b', 'c', 'd'];
  const [endA, endB, endC, endD] = names.map((name) => inFlight.add(name));
  expect(inFlight.all()).toEqual(names);
  endB?.();
  expect(inFlight.all().sort()).toEqual(['a', 'c', 'd']);
  endD?.();
  expect(inFlight.all().sort()).toEqual(['a', 'c']);
  endA?.();
  const endE = inFlight.add('e');
  expect(inFlight.all().sort()).toEqual(['c', 'e']);
  endC?.();
  endE();
  expect(inFlight.size).toBe(0);
});

it('InFlightSet: distinguishes equal items', () => {
  const inFlight = new InFlightSet<string>();
  const end = inFlight.add('a');
  inFlight.add('a');
  end();
  end();
  expect(inFlight.all()).toEqual(['a']);
});
