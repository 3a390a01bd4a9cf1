import { describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../metrics.ts';
import { addEnded, gaugeRules, type MetricsSnapshot, mergedText } from './merge-snapshots.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

const watched = (): Metrics => {
  const metrics = createMetrics();
  const state = { breaker: 'open', inFlight: 2, waiting: 3, slots: 4 } as const;
  metrics.watch(
    { SCOLLECT: { state: () => state } },
    { active: () => 1, waiting: () => 1 },
    { size: 1, subscriptions: 1 },
  );
  metrics.watchConnections(() => 5);
  metrics.watchDocuments(() => 7);
  metrics.ledger.watch(async () => ({ count: 4, oldest: null }));
  return metrics;
};

/** What a snapshot is after its way between processes. */
const sent = (snapshot: MetricsSnapshot): MetricsSnapshot => JSON.parse(JSON.stringify(snapshot));

const linesOf = (text: string, pattern: RegExp): string[] =>
  text.split('\n').filter((line) => pattern.test(line));

describe('the rules for gauges', () => {
  it('name each gauge of a worker', async () => {
    const snapshot = await watched().snapshot();
    const gauges = snapshot.filter(({ type }) => String(type) === 'gauge').map(({ name }) => name);
    expect(gauges.length).toBeGreaterThan(20);
    expect(gauges.filter((name) => !(name in gaugeRules))).toEqual([]);
  });
});

describe('mergedText', () => {
  it('adds parts of a whole, and repeats what all report alike', async () => {
    const snapshots = [sent(await watched().snapshot()), sent(await watched().snapshot())];
    const text = await mergedText(snapshots);
    expect(
      linesOf(
        text,
        /^recollect_(connections|upstream_waiting|persisted_documents|pending_outcomes|upstream_breaker)[ {]/,
      ),
    ).toEqual([
      'recollect_upstream_waiting{upstream="SCOLLECT"} 6',
      'recollect_upstream_breaker{upstream="SCOLLECT",state="closed"} 0',
      'recollect_upstream_breaker{upstream="SCOLLECT",state="open"} 1',
      'recollect_upstream_breaker{upstream="SCOLLECT",state="half-open"} 0',
      'recollect_connections 10',
      'recollect_persisted_documents 7',
      'recollect_pending_outcomes 4',
    ]);
  });

  it('has the counters and histograms of ended processes, and not their gauges', async () => {
    const metrics = watched();
    metrics.onStall();
    metrics.observer.onExchange({ system: 'SCOLLECT', operation: 'getaccount' }, 'ok', 200, 30);
    const last = sent(await metrics.snapshot());
    const ended = await addEnded(await addEnded([], last), last);
    const text = await mergedText([ended, last]);
    expect(linesOf(text, /^recollect_(stalled_clients_total|connections) /)).toEqual([
      'recollect_stalled_clients_total 3',
      'recollect_connections 5',
    ]);
    expect(linesOf(text, /^recollect_upstream_request_seconds_(count|bucket\{le="0.025")/)).toEqual([
      expect.stringMatching(/^recollect_upstream_request_seconds_count\{.*\} 3$/),
    ]);
  });
});

describe('the metrics of the supervisor', () => {
  it('have the start of the gateway, and every reason at 0 from the start', async () => {
    const text = await mergedText([
      await createWorkerMetrics(
        () => 4,
        () => 3,
      ).snapshot(),
    ]);
    expect(linesOf(text, /^(recollect_worker|process_start)/)).toEqual([
      expect.stringMatching(/^process_start_time_seconds \d+/),
      'recollect_workers 3',
      'recollect_workers_configured 4',
      'recollect_worker_exits_total{reason="reload"} 0',
      'recollect_worker_exits_total{reason="stop"} 0',
      'recollect_worker_exits_total{reason="start"} 0',
      'recollect_worker_exits_total{reason="crash"} 0',
      'recollect_worker_exits_total{reason="signal"} 0',
      'recollect_worker_scrape_failures_total 0',
    ]);
  });
});
