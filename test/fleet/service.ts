import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** A server that is started again whenever it ends, as systemd does. */
export interface Service {
  /** Ends it at once. It is started again after a moment. */
  kill(signal?: NodeJS.Signals): void;
  /** How often it was started. */
  starts(): number;
  pid(): number;
  close(): Promise<void>;
}

const restartMs = 500;

/** Starts a server, and waits until it is ready. */
export const startService = async (
  start: () => ChildProcess,
  isReady: () => Promise<boolean>,
): Promise<Service> => {
  let isClosed = false;
  let starts = 0;
  let child: ChildProcess;
  const run = async (): Promise<void> => {
    while (!isClosed) {
      child = start();
      starts += 1;
      await once(child, 'exit');
      if (!isClosed) await pause(restartMs);
    }
  };
  const ended = run();
  const deadline = performance.now() + 30_000;
  while (!(await isReady())) {
    if (performance.now() > deadline) throw new Error('The server does not start.');
    await pause(100);
  }
  return {
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    starts: () => starts,
    pid: () => child.pid ?? 0,
    close: async () => {
      isClosed = true;
      child.kill('SIGKILL');
      await ended;
    },
  };
};
