import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import {
  createDriftLog,
  createFailureLog,
  createIncompleteLog,
  createMismatchLog,
} from '../telemetry/upstream-log.ts';
import type { UpstreamObserver } from '../upstreams/client/upstream-observer.ts';
import { driftKinds } from '../upstreams/endpoint/drift.ts';
import type { Endpoint } from '../upstreams/endpoint/endpoint.ts';
import { recoveryConnectOperations } from '../upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../upstreams/scollect/operations.ts';
import type { TenantCredentials } from '../upstreams/tenants.ts';

/** Returns the operations of the systems for which any tenant has credentials. */
const operationsFor = (credentials: readonly TenantCredentials[]): Endpoint[] => [
  ...(credentials.some(({ scollect }) => scollect) ? Object.values(scollectOperations) : []),
  ...(credentials.some(({ recoveryConnect }) => recoveryConnect)
    ? Object.values(recoveryConnectOperations)
    : []),
];

/**
 * Counts the exchanges with the upstreams, and logs what is wrong with them.
 *
 * @returns a function that creates the observer of a tenant.
 */
export const observeUpstreams = (
  { observer, addKnownOperations }: Pick<Metrics, 'observer' | 'addKnownOperations'>,
  log: Log,
  credentials: readonly TenantCredentials[],
): ((tenant: string | null) => UpstreamObserver) => {
  addKnownOperations(operationsFor(credentials), driftKinds);
  return (tenant) => {
    const warnOfMismatch = createMismatchLog(log, tenant);
    const warnOfIncomplete = createIncompleteLog(log, tenant);
    const warnOfDrift = createDriftLog(log, tenant);
    return {
      ...observer,
      onFailure: createFailureLog(log, tenant),
      onMismatch: (endpoint) => {
        observer.onMismatch(endpoint);
        warnOfMismatch(endpoint);
      },
      onIncomplete: (endpoint, rows) => {
        observer.onIncomplete(endpoint, rows);
        warnOfIncomplete(endpoint, rows);
      },
      onDrift: (endpoint, drifts) => {
        observer.onDrift(endpoint, drifts);
        warnOfDrift(endpoint, drifts);
      },
    };
  };
};
