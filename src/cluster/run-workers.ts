import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { readEnvironment } from '../config/environment-file.ts';
import { outputFormatOf } from '../config/log-format.ts';
import { warnOfNodeRelease } from '../config/node-releases.ts';
import { startOwnSandbox } from '../config/own-sandbox.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import { shareOfLimits } from '../config/share-of-limits.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { createWorkerMetrics } from '../telemetry/metrics/worker-metrics.ts';
import { type Connections, openConnections } from './connections.ts';
import { createScrapes, type Scrapes } from './scrapes.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { WorkerProcess } from './worker-process.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** The time beyond that of a worker's own deadline after which it is killed. */
const killDelayMs = 1000;

interface Running {
  readonly supervisor: Supervisor;
  readonly connections: Connections;
  readonly log: Log;
  /** Those of the last reload. */
  readonly settings: () => Settings;
  readonly closeSandbox: () => Promise<void>;
}

/** Ends all workers as a process without workers would end. @returns whether all ended in good order. */
const stop = async ({ supervisor, connections, log, settings, closeSandbox }: Running): Promise<boolean> => {
  const { shutdownDelayMs, shutdownTimeoutMs } = settings();
  const begin = performance.now();
  supervisor.cease();
  if (shutdownDelayMs > 0) {
    supervisor.order('announce');
    await pause(shutdownDelayMs);
  }
  log.info({ workers: supervisor.serving(), milliseconds: shutdownTimeoutMs }, 'stopping the workers');
  // A client whose connection is closed opens another one: none is closed before that is refused.
  await connections.close(shutdownTimeoutMs);
  const isInOrder = await supervisor.stop();
  await closeSandbox();
  const milliseconds = Math.round(performance.now() - begin);
  if (isInOrder) log.info({ milliseconds }, 'all workers have stopped');
  else log.error({ milliseconds }, 'a worker did not stop in good order');
  return isInOrder;
};

const stopOnSignal = (running: Running): void => {
  const onSignal = (): void => {
    for (const signal of signals) {
      process.off(signal, onSignal);
      // A second signal ends all processes at once.
      process.once(signal, () => {
        running.supervisor.killAll();
        process.kill(process.pid, signal);
      });
    }
    void stop(running).then(
      (isInOrder) => process.exit(isInOrder ? 0 : 1),
      () => {
        running.supervisor.killAll();
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, onSignal);
};

const reloadOnSignal = (
  { supervisor, log }: Running,
  use: (settings: Settings) => void,
  first: Settings,
): void => {
  process.on('SIGHUP', () => {
    // The file of the audit trail may have been rotated.
    supervisor.order('reopen');
    let settings: Settings;
    try {
      settings = readSettings(readEnvironment());
    } catch (error) {
      const problem = error instanceof Error ? error.message : 'unexpected error';
      log.error({ problem }, 'the reload was aborted: the settings cannot be used');
      return;
    }
    const { port, host, workers } = settings;
    if (port !== first.port || host !== first.host || workers !== first.workers) {
      log.warn({}, 'PORT, HOST and WORKERS are read at a restart only, not at a reload');
    }
    use(settings);
    void supervisor.reload();
  });
};

/**
 * Runs the gateway as several processes that serve one port: this process accepts connections, hands them to workers,
 * and starts, replaces and stops those.
 *
 * @throws {SettingsError} if a setting cannot be used, {WorkerStartError} if a worker does not start, or an error with
 * the code of the system if the port cannot be opened.
 */
export const runWorkers = async (first: Settings): Promise<Log> => {
  let settings = first;
  const { isPretty } = outputFormatOf(readEnvironment(), process.stdout.isTTY);
  const log = createLog(first.logLevel, { isPretty });
  const connections = await openConnections(
    first.port,
    first.host,
    first.maxConnections,
    shareOfLimits(first, first.workers).maxConnections,
  );
  const sandbox = first.usesSandbox ? await startOwnSandbox() : null;
  // Its reader may have ended.
  process.stdout.on('error', () => {});
  const start = {
    address: connections.address,
    isTerminal: process.stdout.isTTY,
    group: randomUUID(),
    sandbox: sandbox && { scollect: sandbox.scollect, recoveryConnect: sandbox.recoveryConnect },
  };
  // What `.env` says of these two counts at the start only.
  const variables = { WORKERS: String(first.workers), HOST: first.host };
  const metrics = createWorkerMetrics(
    () => first.workers,
    () => supervisor.serving(),
  );
  const supervisor: Supervisor = createSupervisor({
    count: first.workers,
    log,
    connections,
    create: (number) => {
      const worker = new WorkerProcess({ ...start, number }, variables, {
        onFree: connections.advance,
        onScrape: (answer) => void scrapes.read().then(answer, () => {}),
        onLines: (lines) => process.stdout.write(lines),
        onWritten: (message) => {
          for (const other of supervisor.workers()) if (other !== worker) other.report(message);
        },
      });
      return worker;
    },
    scrapes: () => scrapes,
    onExit: metrics.onExit,
    endTimeoutMs: () => settings.shutdownTimeoutMs + killDelayMs,
  });
  const scrapes: Scrapes = createScrapes(supervisor.workers, metrics);
  const running: Running = {
    supervisor,
    connections,
    log,
    settings: () => settings,
    closeSandbox: async () => sandbox?.close(),
  };
  try {
    const report = await supervisor.start();
    warnOfNodeRelease(first, log);
    stopOnSignal(running);
    reloadOnSignal(
      running,
      (read) => {
        settings = read;
      },
      first,
    );
    process.stdout.write(report);
  } catch (error) {
    supervisor.cease();
    supervisor.killAll();
    await Promise.all(supervisor.workers().map(({ ended }) => ended));
    await connections.close(0);
    await sandbox?.close();
    throw error;
  }
  return log;
};
