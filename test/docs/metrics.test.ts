import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mergedText } from '../../src/telemetry/metrics/merge-snapshots.ts';
import { createWorkerMetrics } from '../../src/telemetry/metrics/worker-metrics.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { root } from '../support/root.ts';
import { samplesIn } from '../support/samples.ts';

interface Row {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** The table of docs/metrics.md. */
const documented = (): Row[] =>
  [
    ...readFileSync(join(root, 'docs/metrics.md'), 'utf8').matchAll(
      /^\| `(recollect_\w+)` \| (\w+) \| ([^|]*)\|/gm,
    ),
  ].map(([, name = '', type = '', labels = '']) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).sort(),
  }));

const call = { system: 'SCOLLECT', operation: 'getaccount' };

/** Adds all metrics, and causes a sample of each that has labels. A new metric with labels needs a line here. */
const cause = (metrics: Metrics): void => {
  const state = { breaker: 'closed', inFlight: 0, waiting: 0, slots: 1 } as const;
  metrics.watch(
    { SCOLLECT: { state: () => state } },
    { active: () => 0, waiting: () => 0 },
    { size: 0, subscriptions: 0 },
  );
  metrics.redis.watch(() => true);
  metrics.watchConnections(() => 0);
  metrics.watchDocuments(() => 0);
  metrics.observer.onExchange(call, 'ok', 200, 1);
  metrics.observer.onDrift(call, [{ kind: 'unknown_key' }]);
  metrics.ledger.watch(async () => ({ count: 0, oldest: null }));
  metrics.observer.onRetry(call);
  metrics.observer.onMismatch(call);
  metrics.observer.onIncomplete(call, 1);
  metrics.requests.onMutation('addNote', null);
  metrics.cache.onResult(call, 'hit');
};

const scraped = async (): Promise<Row[]> => {
  const metrics = createMetrics();
  cause(metrics);
  const ofWorkers = createWorkerMetrics(
    () => 2,
    () => 2,
  );
  const text = await mergedText([await metrics.snapshot(), await ofWorkers.snapshot()]);
  const samples = samplesIn(text);
  return [...text.matchAll(/^# TYPE (recollect_\w+) (\w+)$/gm)].map(([, name = '', type = '']) => {
    const names = type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
    const own = samples.filter((sample) => names.includes(sample.name));
    expect(own, `${name} has no sample: cause one in test/docs/metrics.test.ts`).not.toEqual([]);
    const labels = new Set(own.flatMap((sample) => Object.keys(sample.labels)));
    labels.delete('le');
    return { name, type, labels: [...labels].sort() };
  });
};

const byName = (rows: readonly Row[]): Row[] => [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));

describe('the table of docs/metrics.md', () => {
  it('has the name, the type and the labels of each metric in a scrape, and no others', async () => {
    expect(byName(documented())).toEqual(byName(await scraped()));
  });
});
