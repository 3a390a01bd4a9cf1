import type { IdentitySettings } from './identity.ts';
import type { Holder } from './store.ts';

/** What may be stored and shown: no card, no security code, no account at a bank, no name. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A write that must not be carried out twice. */
export interface WriteOnce {
  /** Who asks; keys of different callers are different keys. */
  readonly caller: string;
  readonly idempotencyKey: string;
  /** The mutation's name. */
  readonly operation: string;
  /** All that the write depends on, secrets included: only a keyed digest of it is stored. */
  readonly input: unknown;
  /** What an operator is told of it. */
  readonly subject: JsonValue;
  /** How many milliseconds to wait for one under way with the same key. */
  readonly waitMs: number;
  /** Called with the entry's id once the store has an entry under the key. */
  readonly onEntry?: ((outcomeId: string) => void) | undefined;
}

/** How carrying out a write ended. */
export type Attempt<Result extends JsonValue> =
  | { readonly kind: 'settled'; readonly outcome: Result }
  /** It may have been carried out. */
  | { readonly kind: 'unknown' }
  /** It surely was not carried out. */
  | { readonly kind: 'released' }
  /** It was not sent, since it could not be claimed. */
  | { readonly kind: 'lost' };

export type Outcome =
  /** The outcome of this try, or of the first one under the key. */
  | { readonly kind: 'settled'; readonly outcome: JsonValue }
  | { readonly kind: 'unknown'; readonly outcomeId: string }
  /** Another request under the same key has not ended within the time that this one waits. */
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

/** What carrying out a write does to its entry before the call leaves. */
export interface PendingWrite {
  /** Names the write, should its outcome not be known. */
  readonly outcomeId: string;
  /** Stores what will help to tell whether the write was carried out, should its answer be lost. */
  note(evidence: JsonValue): Promise<void>;
  /**
   * Makes sure that the write is still this try's own: to be asked just before the call leaves.
   *
   * @returns false where this process stood still for so long that it was held to be dead, and the write was settled
   *   or begun again by others: then nothing must be sent.
   */
  claim(): Promise<boolean>;
}

/** The ledger as one tenant sees it: keys and outcomes of others are not there. */
export interface TenantLedger {
  /**
   * Carries out a write, unless its key was used before: then gives how that ended, waiting for one under way.
   *
   * The intent is durable before `carryOut` is called, and the outcome before the promise is fulfilled.
   *
   * @throws what `carryOut` throws, with the outcome recorded as unknown; and what the store throws, which before
   *   the call means that nothing was sent.
   */
  once<Result extends JsonValue>(
    write: WriteOnce,
    execute: (attempt: PendingWrite) => Promise<Attempt<Result>>,
  ): Promise<Outcome>;
  /** The writes whose outcome is not known, oldest first. */
  open(): Promise<OpenOutcome[]>;
  /** One of them; `null` where there is none, or its outcome is known by now. */
  find(outcomeId: string): Promise<OpenOutcome | null>;
  /**
   * Settles an unknown outcome by what was found.
   *
   * @param outcome `null` where the write was not carried out: the key may be used for it again.
   * @returns whether it was unknown until now.
   */
  resolve(outcomeId: string, outcome: JsonValue | null): Promise<boolean>;
  /**
   * The subjects of other writes that were carried out since one began, or may be carried out still, of all tenants:
   * two of them may work with the same accounts.
   *
   * @returns `null` where that cannot be told any more: settled writes are forgotten when their keys are.
   */
  since(outcomeId: string): Promise<JsonValue[] | null>;
}

/** The whole ledger; by itself that of those who have no tenant. */
export interface Ledger extends TenantLedger {
  /** @param tenant `null` for those who have none. */
  of(tenant: string | null): TenantLedger;
  /** @throws when the store cannot be read, or its file is not the one that was opened. */
  check(): Promise<void>;
  /** The kinds of callers that hold keys. @param caller the one that is counted separately from all others. */
  holders(caller: string): Promise<Holder[]>;
  /** The settings that had another value when keys were used that are still kept. Notes the present values. */
  changedSettings(settings: IdentitySettings): Promise<string[]>;
  /** Waits for the writes under way, then closes the store. */
  close(): Promise<void>;
}

/** An entry that the store has or may have under a key. */
export interface KnownEntry {
  /** `null` if the store cannot be read, so that no entry can be named. */
  readonly outcomeId: string | null;
}

/** The store could not be written, or not be read. */
export class LedgerError extends Error {
  /** Whether the write had been sent when that happened. */
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

/** The store's entries were made under another key: keys that were used before could not be told. */
export class ForeignStoreError extends Error {
  constructor() {
    super('The ledger was written under another gateway key.');
    this.name = 'ForeignStoreError';
  }
}
