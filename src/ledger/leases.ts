import type { Liveness } from './liveness.ts';
import type { Entry, LedgerStore } from './store.ts';

/** The claim of this process on an entry that it executes. */
export interface Lease {
  readonly id: string;
  readonly attempt: string;
  /** The last version that this process has written. */
  version: number;
  /** Monotonic time before that write: no other process can have seen the version earlier. */
  since: number;
}

/** Changes entries, and recognizes the attempts of this process. */
export interface Leases {
  of(entry: Entry, since: number): Lease;
  /** Replaces an entry; false if another process has changed it. */
  change(entry: Entry, changes: Partial<Entry>): Promise<boolean>;
  /** Changes the entry of an attempt, regardless of other changes; false if another process has started it again. */
  changeOwn(lease: Lease, changes: Partial<Entry>): Promise<boolean>;
  /** Renews the lease until the returned function is called. */
  keepAlive(lease: Lease): () => void;
  /** Ensures that other processes consider the attempt alive for at least a third of a lease. */
  claim(lease: Lease): Promise<boolean>;
}

export interface LeaseOptions {
  /** Milliseconds for which a key is kept after its outcome is known. */
  readonly keyLifeMs: number;
  readonly leaseMs: number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly wallNow: () => number;
  /** The time on the ledger's clock, later than every change in the store. */
  readonly stamp: () => Promise<number>;
  readonly liveness: Liveness;
  /** Called with an entry that has entered another state. */
  readonly onState: (entry: Entry) => void;
}

const hasEnded = ({ state }: Partial<Entry>): boolean => state === 'SETTLED' || state === 'RELEASED';

export const createLeases = (
  store: LedgerStore,
  { keyLifeMs, leaseMs, elapsed, wallNow, stamp, liveness, onState }: LeaseOptions,
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
    const isChanged = await change(entry, { leaseUntil: wallNow() + leaseMs, ...changes });
    if (isChanged) {
      lease.version = entry.version + 1;
      lease.since = since;
      liveness.watch({ id: lease.id, version: lease.version }, since);
    }
    return isChanged;
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
      return { id, attempt, version, since };
    },
    change,
    changeOwn: async (lease, changes) => {
      for (;;) {
        const entry = await store.get(lease.id);
        if (entry?.attempt !== lease.attempt) return false;
        if (await changeLeased(entry, lease, changes)) return true;
      }
    },
    keepAlive: (lease) => {
      // The next renewal repairs a failed one. Otherwise the outcome counts as unknown until it is recorded.
      const timer = setInterval(() => void renew(lease).catch(() => {}), leaseMs / 3);
      return () => clearInterval(timer);
    },
    claim: async (lease) => {
      for (;;) {
        const entry = await store.get(lease.id);
        if (entry?.attempt !== lease.attempt) return false;
        if (entry.state !== 'PENDING' && entry.state !== 'UNKNOWN') return false;
        if (isFresh(lease, entry)) return true;
        // Checked again afterwards: the store may have blocked for longer than the lease.
        await changeLeased(entry, lease, { state: 'PENDING' });
      }
    },
  };
};
