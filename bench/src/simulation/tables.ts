import { jainIndex } from './fairness.ts';
import { outcomes } from './outcomes.ts';
import { endedOf, sumOf, type TenantRecord } from './record.ts';
import type { Size } from './scenarios.ts';
import type { SimulationResult } from './simulate.ts';

const ms = (value: number): string =>
  value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

const wholeShare = (record: TenantRecord): number =>
  record.started === 0 ? 1 : record.ended.whole / endedOf(record);

/** Returns the refusals of all tenants by their reason, the most frequent first. */
const refusalsOf = (all: TenantRecord): string => {
  const refused = outcomes
    .filter((name) => name !== 'whole' && all.ended[name] > 0)
    .sort((one, other) => all.ended[other] - all.ended[one])
    .map((name) => `${name} ${percent(all.ended[name] / all.started)}`);
  return refused.length === 0 ? 'none' : refused.join(', ');
};

export const tableHead = [
  '| scenario | requests/s | calls/s | slot wait p50, p95, p99 ms | response p50, p95, p99 ms | smallest / largest tenant p50 ms | whole: smallest, largest | Jain | busy: process, Scollect, RecoveryConnect | refused or with errors |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
].join('\n');

/** Returns the row of a run in the table. */
export const rowOf = (name: string, { tenants, virtualMs, utilisation }: SimulationResult): string => {
  const all = sumOf(tenants);
  const [largest, smallest] = [tenants[0], tenants.at(-1)];
  if (!largest || !smallest) throw new RangeError('Expected tenants.');
  const three = (values: TenantRecord['waits']): string =>
    [0.5, 0.95, 0.99].map((share) => ms(values.quantile(share))).join(', ');
  const cells = [
    name,
    Math.round((all.started / virtualMs) * 1000).toLocaleString('en-US'),
    Math.round((all.exchanges / virtualMs) * 1000).toLocaleString('en-US'),
    three(all.waits),
    three(all.responses),
    `${ms(smallest.small.quantile(0.5))} / ${ms(largest.small.quantile(0.5))}`,
    `${percent(wholeShare(smallest))}, ${percent(wholeShare(largest))}`,
    jainIndex(tenants.map(wholeShare)).toFixed(3),
    [utilisation.cpu, utilisation.SCOLLECT, utilisation.RECOVERY_CONNECT].map(percent).join(', '),
    refusalsOf(all),
  ];
  return `| ${cells.join(' | ')} |`;
};

export const titleOf = (size: Size): string =>
  `### ${size.agents.toLocaleString('en-US')} agents of ${size.tenants} tenants: ${size.replicas} replicas × ${size.workers}, \`UPSTREAM_MAX_CONCURRENCY=${size.maxConcurrency}\`, upstreams that execute ${size.scollectServers} and ${size.recoveryConnectServers} calls at once`;
