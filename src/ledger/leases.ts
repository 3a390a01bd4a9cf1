import { randomUUID } from 'node:crypto';
import type { Liveness } from './liveness.ts';
import type { Entry, LedgerStore } from './store.ts';
import type { LedgerTimers } from './timers.ts';

/** The claim of this process on an entry that it executes. */
export interface Lease {
  readonly id: string;
  /** Another one after the attempt may have counted as dead (`claim`). */
  attempt: string;
  /** The last version that this process has written. */
  version: number;
  /** Monotonic time before that write: no other process can have seen the version earlier. */
  since: number;
  /**
   * Whether other processes may have seen the attempt as dead at some time. An operator may have looked for its charge
   * then, and may report later that it was not executed.
   */
  isLapsed: boolean;
}

/** Changes entries, and recognizes the attempts of this process. */
export interface Leases {
  of(entry: Entry, since: number): Lease;
  /** Replaces an entry; false if another process has changed it. */
  change(entry: Entry, changes: Partial<Entry>): Promise<boolean>;
  /**
   * Changes the entry of an attempt, regardless of other changes, but never a recorded outcome.
   *
   * @returns false if another process has started it again, or recorded another outcome.
   */
  changeOwn(lease: Lease, changes: Partial<Entry>): Promise<boolean>;
  /** Renews the lease until the returned function is called. */
  keepAlive(lease: Lease): () => void;
  /**
   * Ensures that other processes consider the attempt alive for at least a third of a lease; false if they have ended it.
   *
   * An attempt that may have counted as dead becomes another one. An operator may have looked for its charge before it
   * was sent: a report about that must not release the key.
   */
  claim(lease: Lease): Promise<boolean>;
}

export interface LeaseOptions {
  /** Milliseconds for which a key is kept after its outcome is known. */
  readonly keyLifeMs: number;
  readonly leaseMs: number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly wallNow: () => number;
  readonly timers: LedgerTimers;
  /** The time on the ledger's clock, later than every change in the store. */
  readonly stamp: () => Promise<number>;
  readonly liveness: Liveness;
  /** Called with an entry that has entered another state. */
  readonly onState: (entry: Entry) => void;
}

const hasEnded = ({ state }: Partial<Entry>): boolean => state === 'SETTLED' || state === 'RELEASED';

/** Whether changes record the outcome that an entry has: a store may have executed them before it failed. */
const isRecordedAs = (entry: Entry, { state, outcome }: Partial<Entry>): boolean =>
  state === entry.state && outcome === entry.outcome;

export const createLeases = (
  store: LedgerStore,
  { keyLifeMs, leaseMs, elapsed, wallNow, timers, stamp, liveness, onState }: LeaseOptions,
): Leases => {
  const change: Leases['change'] = async (entry, changes) => {
    const changedAt = await stamp();
    // The own clock stands still while the machine is suspended: only after `stamp` it has the time of the others.
    const expiry = hasEnded(changes) ? { expiresAt: changedAt + keyLifeMs } : {};
    const changed = { ...entry, ...changes, ...expiry, changedAt, version: entry.version + 1 };
    const isChanged = await store.replace(changed);
    if (isChanged && changed.state !== entry.state) onState(changed);
    return isChanged;
  };

  const changeLeased = async (entry: Entry, lease: Lease, changes: Partial<Entry>): Promise<boolean> => {
    const since = elapsed();
    const heldSince = lease.since;
    const isChanged = await change(entry, { leaseUntil: wallNow() + leaseMs, ...changes });
    if (isChanged) {
      if (elapsed() - heldSince >= leaseMs) lease.isLapsed = true;
      lease.version = entry.version + 1;
      lease.since = since;
      liveness.watch({ id: lease.id, version: lease.version }, since);
    }
    return isChanged;
  };

  /** Replaces an attempt that was not sent by a new one. */
  const begin = async (entry: Entry, lease: Lease): Promise<void> => {
    const since = elapsed();
    const attempt = randomUUID();
    const changes = { attempt, state: 'PENDING', leaseUntil: wallNow() + leaseMs } as const;
    if (!(await change(entry, changes))) return;
    Object.assign(lease, { attempt, since, version: entry.version + 1, isLapsed: false });
    liveness.watch({ id: lease.id, version: lease.version }, since);
  };

  const renew = async (lease: Lease): Promise<void> => {
    const entry = await store.get(lease.id);
    if (entry?.attempt === lease.attempt && entry.state === 'PENDING') await changeLeased(entry, lease, {});
  };

  const isFresh = (lease: Lease, { state, version }: Entry): boolean =>
    state === 'PENDING' && version === lease.version && elapsed() - lease.since < (leaseMs * 2) / 3;

  return {
    of: ({ id, attempt, version }, since) => {
      liveness.watch({ id, version }, since);
      return { id, attempt, version, since, isLapsed: false };
    },
    change,
    changeOwn: async (lease, changes) => {
      for (;;) {
        const entry = await store.get(lease.id);
        if (entry?.attempt !== lease.attempt) return false;
        if (entry.state === 'SETTLED') return isRecordedAs(entry, changes);
        if (await changeLeased(entry, lease, changes)) return true;
      }
    },
    // The next renewal repairs a failed one. Otherwise the outcome counts as unknown until it is recorded.
    keepAlive: (lease) => timers.every(leaseMs / 3, () => void renew(lease).catch(() => {})),
    claim: async (lease) => {
      for (;;) {
        const entry = await store.get(lease.id);
        if (entry?.attempt !== lease.attempt) return false;
        if (entry.state !== 'PENDING' && entry.state !== 'UNKNOWN') return false;
        const isDoubted = entry.state === 'UNKNOWN' || lease.isLapsed || elapsed() - lease.since >= leaseMs;
        if (!isDoubted && isFresh(lease, entry)) return true;
        // Checked again afterwards: the store may have blocked for longer than the lease.
        await (isDoubted ? begin(entry, lease) : changeLeased(entry, lease, {}));
      }
    },
  };
};
