import { createRandom, type Random } from '../../src/sandbox/random.ts';

export const oneOf = <Item>(random: Random, items: readonly Item[]): Item => {
  if (items.length === 0) throw new Error('There is nothing to choose from');
  return items[random.integer(0, items.length - 1)] as Item;
};

export const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** A choice, and its weight among the others. */
export type Shares<Item> = readonly (readonly [share: number, item: Item])[];

export const byShare = <Item>(random: Random, shares: Shares<Item>): Item => {
  let place = random.integer(
    1,
    shares.reduce((sum, [share]) => sum + share, 0),
  );
  for (const [share, item] of shares) {
    place -= share;
    if (place <= 0) return item;
  }
  throw new Error('There is nothing to choose from');
};

/** Choices of one request, whatever came before it: it can be sent again alone. */
export const randomFor = (seed: number, number: number): Random =>
  createRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
