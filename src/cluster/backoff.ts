const firstMs = 100;
const longestMs = 30_000;
/** A process that ran for so long is not counted as failed. */
const stableMs = 60_000;

/** Milliseconds until a process that ended is started again: twice as many after each that did not run for a minute. */
export const createBackoff = () => {
  let failures = 0;
  return {
    /** @param ranMs the time for which the process ran. */
    next: (ranMs: number): number => {
      if (ranMs >= stableMs) failures = 0;
      const milliseconds = Math.min(longestMs, firstMs * 2 ** failures);
      failures += 1;
      return milliseconds;
    },
  };
};
