import type { Entry } from '../../src/ledger/store.ts';

/** An entry of a ledger, pending unless changed. */
export const entryOf = (id: string, changes: Partial<Entry> = {}): Entry => ({
  id,
  tenant: '',
  caller: 'ann',
  keyDigest: id,
  operation: 'runPayment',
  fingerprint: 'fingerprint',
  state: 'PENDING',
  attempt: `attempt of ${id}`,
  subject: '{"name":"Zoë \\u0000 \'; DROP TABLE entries; --"}',
  evidence: null,
  outcome: null,
  startedAt: 1_800_000_000_001,
  begunAt: 1_800_000_000_002,
  changedAt: 1_800_000_000_003,
  leaseUntil: 1_800_000_000_004,
  expiresAt: null,
  version: 1,
  ...changes,
});
