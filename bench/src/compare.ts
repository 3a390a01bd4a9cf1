/** What Recollect's work costs, in the cost of the same work of the baseline, by workload: CPU time a query. */
export type Ratios = Readonly<Record<string, number>>;

/** The ratios of a release. */
export interface Baseline {
  readonly version: string;
  readonly ratios: Ratios;
}

/** A workload that costs more than it did. */
export interface Loss {
  readonly workload: string;
  readonly before: number;
  readonly now: number;
}

/** What may be lost without a word: as much as two measurements of one and the same thing may differ by. */
export const tolerance = 0.1;

/** The workloads that cost more than in the baseline, by more than the tolerance; those that it knows. */
export const lossesOf = ({ ratios }: Baseline, measured: Ratios): Loss[] =>
  Object.entries(ratios).flatMap(([workload, before]) => {
    const now = measured[workload];
    return now !== undefined && now > before * (1 + tolerance) ? [{ workload, before, now }] : [];
  });

/** The lower of two measurements: what disturbs one of them only ever makes it dearer. */
export const lowerOf = (first: Ratios, second: Ratios): Ratios =>
  Object.fromEntries(
    Object.entries(first).map(([workload, ratio]) => [
      workload,
      Math.min(ratio, second[workload] ?? Number.POSITIVE_INFINITY),
    ]),
  );

/** A loss in words. */
export const describeLoss = ({ workload, before, now }: Loss): string =>
  `${workload}: ${now.toFixed(2)} times the CPU time of the baseline, ${before.toFixed(2)} before (+${Math.round((now / before - 1) * 100)} %)`;
