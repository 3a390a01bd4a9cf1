/** A sample of durations in milliseconds, counted in classes that are one percent wide. */
export interface Distribution {
  add(milliseconds: number): void;
  addAll(other: Distribution): void;
  count(): number;
  mean(): number;
  /** @param share from 0 to 1. @returns 0 without any value. */
  quantile(share: number): number;
  classes(): ReadonlyMap<number, number>;
}

const width = Math.log(1.01);
const least = 0.01;

const classOf = (milliseconds: number): number =>
  milliseconds < least ? 0 : 1 + Math.floor(Math.log(milliseconds / least) / width);

/** The middle of a class. */
const middleOf = (index: number): number => (index === 0 ? 0 : least * Math.exp((index - 0.5) * width));

export const createDistribution = (): Distribution => {
  const counts = new Map<number, number>();
  let count = 0;
  let sum = 0;
  return {
    add: (milliseconds) => {
      const index = classOf(milliseconds);
      counts.set(index, (counts.get(index) ?? 0) + 1);
      count += 1;
      sum += milliseconds;
    },
    addAll: (other) => {
      for (const [index, more] of other.classes()) counts.set(index, (counts.get(index) ?? 0) + more);
      count += other.count();
      sum += other.mean() * other.count();
    },
    count: () => count,
    mean: () => (count === 0 ? 0 : sum / count),
    quantile: (share) => {
      let left = share * count;
      for (const [index, among] of [...counts].sort(([one], [other]) => one - other)) {
        left -= among;
        if (left <= 0) return middleOf(index);
      }
      return 0;
    },
    classes: () => counts,
  };
};
