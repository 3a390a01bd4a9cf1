import { createHistogram } from 'node:perf_hooks';

export interface StreamFigures {
  readonly answers: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How long answers took. */
export interface Latencies {
  add(milliseconds: number): void;
  figures(): StreamFigures;
}

const microseconds = 1000;

export const createLatencies = (): Latencies => {
  const histogram = createHistogram({ figures: 3 });
  return {
    add: (milliseconds) => histogram.record(Math.max(1, Math.round(milliseconds * microseconds))),
    figures: () => ({
      answers: histogram.count,
      p50Ms: histogram.percentile(50) / microseconds,
      p99Ms: histogram.percentile(99) / microseconds,
    }),
  };
};
