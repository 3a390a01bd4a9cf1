/**
 * Where the write under a key stands.
 *
 * PENDING: it is under way, or its gateway died. UNKNOWN: it may have been carried out. SETTLED: its outcome is
 * known. RELEASED: it surely was not carried out, and may be tried again.
 */
export type EntryState = 'PENDING' | 'UNKNOWN' | 'SETTLED' | 'RELEASED';

/** One use of an idempotency key. It holds nothing secret: the key and the input are there as keyed digests. */
export interface Entry {
  readonly id: string;
  /** Whose write it is; empty where there are no tenants. */
  readonly tenant: string;
  readonly caller: string;
  readonly keyDigest: string;
  /** The mutation's name. */
  readonly operation: string;
  readonly fingerprint: string;
  readonly state: EntryState;
  /** Tells one try from the next under the same key. */
  readonly attempt: string;
  /** What is to be done, as JSON: only what may be shown to an operator. */
  readonly subject: string;
  /** What was noted before the call, as JSON, for telling later whether it was carried out. */
  readonly evidence: string | null;
  /** The masked answer, as JSON, once it is settled. */
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
  /** When the key is forgotten; `null` as long as its outcome is not known. */
  readonly expiresAt: number | null;
  /** Grows with every change. */
  readonly version: number;
}

/**
 * Times on the ledger's clock that a store keeps besides its entries.
 *
 * `clock`: the latest time that was saved. `forgotten`: the last change of the latest removed entry. `restoredAt` and
 * `restoredUntil`: the period in which a missing key may have been used (`restored.ts`). `copied`: the store is a copy
 * that no gateway has opened yet. `setting …`: since when a setting has its present value (`identity.ts`).
 */
export type MarkName =
  | 'clock'
  | 'forgotten'
  | 'restoredAt'
  | 'restoredUntil'
  | 'copied'
  | `setting ${string}`;

export interface Marks {
  readonly values: ReadonlyMap<MarkName, number>;
  /** The last change of any entry, removed ones included; 0 if there was none. */
  readonly lastChange: number;
}

/** Keys in use of one kind of caller. */
export interface Holder {
  readonly tenant: string;
  /** Whether the caller is the one that was asked for. */
  readonly isCaller: boolean;
  readonly keys: number;
  /** When the oldest of them was begun. */
  readonly oldest: number;
}

/** The path of the store no longer leads to the file that was opened: nothing written to it would be found again. */
export class StoreReplacedError extends Error {
  readonly code = 'STORE_REPLACED';

  constructor() {
    super('The file of the ledger was deleted or replaced while it was open.');
    this.name = 'StoreReplacedError';
  }
}

/**
 * Keeps the entries of the ledger. Whatever it was told is durable once its promise is fulfilled.
 *
 * Every method is atomic, among all processes that share the store, and rejects with `StoreReplacedError` once the
 * file is gone or replaced.
 */
export interface LedgerStore {
  /**
   * Adds an entry, unless its caller's key is taken: then returns the entry that holds it, also if the store cannot be
   * written.
   */
  add(entry: Entry): Promise<Entry | null>;
  get(id: string): Promise<Entry | null>;
  /** Puts an entry in the place of the one with its id, if that still has the version before it. */
  replace(entry: Entry): Promise<boolean>;
  /** The entries in one of these states, oldest first. */
  list(states: readonly EntryState[]): Promise<Entry[]>;
  /** Forgets the entries that expired before a time, and raises the mark `forgotten`. */
  removeExpired(before: number): Promise<void>;
  /** Keeps a text under a name, if there is none yet; gives the one that is there. */
  remember(name: string, text: string): Promise<string>;
  /** The text that is kept under a name; `null` if there is none. */
  recall(name: string): Promise<string | null>;
  marks(): Promise<Marks>;
  /** Sets marks that are lower or missing; leaves higher ones. */
  raise(marks: Partial<Record<MarkName, number>>): Promise<void>;
  clear(names: readonly MarkName[]): Promise<void>;
  /** The unexpired keys by tenant, and by whether they are those of a caller. */
  holders(caller: string, now: number): Promise<Holder[]>;
  close(): Promise<void>;
}
