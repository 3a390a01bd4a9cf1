import { randomUUID } from 'node:crypto';
import type { Digest } from './digest.ts';
import type { WriteOnce } from './ledger.ts';
import type { Entry } from './store.ts';

/** The first state of an entry: the intent, before anything is sent. */
export const newEntry = (
  digest: Digest,
  tenant: string,
  { caller, idempotencyKey, operation, input, subject }: WriteOnce,
  times: Pick<Entry, 'begunAt' | 'startedAt' | 'leaseUntil'>,
): Entry => ({
  ...times,
  id: randomUUID(),
  tenant,
  caller,
  keyDigest: digest('key', [...(tenant === '' ? [] : [tenant]), caller, idempotencyKey]),
  operation,
  fingerprint: digest('input', [operation, input]),
  state: 'PENDING',
  attempt: randomUUID(),
  subject: JSON.stringify(subject),
  evidence: null,
  outcome: null,
  changedAt: times.begunAt,
  expiresAt: null,
  version: 1,
});
