import type { LedgerClock } from './clock.ts';
import type { Liveness } from './liveness.ts';
import { type Entry, type LedgerStore, StoreReplacedError } from './store.ts';
import type { LedgerTimers } from './timers.ts';

interface UpkeepParts {
  readonly store: LedgerStore;
  readonly clock: LedgerClock;
  readonly liveness: Liveness;
  readonly timers: LedgerTimers;
  /** The interval in milliseconds for checking the pending entries. */
  readonly everyMs: number;
  /** Records the outcomes of dead processes' writes as unknown. */
  readonly endDead: (pending: readonly Entry[]) => Promise<void>;
  /** Called once if the store file is deleted or replaced. */
  readonly onReplaced?: (() => void) | undefined;
}

/** The part of the ledger's clock that a crash may lose: keys are then stored for this time longer. */
const saveClockMs = 30_000;

/**
 * Watches the writes of other processes, so that the death of one is detected and recorded within a lease, and saves the
 * clock of the ledger.
 *
 * @returns a function that ends this and saves the clock a last time.
 */
export const startUpkeep = async ({
  store,
  clock,
  liveness,
  timers,
  everyMs,
  endDead,
  onReplaced,
}: UpkeepParts): Promise<() => Promise<void>> => {
  let savedAt = clock.now();
  let isReplaced = false;

  const saveClock = async (): Promise<void> => {
    savedAt = clock.now();
    await store.raise({ clock: savedAt });
  };

  const look = async (): Promise<void> => {
    const pending = await store.list(['PENDING']);
    liveness.keepOnly(pending);
    await endDead(pending);
    if (clock.now() - savedAt >= saveClockMs) await saveClock();
  };

  const onFailure = (error: unknown): void => {
    if (!(error instanceof StoreReplacedError) || isReplaced) return;
    isReplaced = true;
    onReplaced?.();
  };

  await saveClock();
  await look();
  const stop = timers.every(everyMs, () => void look().catch(onFailure));
  return async () => {
    stop();
    await saveClock().catch(() => {});
  };
};
