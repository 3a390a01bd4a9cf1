import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ruleExpressions } from '../support/alert-rules.ts';
import { charge, startAlertsGateway } from '../support/alerts-gateway.ts';
import { freePort } from '../support/free-port.ts';
import { missingFrom, readScrape, type Scraped } from '../support/promql.ts';
import { root } from '../support/root.ts';

const text = readFileSync(join(root, 'deploy/grafana/recollect.json'), 'utf8');

const dashboard = z
  .object({
    uid: z.literal('recollect'),
    schemaVersion: z.number(),
    panels: z.array(
      z.object({
        id: z.number(),
        title: z.string().min(3),
        type: z.enum(['row', 'timeseries', 'stat', 'table']),
        description: z.string().min(10).optional(),
        gridPos: z.object({ h: z.number(), w: z.number(), x: z.number(), y: z.number() }),
        datasource: z.object({ uid: z.literal('$datasource') }).optional(),
        targets: z.array(z.object({ expr: z.string(), legendFormat: z.string().optional() })).optional(),
        fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }).optional(),
      }),
    ),
  })
  .parse(JSON.parse(text));

/** A scrape of two workers with a cache and a Redis, which is down: its metrics do not depend on that. */
const scrapeOfSeveral = async (): Promise<string> => {
  const gateway = await startAlertsGateway({
    WORKERS: '2',
    CACHE: '{"getaccount": 5}',
    REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
  });
  return gateway.scrape();
};

/** Metrics and labels of gateways that have met each kind of event. */
const scrapeAll = async (): Promise<Scraped> => {
  const gateway = await startAlertsGateway();
  const { faults } = gateway.sandbox;
  const read = '{ account(fileNumber: "R1001") { client phones { number } notes { totalCount } } }';
  await gateway.query(read);
  await gateway.query(read, {}, 'no token');
  await gateway.query('{ order(orderId: "57062885") { caseNumber } }');
  for (const fault of [
    'wrong-key',
    'wrong-types',
    'html',
    'rate-limit',
    'refuse-token',
    'unavailable',
  ] as const) {
    faults.set([{ operation: 'getaccount', fault }]);
    await gateway.query(read);
  }
  const phones = [{ filenumber: 'R1001', phonenumber: '202-555-0123' }, { filenumber: 'R1001' }];
  faults.set([
    { operation: 'getphones', fault: 'answer', status: 200, body: { result: phones, state: 'SUCCESS' } },
  ]);
  await gateway.query(read);
  faults.set([{ operation: 'run_payment_external', fault: 'lose-answer' }]);
  await charge(gateway, '77.31');
  // The series of garbage collections exist after the first ones.
  while (!(await gateway.scrape()).includes('nodejs_gc_duration_seconds_sum{')) await gateway.query(read);
  return readScrape(`${await gateway.scrape()}\n${await scrapeOfSeveral()}`);
};

describe('deploy/grafana/recollect.json', () => {
  it('is what scripts/dashboard.js prints', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'scripts/dashboard.js')]);
    const hint = 'Run node scripts/dashboard.js > deploy/grafana/recollect.json';
    expect(text === stdout, hint).toBe(true);
  });

  it('has panels with distinct ids and titles, a description and a unit, which do not overlap', () => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(
      panels.filter(
        ({ description, fieldConfig, datasource }) => !description || !fieldConfig || !datasource,
      ),
    ).toEqual([]);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...dashboard.panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
  });

  it('has a row for each subject of the alerts', () => {
    expect(dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
      'Traffic',
      'Errors',
      'Latency',
      'Upstreams by verdict',
      'Breakers',
      'Queues',
      'Pending outcomes',
      'Ledger',
      'Drift',
      'Workers and Redis',
      'Process',
    ]);
  });
});

/** Code in a page that names a metric, without commands of a shell. */
const codeWithMetrics = (page: string): string[] =>
  [...page.matchAll(/`([^`\n]*(?:recollect|nodejs|process)_[^`\n]*)`/g)].flatMap(([, code = '']) =>
    /\$GATEWAY|^sed /.test(code) ? [] : [code],
  );

describe('a scrape of the gateway', () => {
  it('contains every metric, label and value of the dashboard, the alert rules and docs/operating.md', async () => {
    const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr, legendFormat }) => ({ where: `panel ${title}`, expr, legend: legendFormat })),
    );
    const code = codeWithMetrics(readFileSync(join(root, 'docs/operating.md'), 'utf8'));
    const all = [
      ...queries,
      ...ruleExpressions.map((expr) => ({ where: 'alerts.yml', expr, legend: '' })),
      ...code.map((expr) => ({ where: 'docs/operating.md', expr, legend: '' })),
    ];
    expect([queries.length, ruleExpressions.length, code.length].every((length) => length > 20)).toBe(true);
    const scraped = await scrapeAll();
    const missing = all.flatMap(({ where, expr, legend }) =>
      missingFrom(scraped, expr, legend).map((name) => `${where}: ${name}`),
    );
    expect([...new Set(missing)]).toEqual([]);
  });
});
