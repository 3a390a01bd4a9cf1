import { z } from 'zod';
import type { Entry } from './store.ts';

/** The columns of the table `entries`, by the fields of an entry. */
const columns = {
  id: 'id',
  tenant: 'tenant',
  caller: 'caller',
  keyDigest: 'key_digest',
  operation: 'operation',
  fingerprint: 'fingerprint',
  state: 'state',
  attempt: 'attempt',
  subject: 'subject',
  evidence: 'evidence',
  outcome: 'outcome',
  startedAt: 'started_at',
  begunAt: 'begun_at',
  changedAt: 'changed_at',
  leaseUntil: 'lease_until',
  expiresAt: 'expires_at',
  version: 'version',
} as const satisfies Record<keyof Entry, string>;

export const entryFields = Object.keys(columns) as (keyof Entry)[];
export const entryColumns: readonly string[] = Object.values(columns);

export const columnNames = entryColumns.join(', ');
export const selected = entryFields.map((field) => `${columns[field]} AS "${field}"`).join(', ');
export const valuesOf = (entry: Entry) => entryFields.map((field) => entry[field]);

export const entryRow: z.ZodType<Entry> = z.object({
  id: z.string(),
  tenant: z.string(),
  caller: z.string(),
  keyDigest: z.string(),
  operation: z.string(),
  fingerprint: z.string(),
  state: z.enum(['PENDING', 'UNKNOWN', 'SETTLED', 'RELEASED']),
  attempt: z.string(),
  subject: z.string(),
  evidence: z.string().nullable(),
  outcome: z.string().nullable(),
  startedAt: z.number(),
  begunAt: z.number(),
  changedAt: z.number(),
  leaseUntil: z.number(),
  expiresAt: z.number().nullable(),
  version: z.number(),
});
