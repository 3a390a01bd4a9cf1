import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds that a process waits for another one that is writing. */
export const busyTimeoutMs = 10_000;

// SQLite's own wait blocks the process. Longer waits happen here, without blocking.
export const ownWaitMs = 20;
const pauseMs = 10;

export const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');

/** Executes an atomic function, and repeats it while another process is writing. */
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

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Does the same, and blocks the process while it waits: for the start, before there is anything else to do. */
export const retryWhileBusySync = <Value>(run: () => Value): Value => {
  const giveUpAt = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAt) throw error;
    }
    Atomics.wait(cell, 0, 0, pauseMs);
  }
};
