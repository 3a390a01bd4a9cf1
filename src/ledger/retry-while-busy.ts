import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds that a process waits for another one that is writing. */
export const busyTimeoutMs = 10_000;

// SQLite's own wait blocks the process. Longer waits happen here, without blocking.
export const ownWaitMs = 20;
const pauseMs = 10;

export const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');

/** Executes a function while another process may be writing: returns its value, or undefined if it is to be repeated. */
const attempt = <Value>(run: () => Value, giveUpAt: number): { readonly value: Value } | undefined => {
  try {
    return { value: run() };
  } catch (error) {
    if (!isBusy(error) || performance.now() >= giveUpAt) throw error;
    return undefined;
  }
};

/** Executes an atomic function, and repeats it while another process is writing. */
export const retryWhileBusy = async <Value>(run: () => Value): Promise<Value> => {
  const giveUpAt = performance.now() + busyTimeoutMs;
  for (;;) {
    const done = attempt(run, giveUpAt);
    if (done) return done.value;
    await pause(pauseMs);
  }
};

const cell = new Int32Array(new SharedArrayBuffer(4));

/** The same, but blocks the process while it waits: for the start, when there is nothing else to do. */
export const retryWhileBusySync = <Value>(run: () => Value): Value => {
  const giveUpAt = performance.now() + busyTimeoutMs;
  for (;;) {
    const done = attempt(run, giveUpAt);
    if (done) return done.value;
    Atomics.wait(cell, 0, 0, pauseMs);
  }
};
