/** Figures of the gateway at one moment. */
export interface Sample {
  /** Seconds since the soak began. */
  readonly at: number;
  readonly heapMb: number;
  readonly residentMb: number;
  readonly descriptors: number;
}

const figure = (metrics: string, name: string): number => {
  const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(metrics)?.[1];
  if (value === undefined) throw new Error(`/metrics does not contain ${name}`);
  return Number(value);
};

/** Adds the values of all labels. */
export const sumOf = (metrics: string, name: string): number =>
  [...metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );

const megabyte = 1024 * 1024;

export const sampleOf = (metrics: string, at: number): Sample => ({
  at,
  heapMb: figure(metrics, 'nodejs_heap_size_used_bytes') / megabyte,
  residentMb: figure(metrics, 'process_resident_memory_bytes') / megabyte,
  descriptors: figure(metrics, 'process_open_fds'),
});

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** What lies below what garbage adds: the least of each stretch of ten samples, in the middle of them. */
export const floorOf = (values: readonly number[]): number => {
  const stretches = Array.from({ length: Math.ceil(values.length / 10) }, (_, index) =>
    values.slice(index * 10, index * 10 + 10),
  );
  return median(stretches.map((stretch) => Math.min(...stretch)));
};
