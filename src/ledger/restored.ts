import { latestTime } from './clock.ts';
import type { Entry, LedgerStore, Marks } from './store.ts';

/**
 * The state of a ledger that was restored from an older copy. It lacks the keys that were used after the copy was made.
 * While it is marked as restored, a write whose key is missing, or was released in the copy, is not sent: its outcome
 * is unknown.
 */
export interface Restored {
  /** Changes of entries before this time come from the copy. */
  readonly at: number;
  readonly until: number;
}

/** Returns the period that a store is marked with; `null` if it is not marked, or the period is over. */
export const restoredOf = ({ values }: Marks, now: number): Restored | null => {
  const at = values.get('restoredAt');
  const until = values.get('restoredUntil');
  return at !== undefined && until !== undefined && now < until ? { at, until } : null;
};

/** Whether the write of a key may have been sent after the copy was made. */
export const isDoubtful = (restored: Restored | null, holder: Entry | null): boolean =>
  restored !== null && (holder === null || (holder.state === 'RELEASED' && holder.changedAt < restored.at));

/**
 * Marks a store as restored from a copy, for as long as keys are kept.
 *
 * Writes of other keys since the copy are missing too, so nothing in the copy can be settled by evidence any more.
 */
export const markRestored = async (
  store: Pick<LedgerStore, 'marks' | 'raise' | 'clear'>,
  keyLifeMs: number,
): Promise<void> => {
  const at = latestTime(await store.marks()) + 1;
  await store.raise({ clock: at, forgotten: at, restoredAt: at, restoredUntil: at + keyLifeMs });
  await store.clear(['copied']);
};

/** Calls a function with the milliseconds of running time for which a store is still marked, if it is. */
export const reportRestored = async (
  store: LedgerStore,
  onRestored: ((leftMs: number) => void) | undefined,
): Promise<void> => {
  const marks = await store.marks();
  const now = latestTime(marks);
  const restored = restoredOf(marks, now);
  if (restored) onRestored?.(restored.until - now);
};

/** Ends the mark: from then on a key that is not in the store counts as never used. */
export const markTrusted = (store: LedgerStore): Promise<void> =>
  store.clear(['copied', 'restoredAt', 'restoredUntil']);
