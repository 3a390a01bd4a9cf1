import { Histogram, type MetricObjectWithValues, type MetricValueWithName } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/** The observations under one set of labels. The observer keeps it, so that no labels are looked up. */
export class HistogramSlot {
  readonly labels: Labels;
  /** The number of observations in each bucket, and, last, of those above all. */
  readonly counts: number[];
  sum = 0;
  readonly #bounds: readonly number[];

  constructor(labels: Labels, bounds: readonly number[]) {
    this.labels = labels;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
    this.#bounds = bounds;
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sum += value;
  }

  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }
}

export interface SlotHistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly bounds: readonly number[];
}

/**
 * A histogram whose observations are counted in plain arrays: `observe` of prom-client takes more time to find a set of
 * labels than a request may cost. They take the form of Prometheus at each scrape.
 */
export class SlotHistogram extends Histogram {
  readonly #options: SlotHistogramOptions;
  readonly #slots: HistogramSlot[] = [];

  constructor(options: SlotHistogramOptions) {
    const { name, help, labelNames, bounds } = options;
    super({ name, help, labelNames: [...labelNames], buckets: [...bounds], registers: [] });
    this.#options = options;
  }

  /** Adds a set of labels, which is in each scrape from now on. */
  slot(labels: Labels): HistogramSlot {
    const slot = new HistogramSlot(labels, this.#options.bounds);
    this.#slots.push(slot);
    return slot;
  }

  slots(): readonly HistogramSlot[] {
    return this.#slots;
  }

  override get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    const { name, help, bounds } = this.#options;
    const values = this.#slots.flatMap(({ labels, counts, sum }) => {
      let count = 0;
      const buckets = counts.map((inBucket, bucket) => {
        count += inBucket;
        const le = bounds[bucket] ?? '+Inf';
        return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
      });
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: count },
      ];
    });
    return Promise.resolve({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      collect: () => {},
      values,
    } as unknown as MetricObjectWithValues<MetricValueWithName<string>>);
  }

  /** Called instead of `get` for the text of a scrape. */
  getForPromString(): ReturnType<SlotHistogram['get']> {
    return this.get();
  }
}
