import type { LedgerClock } from './clock.ts';
import type { Liveness } from './liveness.ts';
import { type LedgerStore, StoreReplacedError } from './store.ts';

interface UpkeepParts {
  readonly store: LedgerStore;
  readonly clock: LedgerClock;
  readonly liveness: Liveness;
  /** How often the pending entries are looked at. */
  readonly everyMs: number;
  /** Called once, when the file of the store is gone or replaced. */
  readonly onReplaced?: (() => void) | undefined;
}

/** How much of the ledger's clock a crash may lose: keys are then kept for so much longer. */
const saveClockMs = 30_000;

/**
 * Watches the writes of other processes, so that the death of one is known a lease later whoever asks, and saves the
 * ledger's clock.
 *
 * @returns how to end that; the clock is then saved for the last time.
 */
export const startUpkeep = async ({
  store,
  clock,
  liveness,
  everyMs,
  onReplaced,
}: UpkeepParts): Promise<() => Promise<void>> => {
  let savedAt = clock.now();
  let isReplaced = false;

  const saveClock = async (): Promise<void> => {
    savedAt = clock.now();
    await store.raise({ clock: savedAt });
  };

  const look = async (): Promise<void> => {
    liveness.keepOnly(await store.list(['PENDING']));
    if (clock.now() - savedAt >= saveClockMs) await saveClock();
  };

  const onFailure = (error: unknown): void => {
    if (!(error instanceof StoreReplacedError) || isReplaced) return;
    isReplaced = true;
    onReplaced?.();
  };

  await saveClock();
  await look();
  const timer = setInterval(() => void look().catch(onFailure), everyMs).unref();
  return async () => {
    clearInterval(timer);
    await saveClock().catch(() => {});
  };
};
