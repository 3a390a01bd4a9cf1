import { setTimeout as pause } from 'node:timers/promises';

/** The waits of the ledger, in real time or in that of a test. */
export interface LedgerTimers {
  pause(milliseconds: number): Promise<unknown>;
  /** Calls a function at an interval, until the returned function is called. Keeps no process running. */
  every(milliseconds: number, run: () => void): () => void;
}

export const systemTimers: LedgerTimers = {
  pause: (milliseconds) => pause(milliseconds),
  every: (milliseconds, run) => {
    const timer = setInterval(run, milliseconds).unref();
    return () => clearInterval(timer);
  },
};
