import cluster from 'node:cluster';
import type { RequestListener } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { type AuditTrail, type AuditTrailOptions, openAuditTrail } from './audit/audit-trail.ts';
import { authenticatorOf } from './auth/callers.ts';
import { runWorkers } from './cluster/run-workers.ts';
import { openWorkerLink, type WorkerLink } from './cluster/worker-link.ts';
import { announceCache, cacheReports } from './config/cache-reports.ts';
import { type OutputFormat, outputFormatOf } from './config/log-format.ts';
import { observeUpstreams } from './config/observe-upstreams.ts';
import { type OpenedStore, openStore } from './config/open-store.ts';
import { readSettings, type Settings, SettingsError } from './config/settings.ts';
import { shareOfLimits } from './config/share-of-limits.ts';
import { readEnvironment, secretsOf, type Wiring, wire } from './config/wiring.ts';
import { createGateway } from './http/gateway.ts';
import {
  type OpenPersistedDocuments,
  openPersistedDocuments,
} from './http/persisted-documents/open-documents.ts';
import { readReadiness } from './http/readiness.ts';
import { type GatewayServer, serve } from './http/server.ts';
import { announce, startReport, urlOf } from './http/startup-banner.ts';
import type { Ledger } from './ledger/ledger.ts';
import { defaultLimits } from './operation/limits.ts';
import { createRequestLives, type RequestLives } from './request/request-life.ts';
import { createResponseWork, type ResponseWork } from './request/response-work.ts';
import { createLog, type Log } from './telemetry/log.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { createRedactor, type Redactor } from './telemetry/redaction/redact.ts';
import { openTracing } from './telemetry/tracing/open-tracing.ts';
import type { Tracing } from './telemetry/tracing/tracing.ts';
import type { UpstreamObserver } from './upstreams/client/upstream-observer.ts';
import { createAgencyCalendar } from './values/agency-calendar.ts';

// Objects of a kind that V8 has seen live on it makes among the old ones from then on. At a gateway whose requests wait
// for upstreams, that is what belongs to requests: all that they lead to, the texts of answers above all, would stay
// until the whole heap is collected.
setFlagsFromString('--no-allocation-site-pretenuring');

// V8 lets the heap of such a process grow to more than three times what it holds before it collects it. At twice, that
// takes some milliseconds every few seconds under load, and tens of megabytes less.
setFlagsFromString('--heap-growing-percent=100');

/** If this process is one of several that serve the port. */
const link = openWorkerLink();

const formatOf = (variables: Readonly<Record<string, string | undefined>>): OutputFormat =>
  outputFormatOf(variables, process.stdout.isTTY);

/** Read again for each line: `.env` may set it. */
const outputFormat = (): OutputFormat => formatOf(process.env);

const tellOfBreakers =
  (log: Log, tenant: string | null): NonNullable<UpstreamObserver['onBreaker']> =>
  (upstream, breaker, failure) => {
    const of = tenant === null ? { upstream, breaker } : { upstream, breaker, tenant };
    if (breaker === 'open') log.warn({ ...of, failure }, 'an upstream fails and is not asked for a while');
    else log.info(of, 'an upstream is asked again');
  };

/** What is opened before a port is taken. None of it creates a file of the ledger. */
interface Parts {
  readonly connection: Wiring;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly trail: AuditTrail;
  readonly persistedDocuments: OpenPersistedDocuments | null;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly lives: RequestLives;
  readonly responses: ResponseWork;
}

const createHandler = (
  parts: Parts,
  { ledger, gatewayKey }: OpenedStore,
  isStopping: () => boolean,
): RequestListener => {
  const { connection, log, redactor, trail, persistedDocuments, metrics, tracing, lives, responses } = parts;
  const { settings, tenants } = connection;
  const { graphiql, introspection, corsOrigins, corsHeaders, trustedProxies } = settings;
  const { rateLimits } = shareOfLimits(settings, settings.workers);
  const gateway = createGateway({
    graphiql,
    requiresToken: settings.authentication !== null,
    usesSandbox: settings.usesSandbox,
    introspection,
    corsOrigins,
    corsHeaders,
    trustedProxies,
    rateLimits,
    shared: connection.shared,
    authenticate: authenticatorOf(connection, log),
    upstreams: ({ tenant }) => tenants.of(tenant),
    log,
    audit: trail,
    redactor,
    ledger,
    gatewayKey,
    lives,
    responses,
    readiness: () => readReadiness({ ledger, upstreams: tenants.states, isStopping }),
    metrics: link ? { ...metrics, read: link.scrape } : metrics,
    tracing,
    loopbackOnly: settings.authDisabled,
    persistedDocuments,
    calendar: createAgencyCalendar(settings.timeZone),
    limits: { ...defaultLimits, maxUpstreamCalls: settings.maxUpstreamCalls },
  });
  return gateway.handle;
};

