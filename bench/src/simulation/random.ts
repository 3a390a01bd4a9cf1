/** Random numbers that are the same for each run with the same seed. */
export interface Random {
  /** From 0 to 1, without 1. */
  next(): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  between(least: number, most: number): number;
  /** A whole number below the given one. */
  below(count: number): number;
  exponential(mean: number): number;
  /** @param sigma the standard deviation of the logarithm. */
  logNormal(median: number, sigma: number): number;
  /** Random numbers of their own: further uses of one do not change the other. */
  fork(): Random;
}

/** Mulberry32: 32 bits of state, enough for distributions. */
const mulberry = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const createRandom = (seed: number): Random => {
  const next = mulberry(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    chance: (probability) => next() < probability,
    between: (least, most) => least + next() * (most - least),
    below: (count) => Math.floor(next() * count),
    exponential: (mean) => -mean * Math.log(1 - next()),
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    fork: () => createRandom(Math.floor(next() * 2 ** 32)),
  };
};
