import type { IdentitySettings } from './identity.ts';
import type { EntryState, Holder, StartedEntries } from './store.ts';

/** A value that may be stored and shown: without card numbers, security codes, bank accounts and names. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A write that must not be executed twice. */
export interface WriteOnce {
  /** The caller; each caller has its own keys. */
  readonly caller: string;
  readonly idempotencyKey: string;
  /** The mutation's name. */
  readonly operation: string;
  /** Everything that the write depends on, including secrets: only a keyed digest is stored. */
  readonly input: unknown;
  /** The description of the write for an operator. */
  readonly subject: JsonValue;
  /** Milliseconds to wait for a write in flight with the same key. */
  readonly waitMs: number;
  /** Called with the id of the entry once the store has one under the key. */
  readonly onEntry?: ((outcomeId: string) => void) | undefined;
}

/** The result of an attempt to execute a write. */
export type Attempt<Result extends JsonValue> =
  | { readonly kind: 'settled'; readonly outcome: Result }
  /** It may have been executed. */
  | { readonly kind: 'unknown' }
  /** It was not executed. */
  | { readonly kind: 'released' }
  /** It was not sent, because it could not be claimed. */
  | { readonly kind: 'lost' };

export type Outcome =
  /** The outcome of this attempt, or of the first one with the key. */
  | { readonly kind: 'settled'; readonly outcome: JsonValue }
  | { readonly kind: 'unknown'; readonly outcomeId: string }
  /** Another request with the same key did not end within the time limit. */
  | { readonly kind: 'inFlight'; readonly outcomeId: string }
  | { readonly kind: 'released' }
  /** The key was used for another input. */
  | { readonly kind: 'conflict' };

/** A write whose outcome is not known. */
export interface OpenOutcome {
  readonly outcomeId: string;
  readonly caller: string;
  readonly operation: string;
  readonly subject: JsonValue;
  readonly evidence: JsonValue;
  readonly startedAt: Date;
}

/** A write whose entry has entered another state. */
export interface StateChange {
  readonly outcomeId: string;
  /** `null` for callers without one. */
  readonly tenant: string | null;
  /** The mutation's name. */
  readonly operation: string;
  readonly state: EntryState;
}

/** The entry of a write before its call is sent. */
export interface PendingWrite {
  /** The id of the write if its outcome becomes unknown. */
  readonly outcomeId: string;
  /** Stores evidence by which the outcome can be determined if the response is lost. */
  note(evidence: JsonValue): Promise<void>;
  /**
   * Claims the write for this attempt; must be called directly before the call is sent.
   *
   * If this process was suspended for so long that it counted as dead, the write gets another `outcomeId`.
   *
   * @returns false if others have resolved or started the write meanwhile: then nothing must be sent.
   */
  claim(): Promise<boolean>;
}

/** The ledger of one tenant, without keys and outcomes of others. */
export interface TenantLedger {
  /**
   * Executes a write, unless its key was used before: then returns that outcome, after waiting for a write in flight.
   *
   * The intent is durable before `execute` is called, and the outcome before the promise is fulfilled.
   *
   * @throws errors of `execute`, with the outcome recorded as unknown, and errors of the store, which before the call
   *   mean that nothing was sent.
   */
  once<Result extends JsonValue>(
    write: WriteOnce,
    execute: (attempt: PendingWrite) => Promise<Attempt<Result>>,
  ): Promise<Outcome>;
  /** Returns the recorded outcome of a key without executing anything; `null` if it has none. */
  recorded(key: Pick<WriteOnce, 'caller' | 'idempotencyKey'>): Promise<JsonValue>;
  /** The writes with unknown outcomes, oldest first. */
  open(): Promise<OpenOutcome[]>;
  /** Returns one of them; `null` if there is none, or its outcome is known now. */
  find(outcomeId: string): Promise<OpenOutcome | null>;
  /**
   * Resolves an unknown outcome.
   *
   * @param outcome `null` if the write was not executed: the key may be used for it again.
   * @returns whether it was unknown until now.
   */
  resolve(outcomeId: string, outcome: JsonValue | null): Promise<boolean>;
  /**
   * Returns the subjects of other writes that were executed since a write began, or may still be executed, of all
   * tenants: two tenants may share accounts.
   *
   * @returns `null` if that is not known any more: resolved writes are deleted when their keys expire.
   */
  since(outcomeId: string): Promise<JsonValue[] | null>;
}

/** The whole ledger, which is also the ledger of callers without a tenant. */
export interface Ledger extends TenantLedger {
  /** @param tenant `null` for callers without one. */
  of(tenant: string | null): TenantLedger;
  /** @throws if the store cannot be read, or its file is not the one that was opened. */
  check(): Promise<void>;
  /** Counts the writes that `open` returns, of all tenants. */
  pending(): Promise<StartedEntries>;
  /** Returns the kinds of callers that hold keys. @param caller the caller that is counted separately. */
  holders(caller: string): Promise<Holder[]>;
  /**
   * Returns the settings that had another value when keys were used that are still stored. Stores the present values.
   */
  changedSettings(settings: IdentitySettings): Promise<string[]>;
  /** Waits for the writes in flight, then closes the store. */
  close(): Promise<void>;
}

/** An entry that the store contains, or may contain, under a key. */
export interface KnownEntry {
  /** `null` if the store cannot be read, so that no entry can be identified. */
  readonly outcomeId: string | null;
}

/** The store could not be read or written. */
export class LedgerError extends Error {
  /** Whether the write had been sent at that time. */
  readonly isSent: boolean;
  /** `null` if it is certain that the store has no entry under the key: then nothing was ever sent under it. */
  readonly entry: KnownEntry | null;

  constructor(isSent: boolean, cause: unknown, entry: KnownEntry | null = null) {
    super('The ledger cannot be written.', { cause });
    this.name = 'LedgerError';
    this.isSent = isSent;
    this.entry = entry;
  }
}

/** The store's entries were created with another key: used keys could not be recognized. */
export class ForeignStoreError extends Error {
  constructor() {
    super('The ledger was written under another gateway key.');
    this.name = 'ForeignStoreError';
  }
}