/** A server whose requests wait until there is something to answer them. */
const listen = async ({ settings }: Wiring, metrics: Metrics) => {
  const waiting: Parameters<RequestListener>[] = [];
  let handle: RequestListener = (...exchange) => void waiting.push(exchange);
  const { onConnectionDropped, onStall } = metrics;
  const share = shareOfLimits(settings, settings.workers);
  const options = { ...share, onConnectionDropped, onStall, handedOver: link?.connections };
  const server = await serve((request, response) => handle(request, response), options);
  metrics.watchConnections(server.connections);
  return {
    server,
    answerBy: (handler: RequestListener): void => {
      handle = handler;
      for (const exchange of waiting.splice(0)) handler(...exchange);
    },
  };
};

const openTrail = (options: AuditTrailOptions): AuditTrail => {
  try {
    return openAuditTrail(options);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SettingsError([
      `AUDIT_LOG: expected stdout, off, or the path of a file that can be appended to, or made; the system says ${code}.`,
    ]);
  }
};

const openParts = async (connection: Wiring, metrics: Metrics): Promise<Parts> => {
  const { settings, tenants } = connection;
  const redactor = createRedactor({ secrets: secretsOf(connection) });
  const { isPretty } = outputFormat();
  const log = createLog(settings.logLevel, { redactor, isPretty, fields: link?.logFields });
  const persistedDocuments =
    settings.persistedDocuments &&
    (await openPersistedDocuments({ ...settings.persistedDocuments, log, metrics }));
  const onLost = metrics.onAuditLineLost;
  const trail = openTrail({ destination: settings.auditLog, redactor, log, onLost });
  const tracing = await openTracing(settings.tracing, log, link?.number);
  const lives = createRequestLives(settings.requestTimeoutMs);
  const responses = createResponseWork();
  metrics.watch(tenants.states, responses);
  return { connection, log, redactor, trail, persistedDocuments, metrics, tracing, lives, responses };
};

/** The share of the time that is reserved for answering waiting clients with errors, and for closing the ledger. */
const answerShare = 0.1;

/** The maximum time at the end for the export of the last traces. */
const longestExportMs = 2000;

interface Running {
  readonly server: GatewayServer;
  readonly ledger: Ledger;
}

/**
 * Stops without losing anything: what has begun is answered, early if it must be, and writes are waited for.
 *
 * @returns whether nothing is left that would keep the process: otherwise, traces could not be exported in time.
 */
const stop = async (
  { server, ledger }: Running,
  { connection, log, trail, tracing, lives, persistedDocuments }: Parts,
): Promise<boolean> => {
  const { settings, release } = connection;
  const milliseconds = settings.shutdownTimeoutMs;
  const begin = performance.now();
  log.info({ requests: lives.count(), milliseconds }, 'stopping');
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
  const elapsed = () => performance.now() - begin;
  const leftMs = Math.max(0, milliseconds * (1 - answerShare / 2) - elapsed());
  const isExported = await tracing.close(Math.min(longestExportMs, leftMs));
  clearTimeout(giveUp);
  log.info({ milliseconds: Math.round(elapsed()) }, 'stopped');
  return isExported;
};

/** Serves as before, and reports that it is not ready, until proxies that ask for that have chosen another gateway. */
const delayStop = async ({ server }: Running, { connection, log }: Parts): Promise<void> => {
  const milliseconds = connection.settings.shutdownDelayMs;
  if (milliseconds === 0) return;
  log.info({ milliseconds }, 'not ready any more: stopping after the delay');
  server.announceStop();
  await pause(milliseconds);
};

const signals = ['SIGINT', 'SIGTERM'] as const;

/** The log of what nobody foresaw: at first one with defaults, since the settings are not read yet. */
const unforeseen = { log: createLog('info', { ...outputFormat(), fields: link?.logFields }) };

/** Node would print what the error says. */
const logErrors = (): void => {
  process.on('uncaughtException', (error) => {
    unforeseen.log.error({ error }, 'ended by an unexpected error');
    process.exit(1);
  });
};

/** Logs warnings of Node, which are texts otherwise, if all output is JSON. */
const logWarnings = (): void => {
  if (!outputFormat().isJson) return;
  process.removeAllListeners('warning');
  process.on('warning', (warning) => unforeseen.log.warn({ warning }, 'a warning of Node'));
};

