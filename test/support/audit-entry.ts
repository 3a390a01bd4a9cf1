import type { AuditEntry } from '../../src/audit/audit-line.ts';

export const auditEntry: AuditEntry = {
  time: new Date(0),
  requestId: '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  client: null,
  caller: { id: 'jane', tenant: null },
  address: '203.0.113.7',
  type: 'query',
  operation: 'ForDesk',
  document: '{ __typename }',
  errors: [],
  milliseconds: 1.5,
};
