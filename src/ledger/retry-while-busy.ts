import { setTimeout as pause } from 'node:timers/promises';

/** How long one process waits for another that is writing. */
export const busyTimeoutMs = 10_000;

// SQLite's own waiting holds up the whole process: beyond this it is done here, beside everything else.
export const ownWaitMs = 20;
const pauseMs = 10;

export const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');

/** Does what is atomic, again and again while another process is writing. */
export const retryWhileBusy = async <Value>(run: () => Value): Promise<Value> => {
  const giveUpAt = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAt) throw error;
    }
    await pause(pauseMs);
  }
};
