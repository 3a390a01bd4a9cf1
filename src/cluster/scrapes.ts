import { addEnded, type MetricsSnapshot, mergedText } from '../telemetry/metrics/merge-snapshots.ts';
import type { WorkerMetrics } from '../telemetry/metrics/worker-metrics.ts';

/** A process whose metrics are merged with those of others. */
export interface Scraped {
  /** One that starts cannot report yet, and has counted nothing. */
  readonly state: 'starting' | 'serving' | 'ending';
  readonly snapshot: MetricsSnapshot;
  collect(maxMs: number): Promise<boolean>;
}

/** A worker that takes longer is merged with the values that it reported last. */
const maxMs = 1000;

/** The metrics of all workers as one. */
export interface Scrapes {
  /** Returns the text of a scrape. Scrapes during one that is in progress share it. */
  read(): Promise<string>;
  /**
   * Keeps the counters and histograms of a worker that has ended, so that no sum falls.
   *
   * @param forget removes it from the workers, at the moment from which its values are kept.
   */
  keep(ended: Scraped, forget: () => void): Promise<void>;
}

/** @param workers those that run, and those that ended and are not kept yet. */
export const createScrapes = (
  workers: () => readonly Scraped[],
  { onScrapeFailure, snapshot }: Pick<WorkerMetrics, 'onScrapeFailure' | 'snapshot'>,
): Scrapes => {
  let ended: MetricsSnapshot = [];
  let current: Promise<string> | undefined;
  let keeping: Promise<void> = Promise.resolve();
  const scrape = async (): Promise<string> => {
    const reporting = workers().filter(({ state }) => state !== 'starting');
    const answered = await Promise.all(reporting.map((worker) => worker.collect(maxMs)));
    for (const isInTime of answered) if (!isInTime) onScrapeFailure();
    const own = await snapshot();
    await keeping;
    return mergedText([...workers().map((worker) => worker.snapshot), ended, own]);
  };
  return {
    read: () => {
      current ??= scrape().finally(() => {
        current = undefined;
      });
      return current;
    },
    keep: (worker, forget) => {
      keeping = keeping.then(async () => {
        ended = await addEnded(ended, worker.snapshot);
        forget();
      });
      return keeping;
    },
  };
};
