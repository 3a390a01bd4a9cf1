import type { Entry } from './store.ts';

/**
 * Determines which writers are dead without comparing clocks: a live writer changes its entry every third of a lease.
 * An entry that stays unchanged for a whole lease belongs to a dead writer.
 */
export interface Liveness {
  /** Starts to watch a version of an entry, unless it is watched already. */
  watch(entry: Pick<Entry, 'id' | 'version'>, since?: number): void;
  /** Whether a pending entry has not changed for a lease. Starts to watch it if it is new. */
  isDead(entry: Entry): boolean;
  /** Stops watching entries that are not pending any more. */
  keepOnly(pending: readonly Entry[]): void;
}

/** @param elapsed monotonic milliseconds. */
export const createLiveness = (leaseMs: number, elapsed: () => number): Liveness => {
  const watched = new Map<string, { readonly version: number; readonly since: number }>();

  const watch: Liveness['watch'] = ({ id, version }, since = elapsed()) => {
    if ((watched.get(id)?.version ?? 0) < version) watched.set(id, { version, since });
  };

  return {
    watch,
    isDead: (entry) => {
      if (entry.state !== 'PENDING') return false;
      watch(entry);
      return elapsed() - (watched.get(entry.id)?.since ?? 0) >= leaseMs;
    },
    keepOnly: (pending) => {
      const ids = new Set(pending.map(({ id }) => id));
      for (const id of watched.keys()) if (!ids.has(id)) watched.delete(id);
      for (const entry of pending) watch(entry);
    },
  };
};
