import type { AuditNotes } from '../../src/audit.ts';
import { type Caller, type Scope, scopes } from '../../src/caller.ts';

export const callerWith = (allowed: readonly Scope[] = scopes): Caller => ({
  id: 'nobody',
  tenant: null,
  scopes: new Set(allowed),
});

export const noAudit: AuditNotes = { record: () => {}, shown: () => {}, wrote: () => {} };
