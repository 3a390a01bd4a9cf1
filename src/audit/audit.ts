/** Types of records that can be requested directly. The audit trail identifies them by the key of the upstream. */
export type RecordType = 'Account' | 'Order' | 'Assignment';

/** The kinds of personal data by which accounts are searched. */
export type SearchedBy = 'ssn' | 'phone';

/** Records what one operation returns and changes. */
export interface AuditNotes {
  /** A record was read or changed, or requested. */
  record(type: RecordType, key: string): void;
  /** Accounts were searched by personal data; its last four digits are recorded. */
  searched(by: SearchedBy, key: string): void;
  /** A sensitive field was returned unmasked, with a name such as `Borrower.ssn`. */
  shown(field: string): void;
  /** A mutation ended with this member of its result union; `null` if it ended with an error. */
  wrote(mutation: string, outcome: string | null, outcomeId?: string | null): void;
}

export interface WriteNote {
  readonly mutation: string;
  readonly outcome: string | null;
  readonly outcomeId?: string;
}

/** The records of one operation. All but the writes are unique. */
export interface OperationSummary {
  /** Such as `Account:R1001`. */
  readonly records: ReadonlySet<string>;
  /** With keys such as `***-**-3333`. */
  readonly searches: readonly { readonly by: SearchedBy; readonly key: string }[];
  readonly shown: ReadonlySet<string>;
  readonly writes: readonly WriteNote[];
  readonly upstreamCalls: number;
}

/** The audit notes of one operation. */
export interface OperationNotes extends AuditNotes {
  /** An upstream was called, or a call in flight was joined. */
  called(): void;
  noted(): OperationSummary;
}

const masks: Record<SearchedBy, string> = { ssn: '***-**-', phone: '***-***-' };

const none: ReadonlySet<string> = new Set();

/** Created for every request: collections that few requests need are created on demand. */
class NotesOfOne implements OperationNotes {
  readonly #records = new Set<string>();
  #searches: Map<string, OperationSummary['searches'][number]> | undefined;
  #shown: Set<string> | undefined;
  #writes: WriteNote[] | undefined;
  #upstreamCalls = 0;

  record(type: RecordType, key: string): void {
    this.#records.add(`${type}:${key}`);
  }

  searched(by: SearchedBy, key: string): void {
    const masked = `${masks[by]}${key.replace(/\D/g, '').slice(-4)}`;
    this.#searches ??= new Map();
    this.#searches.set(`${by}:${masked}`, { by, key: masked });
  }

  shown(field: string): void {
    this.#shown ??= new Set();
    this.#shown.add(field);
  }

  wrote(mutation: string, outcome: string | null, outcomeId?: string | null): void {
    this.#writes ??= [];
    this.#writes.push({ mutation, outcome, ...(outcomeId && { outcomeId }) });
  }

  called(): void {
    this.#upstreamCalls += 1;
  }

  noted(): OperationSummary {
    return {
      records: this.#records,
      searches: [...(this.#searches?.values() ?? [])],
      shown: this.#shown ?? none,
      writes: this.#writes ?? [],
      upstreamCalls: this.#upstreamCalls,
    };
  }
}

export const createOperationNotes = (): OperationNotes => new NotesOfOne();
