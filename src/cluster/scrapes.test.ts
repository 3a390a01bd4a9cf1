import { Counter, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { MetricsSnapshot } from '../telemetry/metrics/merge-snapshots.ts';
import { createScrapes, type Scraped } from './scrapes.ts';

const snapshotOf = async (requests: number): Promise<MetricsSnapshot> => {
  const registry = new Registry();
  new Counter({ name: 'requests_total', help: 'Requests.', registers: [registry] }).inc(requests);
  return (await registry.getMetricsAsJSON()) as unknown as MetricsSnapshot;
};

class Recorder implements Scraped {
  readonly state: Scraped['state'];
  snapshot: MetricsSnapshot = [];
  collected = 0;
  isInTime = true;

  constructor(state: Scraped['state'] = 'serving') {
    this.state = state;
  }

  async collect(): Promise<boolean> {
    this.collected += 1;
    return this.isInTime;
  }
}

const scrapesOf = (...workers: readonly Recorder[]) => {
  const counts = { failures: 0 };
  const present = new Set(workers);
  const scrapes = createScrapes(() => [...present], {
    onScrapeFailure: () => {
      counts.failures += 1;
    },
    snapshot: () => Promise.resolve([]),
  });
  return { scrapes, counts, forget: (worker: Recorder) => void present.delete(worker) };
};

describe('a scrape', () => {
  it('is shared by those that begin during it', async () => {
    const worker = new Recorder();
    const { scrapes } = scrapesOf(worker);
    await Promise.all([scrapes.read(), scrapes.read(), scrapes.read()]);
    expect(worker.collected).toBe(1);
    await scrapes.read();
    expect(worker.collected).toBe(2);
  });

  it('does not wait for a worker that is being started, and does not count it as failed', async () => {
    const [worker, starting] = [new Recorder(), new Recorder('starting')];
    starting.isInTime = false;
    worker.snapshot = await snapshotOf(3);
    const { scrapes, counts } = scrapesOf(worker, starting);
    expect(await scrapes.read()).toContain('requests_total 3');
    expect([starting.collected, counts.failures]).toEqual([0, 0]);
  });

  it('has the last values of workers that do not answer, which are counted, and of those that ended', async () => {
    const [worker, late, ended] = [new Recorder(), new Recorder(), new Recorder('ending')];
    late.isInTime = false;
    for (const [index, each] of [worker, late, ended].entries())
      each.snapshot = await snapshotOf(10 ** index);
    const { scrapes, counts, forget } = scrapesOf(worker, late, ended);
    expect(await scrapes.read()).toContain('requests_total 111');
    expect(counts.failures).toBe(1);
    await scrapes.keep(ended, () => forget(ended));
    expect(await scrapes.read()).toContain('requests_total 111');
  });
});
