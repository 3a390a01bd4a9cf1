/**
 * The state of the write of a key.
 *
 * PENDING: it is in flight, or its gateway died. UNKNOWN: it may have been executed. SETTLED: its outcome is known.
 * RELEASED: it was not executed, and may be tried again.
 */
export type EntryState = 'PENDING' | 'UNKNOWN' | 'SETTLED' | 'RELEASED';

/** One use of an idempotency key. It contains no secrets: key and input are stored as keyed digests. */
export interface Entry {
  readonly id: string;
  /** The tenant of the write; empty without tenants. */
  readonly tenant: string;
  readonly caller: string;
  readonly keyDigest: string;
  /** The mutation's name. */
  readonly operation: string;
  readonly fingerprint: string;
  readonly state: EntryState;
  /**
   * Identifies the attempt among those with the same key. It is the public id of the outcome: what an operator reports
   * about one attempt must not resolve the outcome of a later one.
   */
  readonly attempt: string;
  /** The description of the write as JSON, which an operator may read. */
  readonly subject: string;
  /** Evidence from before the call as JSON, by which the outcome can be determined later. */
  readonly evidence: string | null;
  /** The masked result as JSON, once it is settled. */
  readonly outcome: string | null;
  /** Wall-clock time of the start in milliseconds, for people. No rule depends on it. */
  readonly startedAt: number;
  /** Time of the start on the ledger's clock (`clock.ts`), as the other times below. */
  readonly begunAt: number;
  readonly changedAt: number;
  /**
   * Wall-clock time until which gateways of earlier versions consider the writer alive. They may share the store
   * during an upgrade; this version watches the entry instead (`liveness.ts`).
   */
  readonly leaseUntil: number;
  /** The time at which the key expires; `null` while its outcome is unknown. */
  readonly expiresAt: number | null;
  /** Increases with every change. */
  readonly version: number;
}

/**
 * Times on the ledger's clock that a store keeps besides its entries.
 *
 * `clock`: the latest time that was saved. `forgotten`: the last change of the latest removed entry. `restoredAt` and
 * `restoredUntil`: the period in which a missing key may have been used (`restored.ts`). `copied`: the store is a copy
 * that no gateway has opened yet. `moved`: the store was copied into a database, which gateways use instead.
 * `setting …`: since when a setting has its present value (`identity.ts`).
 */
export type MarkName =
  | 'clock'
  | 'forgotten'
  | 'restoredAt'
  | 'restoredUntil'
  | 'copied'
  | 'moved'
  | `setting ${string}`;

export interface Marks {
  readonly values: ReadonlyMap<MarkName, number>;
  /** The last change of any entry, removed ones included; 0 if there was none. */
  readonly lastChange: number;
}

export interface StartedEntries {
  readonly count: number;
  /** The start of the oldest entry, by the wall clock in milliseconds. */
  readonly oldest: number | null;
}

/** Keys in use of one kind of caller. */
export interface Holder {
  readonly tenant: string;
  /** Whether the caller is the requested one. */
  readonly isCaller: boolean;
  readonly keys: number;
  /** The start of the oldest of them. */
  readonly oldest: number;
}

/** The path of the store does not lead to the opened file any more: changes would be lost. */
export class StoreReplacedError extends Error {
  readonly code = 'STORE_REPLACED';

  constructor() {
    super('The file of the ledger was deleted or replaced while it was open.');
    this.name = 'StoreReplacedError';
  }
}

/**
 * Stores the entries of the ledger. A change is durable once its promise is fulfilled.
 *
 * Every method is atomic among all processes that share the store. It rejects with `StoreReplacedError` once the file
 * is deleted or replaced.
 */
export interface LedgerStore {
  /**
   * Adds an entry, unless its caller's key is in use: then returns the existing entry, even if the store cannot be
   * written.
   */
  add(entry: Entry): Promise<Entry | null>;
  get(id: string): Promise<Entry | null>;
  /** Returns the entry that holds a caller's key. */
  holderOf(key: Pick<Entry, 'caller' | 'keyDigest'>): Promise<Entry | null>;
  /** Replaces the entry with the same id, if it still has the previous version. */
  replace(entry: Entry): Promise<boolean>;
  /** Counts the entries in a state, with the time of the oldest start; `null` if there is none. */
  startedIn(state: EntryState): Promise<StartedEntries>;
  /** The entries in one of these states, oldest first. */
  list(states: readonly EntryState[]): Promise<Entry[]>;
  /** Deletes the entries that expired before a time, and raises the mark `forgotten`. */
  removeExpired(before: number): Promise<void>;
  /** Stores a text under a name, unless there is one; returns the stored text. */
  remember(name: string, text: string): Promise<string>;
  /** Returns the text under a name; `null` if there is none. */
  recall(name: string): Promise<string | null>;
  marks(): Promise<Marks>;
  /** Sets marks that are lower or missing; leaves higher ones. */
  raise(marks: Partial<Record<MarkName, number>>): Promise<void>;
  clear(names: readonly MarkName[]): Promise<void>;
  /** Returns the numbers of unexpired keys by tenant, and by whether they belong to a caller. */
  holders(caller: string, now: number): Promise<Holder[]>;
  close(): Promise<void>;
}

/** A store whose accesses end soon if it does not answer. */
export interface ImpatientStore extends LedgerStore {
  /** The same store with accesses that wait longer. Absent if waiting is of no use. */
  readonly patient?: LedgerStore;
}

/** A store with what operators are shown. */
export interface CountedStore extends LedgerStore {
  /** The number of entries by state. */
  counts(): Promise<Record<string, number>>;
}
