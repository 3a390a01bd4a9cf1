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
  /** Milliseconds since 1970, as all times here. */
  readonly startedAt: number;
  readonly changedAt: number;
  /** Until when whoever carries it out is held to be alive. */
  readonly leaseUntil: number;
  /** When the key is forgotten; `null` as long as its outcome is not known. */
  readonly expiresAt: number | null;
  /** Grows with every change. */
  readonly version: number;
}

/**
 * Keeps the entries of the ledger. Whatever it was told is durable once its promise is fulfilled.
 *
 * Every method is atomic, among all processes that share the store.
 */
export interface LedgerStore {
  /** Adds an entry, unless its caller's key is taken: then gives the entry that holds it. */
  add(entry: Entry): Promise<Entry | null>;
  get(id: string): Promise<Entry | null>;
  /** Puts an entry in the place of the one with its id, if that still has the version before it. */
  replace(entry: Entry): Promise<boolean>;
  /** The entries in one of these states, oldest first. */
  list(states: readonly EntryState[]): Promise<Entry[]>;
  /** Forgets the entries that expired before a time; gives how many. */
  removeExpired(before: number): Promise<number>;
  /** Keeps a text under a name, if there is none yet; gives the one that is there. */
  remember(name: string, text: string): Promise<string>;
  close(): Promise<void>;
}
