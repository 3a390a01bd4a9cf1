import { isBusy } from './retry-while-busy.ts';

/**
 * Moves what was written from SQLite's log into the file of the store, soon after each write and at a bounded rate: a
 * copy of the file alone then contains it too. An empty log also cannot change an older file that is put in its place.
 */
export interface Checkpoints {
  /** Has one done soon. */
  request(): void;
  /** Does one now, instead of the one that was requested. */
  now(): void;
  /** Does no more. */
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