const exitAfter = (stopped: Promise<boolean>, log: Log): void => {
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

const reopen = ({ trail, persistedDocuments }: Parts): void => {
  // The trail's file may have been rotated.
  trail.reopen();
  void persistedDocuments?.reload();
};

/** Obeys the supervisor instead of signals. */
const obey = ({ onOrder, end }: WorkerLink, running: Running, parts: Parts, retire: () => void): void => {
  let isEnding = false;
  onOrder((order) => {
    if (order === 'announce') running.server.announceStop();
    if (order === 'reopen') reopen(parts);
    if (order === 'retire') retire();
    if (order === 'announce' || order === 'reopen' || isEnding) return;
    isEnding = true;
    const stopped = stop(running, parts).then(async (isIdle) => {
      await end();
      return isIdle;
    });
    exitAfter(stopped, parts.log);
  });
};

const stopOnSignal = (running: Running, parts: Parts): void => {
  const { log, trail, persistedDocuments } = parts;
  const onSignal = (): void => {
    // A second signal ends the process at once.
    for (const signal of signals) process.off(signal, onSignal);
    exitAfter(
      delayStop(running, parts).then(() => stop(running, parts)),
      log,
    );
  };
  for (const signal of signals) process.on(signal, onSignal);
  // Without anything to open again, SIGHUP ends the process, as by default.
  if (trail.isFile || persistedDocuments) {
    process.on('SIGHUP', () => reopen(parts));
  }
};

/** Returns a line of JSON as the log has it. The report of the start contains addresses, which the log redacts. */
const reportLine = (level: number, details: object, msg: string): string =>
  `${JSON.stringify({ level, time: new Date().toISOString(), ...details, msg })}\n`;

/** Returns the report of the start, which has no level of the log: scripts wait for its last line. */
const readyReport = (settings: Settings, url: string): string => {
  const ready = `Recollect is ready at ${url}`;
  return outputFormat().isJson
    ? [...startReport(settings), ready].map((sentence) => reportLine(30, {}, sentence)).join('')
    : `${announce(settings)}\n${ready}\n`;
};

const start = async (): Promise<void> => {
  const metrics = createMetrics();
  const connection = await wire(
    (read) => {
      const { isPretty } = outputFormat();
      const redactor = createRedactor({ secrets: secretsOf(read) });
      const log = createLog(read.settings.logLevel, { redactor, isPretty, fields: link?.logFields });
      const observerOf = observeUpstreams(metrics, log, [...read.credentials.values()]);
      return (tenant) => ({ ...observerOf(tenant), onBreaker: tellOfBreakers(log, tenant) });
    },
    { reports: cacheReports(metrics.cache, () => unforeseen.log), sharedSandbox: link?.sandbox },
  );
  let parts: Parts | undefined;
  let server: GatewayServer | undefined;
  try {
    parts = await openParts(connection, metrics);
    unforeseen.log = parts.log;
    announceCache(connection.settings, metrics.cache, parts.log);
    // A file `.env` may have set the format.
    logWarnings();
    const listening = await listen(connection, metrics);
    server = listening.server;
    // Last of all, since its files are made at the first start: a refused start leaves none behind.
    const store = await openStore(connection, parts.log, metrics.ledger);
    connection.shared?.useGatewayKey(store.gatewayKey);
    await connection.tenants.startSharing();
    const { isStopping } = server;
    // A worker that is replaced answers for the gateway, which continues to serve.
    let isReplaced = false;
    listening.answerBy(createHandler(parts, store, () => isStopping() && !isReplaced));
    const running = { server, ledger: store.ledger };
    const report = readyReport(connection.settings, urlOf(server.address));
    if (link) {
      link.provideMetrics(metrics.snapshot);
      obey(link, running, parts, () => {
        isReplaced = true;
      });
      link.ready(report);
    } else {
      stopOnSignal(running, parts);
      process.stdout.write(report);
    }
  } catch (error) {
    const stopped = server?.stop();
    server?.cut();
    await stopped;
    parts?.trail.close();
    await connection.release();
    throw error;
  }
};

const explain = (error: unknown): string => {
  if (error instanceof SettingsError) return error.message;
  const { code = '', message = 'unknown error' } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'PORT: taken by another process; expected a free one, or 0 to pick one.';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'HOST: expected an address of this machine.';
  return message;
};

/** Returns the environment as it is in effect: a supervisor does not take that of `.env` for its own. */
const environmentOrOwn = () => {
  try {
    return readEnvironment();
  } catch {
    return process.env;
  }
};

const reportFailure = (error: unknown): void => {
  const reason = explain(error);
  const msg = 'Recollect does not start.';
  const { isJson } = formatOf(environmentOrOwn());
  process.stderr.write(
    isJson ? reportLine(60, { problems: reason.split('\n') }, msg) : `${msg}\n${reason}\n`,
  );
};

/** Returns the settings if several processes are to serve the port, and this one can start them. */
const settingsOfSeveral = (): Settings | null => {
  if (link || !cluster.isPrimary) return null;
  const settings = readSettings(readEnvironment());
  return settings.workers > 1 ? settings : null;
};

logErrors();
logWarnings();
try {
  const several = settingsOfSeveral();
  if (several) unforeseen.log = await runWorkers(several, formatOf);
  else await start();
} catch (error) {
  if (link) {
    await link.failed(explain(error));
    process.exit(1);
  }
  reportFailure(error);
  process.exitCode = 1;
}
