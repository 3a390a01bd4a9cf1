/** What a store contains at the begin of a read. */
export interface StoredRead {
  /** Identifies the state of all scopes of the entry. It changes with every write in one of them. */
  readonly generation: string;
  /** Whether a write in one of the scopes is in flight, or its outcome is unknown: nothing read now may be stored. */
  readonly isHeld: boolean;
  /** The clock of the store at this moment, in milliseconds. */
  readonly time: number;
  /** `null` if nothing is stored, or it is from before a write. */
  readonly value: Buffer | null;
  /** Milliseconds since the read of the stored value began. */
  readonly ageMs: number;
}

/**
 * Stores sealed values for a short time, until a write in one of their scopes.
 *
 * A scope is what one write can change, such as an account. A read belongs to several scopes. Each scope has a generation,
 * which every write replaces by one that never existed. A value is valid only while all its generations are the same as
 * before its read began. So a read that began before the end of a write is never returned after it.
 */
export interface CacheStore {
  /**
   * Looks for the value of an entry.
   *
   * @param ttlMs the maximum age of a value.
   * @returns `null` if the store is not available: nothing may be returned from it or stored in it.
   */
  find(entry: string, scopes: readonly string[], ttlMs: number): Promise<StoredRead | null>;
  /** Stores the result of a read that began with `found`, unless there was a write since then. */
  store(
    entry: string,
    scopes: readonly string[],
    found: StoredRead,
    value: Buffer,
    ttlMs: number,
  ): Promise<void>;
  /**
   * Invalidates the scopes, and stores nothing in them until `end`, or until the lease of this writer expires. A writer
   * may begin again, which renews its lease.
   */
  begin(scopes: readonly string[], writer: string, leaseMs: number): Promise<void>;
  /**
   * Invalidates the scopes again.
   *
   * @param holdMs for how long nothing is stored in them: the write may be executed later. Zero for a known outcome.
   */
  end(scopes: readonly string[], writer: string, holdMs: number): Promise<void>;
}
