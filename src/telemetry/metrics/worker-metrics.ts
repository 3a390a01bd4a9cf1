import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { MetricsSnapshot } from './merge-snapshots.ts';

/** Why a worker ended: it was replaced or stopped, failed at its start, ended by itself, or by a signal. */
export const workerExitReasons = ['reload', 'stop', 'start', 'crash', 'signal'] as const;

export type WorkerExitReason = (typeof workerExitReasons)[number];

/** The metrics of the process that supervises workers. */
export interface WorkerMetrics {
  onExit(reason: WorkerExitReason): void;
  /** Counts a worker that did not report its metrics in time. */
  onScrapeFailure(): void;
  snapshot(): Promise<MetricsSnapshot>;
}

/** Metrics of this process that are added to those of the workers. Its start is that of the gateway. */
const ofProcess = new Set([
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
]);

/**
 * @param configured the number of workers that should serve.
 * @param ready the number of workers that do.
 */
export const createWorkerMetrics = (configured: () => number, ready: () => number): WorkerMetrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('recollect_workers', 'Workers that serve requests.', ready);
  gauge('recollect_workers_configured', 'Workers that should serve requests.', configured);
  const exits = new Counter({
    name: 'recollect_worker_exits_total',
    help: 'Workers that ended.',
    labelNames: ['reason'],
    registers,
  });
  // An alert on an increase sees the first one only if the counter exists before.
  for (const reason of workerExitReasons) exits.inc({ reason }, 0);
  const failures = new Counter({
    name: 'recollect_worker_scrape_failures_total',
    help: 'Workers that did not report their metrics in time for a scrape.',
    registers,
  });
  return {
    onExit: (reason) => exits.inc({ reason }),
    onScrapeFailure: () => failures.inc(),
    snapshot: async () =>
      ((await registry.getMetricsAsJSON()) as unknown as MetricsSnapshot).filter(
        ({ name }) => ofProcess.has(name) || name.startsWith('recollect_'),
      ),
  };
};
