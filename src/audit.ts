/** What can be asked for by itself, and is named in the audit trail by the upstream's own key. */
export type RecordType = 'Account' | 'Order' | 'Assignment';

/** What one operation sees and does, noted while it runs. */
export interface AuditNotes {
  /** A record was read or changed. */
  record(type: RecordType, key: string): void;
  /** A sensitive field was given out whole, named as in `Borrower.ssn`. */
  shown(field: string): void;
  /** A mutation ended with this member of its result; `null` where it ended in an error. */
  wrote(mutation: string, outcome: string | null, outcomeId?: string | null): void;
}
