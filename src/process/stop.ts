import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayServer } from '../http/server.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../telemetry/log.ts';
import type { Parts } from './parts.ts';

/** The share of the time that is reserved for answering waiting clients with errors, and for closing the ledger. */
const answerShare = 0.1;

/** The maximum time at the end for the export of the last traces. */
const longestExportMs = 2000;

/** What is stopped. */
export interface RunningGateway {
  readonly server: GatewayServer;
  readonly ledger: Ledger;
}

/**
 * Stops without losing anything: what has begun is answered, early if it must be, and writes are waited for.
 *
 * @returns whether nothing is left that would keep the process: otherwise, traces could not be exported in time.
 */
export const stopGateway = async (
  { server, ledger }: RunningGateway,
  { connection, log, trail, tracing, lives, polls, persistedDocuments, mcp }: Parts,
): Promise<boolean> => {
  const { settings, release } = connection;
  const milliseconds = settings.shutdownTimeoutMs;
  const begin = performance.now();
  log.info({ requests: lives.count(), milliseconds }, 'stopping');
  // Their clients connect to another process.
  polls.end();
  lives.shorten(milliseconds * (1 - answerShare));
  // What has not arrived by then in full is no request.
  const cut = setTimeout(() => server.cut(), milliseconds * (1 - answerShare / 2));
  const giveUp = setTimeout(() => {
    log.error({}, 'stopped before all was done: outcomes of pending writes are not known');
    process.exit(1);
  }, milliseconds);
  await server.stop();
  // Of those whose clients have left too.
  await lives.idle();
  clearTimeout(cut);
  await ledger.close();
  await release();
  trail.close();
  persistedDocuments?.close();
  mcp?.close();
  const elapsed = () => performance.now() - begin;
  const leftMs = Math.max(0, milliseconds * (1 - answerShare / 2) - elapsed());
  const isExported = await tracing.close(Math.min(longestExportMs, leftMs));
  clearTimeout(giveUp);
  log.info({ milliseconds: Math.round(elapsed()) }, 'stopped');
  return isExported;
};

/** Serves as before, and reports that it is not ready, until proxies that ask for that have chosen another gateway. */
export const delayStop = async ({ server }: RunningGateway, { connection, log }: Parts): Promise<void> => {
  const milliseconds = connection.settings.shutdownDelayMs;
  if (milliseconds === 0) return;
  log.info({ milliseconds }, 'not ready any more: stopping after the delay');
  server.announceStop();
  await pause(milliseconds);
};

/** Ends the process after the stop, if something is left that would keep it. */
export const exitAfter = (stopped: Promise<boolean>, log: Log): void => {
  stopped.then(
    (isIdle) => {
      if (!isIdle) process.exit(0);
    },
    (error: unknown) => {
      log.error({ name: error instanceof Error ? error.name : typeof error }, 'did not stop in good order');
      process.exit(1);
    },
  );
};
