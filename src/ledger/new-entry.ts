import { randomUUID } from 'node:crypto';
import type { Digest } from './digest.ts';
import type { WriteOnce } from './ledger.ts';
import type { Entry } from './store.ts';

/** The digest under which a store keeps a caller's key. */
export const keyDigestOf = (
  digest: Digest,
  tenant: string,
  { caller, idempotencyKey }: Pick<WriteOnce, 'caller' | 'idempotencyKey'>,
): string => digest('key', [...(tenant === '' ? [] : [tenant]), caller, idempotencyKey]);

/** The first state of an entry: the intent, before anything is sent. */
export const newEntry = (
  digest: Digest,
  tenant: string,
  write: WriteOnce,
  times: Pick<Entry, 'begunAt' | 'startedAt' | 'leaseUntil'>,
): Entry => {
  const { caller, operation, input, subject } = write;
  return {
    ...times,
    id: randomUUID(),
    tenant,
    caller,
    keyDigest: keyDigestOf(digest, tenant, write),
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
  };
};
