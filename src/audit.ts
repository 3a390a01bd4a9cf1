/** What can be asked for by itself, and is named in the audit trail by the upstream's own key. */
export type RecordType = 'Account' | 'Order' | 'Assignment';

/** What accounts were looked for by. */
export type SearchedBy = 'ssn' | 'phone';

/** What one operation sees and does, noted while it runs. */
export interface AuditNotes {
  /** A record was read or changed, or was to be. */
  record(type: RecordType, key: string): void;
  /** Accounts were looked for by what is personal; its last four digits are noted. */
  searched(by: SearchedBy, key: string): void;
  /** A sensitive field was given out whole, named as in `Borrower.ssn`. */
  shown(field: string): void;
  /** A mutation ended with this member of its result; `null` where it ended in an error. */
  wrote(mutation: string, outcome: string | null, outcomeId?: string | null): void;
}

export interface Written {
  readonly mutation: string;
  readonly outcome: string | null;
  readonly outcomeId?: string;
}

/** All that was noted, each once but for the writes. */
export interface Noted {
  /** As in `Account:R1001`. */
  readonly records: ReadonlySet<string>;
  /** With keys as in `***-**-3333`. */
  readonly searches: readonly { readonly by: SearchedBy; readonly key: string }[];
  readonly shown: ReadonlySet<string>;
  readonly writes: readonly Written[];
  readonly upstreamCalls: number;
}

/** The notes of one operation. */
export interface OperationNotes extends AuditNotes {
  /** An upstream was asked, or a call under way for another was joined. */
  called(): void;
  noted(): Noted;
}

const masks: Record<SearchedBy, string> = { ssn: '***-**-', phone: '***-***-' };

export const createOperationNotes = (): OperationNotes => {
  const records = new Set<string>();
  const searches = new Map<string, Noted['searches'][number]>();
  const shown = new Set<string>();
  const writes: Written[] = [];
  let upstreamCalls = 0;
  return {
    record: (type, key) => void records.add(`${type}:${key}`),
    searched: (by, key) => {
      const masked = `${masks[by]}${key.replace(/\D/g, '').slice(-4)}`;
      searches.set(`${by}:${masked}`, { by, key: masked });
    },
    shown: (field) => void shown.add(field),
    wrote: (mutation, outcome, outcomeId) =>
      void writes.push({ mutation, outcome, ...(outcomeId && { outcomeId }) }),
    called: () => {
      upstreamCalls += 1;
    },
    noted: () => ({ records, searches: [...searches.values()], shown, writes, upstreamCalls }),
  };
};
