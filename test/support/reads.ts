import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import { recoveryConnectOperations } from '../../src/upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../../src/upstreams/scollect/operations.ts';

/** All reads but the log-ins. */
export const reads = Object.values<Endpoint>({ ...scollectOperations, ...recoveryConnectOperations }).filter(
  ({ effect, operation }) => effect === 'read' && !['login', 'authenticate'].includes(operation),
);

/** The read that no field makes: `orders` uses filterOrders. */
const withoutField = 'listOrders';

/** The operations that fields read. */
export const readOperations: readonly string[] = reads
  .map(({ operation }) => operation)
  .filter((operation) => operation !== withoutField);
