import type { LedgerClock } from './clock.ts';
import type { Digest } from './digest.ts';
import type { Lease, Leases } from './leases.ts';
import { type KnownEntry, LedgerError, type Outcome, type WriteOnce } from './ledger.ts';
import { newEntry } from './new-entry.ts';
import { isDoubtful, type Restored, restoredOf } from './restored.ts';
import type { Entry, LedgerStore } from './store.ts';

/** The start of the use of a key: this process executes the write, or an earlier use has ended. */
export type Beginning = { readonly begun: Lease } | { readonly ended: Outcome };

export interface Beginnings {
  /**
   * Takes the key of a write, or returns how its earlier use ended.
   *
   * @throws {LedgerError} if the store fails, with the entry that it has or may have under the key.
   */
  begin(tenant: string, write: WriteOnce): Promise<Beginning>;
  /** Ends the memory of an attempt whose end is in the store. */
  recorded(lease: Lease): void;
}

export interface BeginningOptions {
  readonly store: LedgerStore;
  readonly digest: Digest;
  readonly clock: LedgerClock;
  readonly leases: Leases;
  readonly leaseMs: number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly wallNow: () => number;
  /** The time on the ledger's clock, later than every change in the store. */
  readonly stamp: () => Promise<number>;
  /** Waits for the write of an entry that another attempt executes. */
  readonly waitFor: (id: string, waitMs: number) => Promise<Outcome>;
  /** Called with an entry that has entered another state. */
  readonly onState: (entry: Entry) => void;
}

export const createBeginnings = ({
  store,
  digest,
  clock,
  leases,
  leaseMs,
  elapsed,
  wallNow,
  stamp,
  waitFor,
  onState,
}: BeginningOptions): Beginnings => {
  /** The keys of attempts that this process began and has not recorded the end of, by the ids of their entries. */
  const unrecorded = new Map<string, { readonly lease: Lease; readonly keyDigest: string }>();

  /** Names the entry under a key after a failure of the store; `null` if it is certain that there is none. */
  const entryAfterFailure = async (fresh: Entry): Promise<KnownEntry | null> => {
    try {
      // It may have been added before the store failed, and another request may hold the key.
      const holder = await store.holderOf(fresh);
      return holder && { outcomeId: holder.attempt };
    } catch {
      const own = [...unrecorded.values()].find(({ keyDigest }) => keyDigest === fresh.keyDigest);
      return { outcomeId: own?.lease.attempt ?? null };
    }
  };

  /** Takes over a key that an entry holds, or returns how its write ended; `undefined` if the entry has changed. */
  const beginAfter = async (
    holder: Entry,
    fresh: Entry,
    {
      restored,
      waitMs,
      onEntry,
    }: Pick<WriteOnce, 'waitMs' | 'onEntry'> & { readonly restored: Restored | null },
  ): Promise<Beginning | undefined> => {
    const isSame = holder.operation === fresh.operation && holder.fingerprint === fresh.fingerprint;
    if (!isSame) return { ended: { kind: 'conflict' } };
    onEntry?.(holder.attempt);
    if (holder.state !== 'RELEASED') return { ended: await waitFor(holder.id, waitMs) };
    const since = elapsed();
    if (isDoubtful(restored, holder)) {
      await leases.change(holder, { state: 'UNKNOWN', evidence: null, expiresAt: null });
      return undefined;
    }
    // The entry keeps its id; the first process to replace it executes the write. Its last change never becomes earlier:
    // that would look like an older store.
    const changedAt = Math.max(fresh.changedAt, holder.changedAt + 1);
    const begun = { ...fresh, id: holder.id, changedAt, version: holder.version + 1 };
    if (!(await store.replace(begun))) return undefined;
    onState(begun);
    return { begun: leases.of(begun, since) };
  };

  const beginFresh = async (fresh: Entry, { waitMs, onEntry }: WriteOnce): Promise<Beginning> => {
    for (;;) {
      const restored = restoredOf(await store.marks(), clock.now());
      const state = isDoubtful(restored, null) ? 'UNKNOWN' : 'PENDING';
      const since = elapsed();
      const added = { ...fresh, state } as const;
      const holder = await store.add(added);
      if (!holder) onState(added);
      if (!holder && state === 'UNKNOWN') return { ended: { kind: 'unknown', outcomeId: fresh.attempt } };
      if (!holder) return { begun: leases.of(fresh, since) };
      const beginning = await beginAfter(holder, fresh, { restored, waitMs, onEntry }).catch(
        (error: unknown) => {
          throw new LedgerError(false, error, { outcomeId: holder.attempt });
        },
      );
      if (beginning) return beginning;
    }
  };

  const begin: Beginnings['begin'] = async (tenant, write) => {
    const fresh = newEntry(digest, tenant, write, {
      begunAt: clock.now(),
      startedAt: wallNow(),
      leaseUntil: wallNow() + leaseMs,
    });
    try {
      const time = await stamp();
      // Where expired keys cannot be removed, they stay in use: that sends nothing twice.
      await store.removeExpired(time).catch(() => {});
      const beginning = await beginFresh({ ...fresh, begunAt: time, changedAt: time }, write);
      if ('begun' in beginning) {
        unrecorded.set(beginning.begun.id, { lease: beginning.begun, keyDigest: fresh.keyDigest });
        write.onEntry?.(beginning.begun.attempt);
      }
      return beginning;
    } catch (error) {
      if (error instanceof LedgerError) throw error;
      throw new LedgerError(false, error, await entryAfterFailure(fresh));
    }
  };

  return { begin, recorded: ({ id }) => void unrecorded.delete(id) };
};
