import { isBusy } from './retry-while-busy.ts';

/**
 * Copies changes from SQLite's write-ahead log into the store file, soon after each write and at a limited rate. A copy
 * of the file alone then contains them. An empty log also cannot change an older file that replaces the store.
 */
export interface Checkpoints {
  /** Schedules a checkpoint. */
  request(): void;
  /** Runs a checkpoint now instead of the scheduled one. */
  now(): void;
  /** Stops all checkpoints. */
  stop(): void;
}

const intervalMs = 250;

/** @param run returns false if another process prevents it for now. */
export const createCheckpoints = (run: () => boolean): Checkpoints => {
  let timer: NodeJS.Timeout | undefined;

  const isDone = (): boolean => {
    try {
      return run();
    } catch (error) {
      // The next write fails for any other reason too, and reports it.
      return !isBusy(error);
    }
  };

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };

  const request = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (!isDone()) request();
    }, intervalMs).unref();
  };

  return {
    request,
    now: () => {
      stop();
      if (!isDone()) request();
    },
    stop,
  };
};
