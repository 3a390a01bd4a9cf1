import type { OperationNotes } from '../../src/audit/audit.ts';
import { type Caller, type Scope, scopes } from '../../src/operation/caller.ts';

export const callerWith = (allowed: readonly Scope[] = scopes): Caller => ({
  id: 'nobody',
  tenant: null,
  scopes: new Set(allowed),
});

const nothing = () => {};

export const noAudit: OperationNotes = {
  record: nothing,
  searched: nothing,
  shown: nothing,
  wrote: nothing,
  called: nothing,
  noted: () => ({ records: new Set(), searches: [], shown: new Set(), writes: [], upstreamCalls: 0 }),
};
