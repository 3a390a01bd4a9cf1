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

export interface WriteNote {
  readonly mutation: string;
  readonly outcome: string | null;
  readonly outcomeId?: string;
}

/** All that was noted, each once but for the writes. */
export interface OperationSummary {
  /** As in `Account:R1001`. */
  readonly records: ReadonlySet<string>;
  /** With keys as in `***-**-3333`. */
  readonly searches: readonly { readonly by: SearchedBy; readonly key: string }[];
  readonly shown: ReadonlySet<string>;
  readonly writes: readonly WriteNote[];
  readonly upstreamCalls: number;
}

/** The notes of one operation. */
export interface OperationNotes extends AuditNotes {
  /** An upstream was asked, or a call under way for another was joined. */
  called(): void;
  noted(): OperationSummary;
}

const masks: Record<SearchedBy, string> = { ssn: '***-**-', phone: '***-***-' };

const none: ReadonlySet<string> = new Set();

/** Made for every request: what hardly any of them notes is made when it comes. */
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
