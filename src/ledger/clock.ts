import type { Marks } from './store.ts';

/**
 * The ledger's own clock, in milliseconds. It advances only with monotonic time while a gateway runs, so steps of the
 * wall clock neither delete keys nor prolong anything. Downtime does not count: it only lengthens how long keys stay.
 */
export interface LedgerClock {
  now(): number;
  /** Continues from a later time that another process has reached; returns the present time. */
  adopt(time: number): number;
}

/** @param elapsed monotonic milliseconds from any origin. */
export const createLedgerClock = (start: number, elapsed: () => number): LedgerClock => {
  let offset = start - elapsed();
  const now = (): number => Math.floor(offset + elapsed());
  return {
    now,
    adopt: (time) => {
      offset += Math.max(0, time - now());
      return now();
    },
  };
};

/** The latest time on the ledger's clock that a store contains; 0 in a new store. */
export const latestTime = ({ values, lastChange }: Marks): number =>
  Math.max(values.get('clock') ?? 0, lastChange);
