import type { WorkerLink } from '../cluster/worker-link.ts';
import type { Parts } from './parts.ts';
import { delayStop, exitAfter, type RunningGateway, stopGateway } from './stop.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

const reopen = ({ trail, persistedDocuments, mcp }: Parts): void => {
  // The trail's file may have been rotated.
  trail.reopen();
  void persistedDocuments?.reload().then(() => mcp?.reload());
};

/** Obeys the supervisor instead of signals. */
export const obeySupervisor = (
  { onOrder, end }: WorkerLink,
  running: RunningGateway,
  parts: Parts,
  retire: () => void,
): void => {
  let isEnding = false;
  onOrder((order) => {
    if (order === 'announce') running.server.announceStop();
    if (order === 'reopen') reopen(parts);
    if (order === 'retire') retire();
    if (order === 'announce' || order === 'reopen' || isEnding) return;
    isEnding = true;
    const stopped = stopGateway(running, parts).then(async (isIdle) => {
      await end();
      return isIdle;
    });
    exitAfter(stopped, parts.log);
  });
};

/** Obeys signals, as the only process that serves the port. */
export const obeySignals = (running: RunningGateway, parts: Parts): void => {
  const { log, trail, persistedDocuments } = parts;
  const onSignal = (): void => {
    // A second signal ends the process at once.
    for (const signal of signals) process.off(signal, onSignal);
    exitAfter(
      delayStop(running, parts).then(() => stopGateway(running, parts)),
      log,
    );
  };
  for (const signal of signals) process.on(signal, onSignal);
  // Without anything to open again, SIGHUP ends the process, as by default.
  if (trail.isFile || persistedDocuments) {
    process.on('SIGHUP', () => reopen(parts));
  }
};
