import { createDistribution, type Distribution } from './distribution.ts';
import { outcomes, type RequestOutcome } from './outcomes.ts';

/** What happened to the requests of one tenant. */
export interface TenantRecord {
  readonly tenant: string;
  started: number;
  readonly ended: Record<RequestOutcome, number>;
  /** Milliseconds until the response. */
  readonly responses: Distribution;
  /** Milliseconds until the response of single-account operations: not those of lists. */
  readonly small: Distribution;
  /** Milliseconds from a call to its exchange: token and concurrency slot. */
  readonly waits: Distribution;
  /** Exchanges with an upstream, log-ins excepted. */
  exchanges: number;
  /** Calls that joined another one. */
  joined: number;
}

export const createTenantRecord = (tenant: string): TenantRecord => ({
  tenant,
  started: 0,
  ended: Object.fromEntries(outcomes.map((name) => [name, 0])) as Record<RequestOutcome, number>,
  responses: createDistribution(),
  small: createDistribution(),
  waits: createDistribution(),
  exchanges: 0,
  joined: 0,
});

export const endedOf = ({ ended }: TenantRecord): number =>
  outcomes.reduce((sum, name) => sum + ended[name], 0);

/** Returns the record of all tenants together. */
export const sumOf = (records: readonly TenantRecord[]): TenantRecord => {
  const sum = createTenantRecord('all');
  for (const record of records) {
    sum.started += record.started;
    sum.exchanges += record.exchanges;
    sum.joined += record.joined;
    for (const name of outcomes) sum.ended[name] += record.ended[name];
    sum.responses.addAll(record.responses);
    sum.small.addAll(record.small);
    sum.waits.addAll(record.waits);
  }
  return sum;
};
