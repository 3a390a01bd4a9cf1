import type { RequestListener } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { type AuditTrail, type AuditTrailOptions, openAuditTrail } from './audit/audit-trail.ts';
import { authenticatorOf } from './auth/callers.ts';
import { openStore } from './config/open-store.ts';
import { type Settings, SettingsError } from './config/settings.ts';
import { secretsOf, type Wiring, wire } from './config/wiring.ts';
import { createGateway } from './http/gateway.ts';
import { readPersistedDocuments } from './http/persisted-documents.ts';
import type { PersistedDocuments } from './http/plugins/use-persisted-documents.ts';
import { readReadiness } from './http/readiness.ts';
import { type GatewayServer, serve } from './http/server.ts';
import { announce, urlOf } from './http/startup-banner.ts';
import type { Ledger } from './ledger/ledger.ts';
import { defaultLimits } from './operation/limits.ts';
import { createRequestLives, type RequestLives } from './request/request-life.ts';
import { createResponseWork, type ResponseWork } from './request/response-work.ts';
import { createLog, type Log } from './telemetry/log.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { createIncompleteLog, createMismatchLog } from './telemetry/mismatch-log.ts';
import { createRedactor, type Redactor } from './telemetry/redaction/redact.ts';
import type { UpstreamObserver } from './upstreams/client/sender.ts';
import { createAgencyCalendar } from './values/agency-calendar.ts';

// Objects of a kind that V8 has seen live on it makes among the old ones from then on. At a gateway whose requests wait
// for upstreams, that is what belongs to requests: all that they lead to, the texts of answers above all, would stay
// until the whole heap is collected.
setFlagsFromString('--no-allocation-site-pretenuring');

// V8 lets the heap of such a process grow to more than three times what it holds before it collects it. At twice, that
// takes some milliseconds every few seconds under load, and tens of megabytes less.
setFlagsFromString('--heap-growing-percent=100');

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

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
  readonly persistedDocuments: PersistedDocuments | null;
  readonly metrics: Metrics;
  readonly lives: RequestLives;
  readonly responses: ResponseWork;
}

const createHandler = (parts: Parts, ledger: Ledger, isStopping: () => boolean): RequestListener => {
  const { connection, log, redactor, trail, persistedDocuments, metrics, lives, responses } = parts;
  const { settings, tenants } = connection;
  const { graphiql, introspection, corsOrigins, trustedProxies, rateLimits } = settings;
  const gateway = createGateway({
    graphiql,
    introspection,
    corsOrigins,
    trustedProxies,
    rateLimits,
    authenticate: authenticatorOf(connection, log),
    upstreams: ({ tenant }) => tenants.of(tenant),
    log,
    audit: trail,
    redactor,
    ledger,
    lives,
    responses,
    readiness: () => readReadiness({ ledger, upstreams: tenants.states, isStopping }),
    metrics,
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
  const options = { ...settings, onConnectionDropped, onStall };
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

const openDocuments = async ({ persistedDocuments }: Settings): Promise<PersistedDocuments | null> => {
  if (persistedDocuments === null) return null;
  const { file, only } = persistedDocuments;
  return { documents: await readPersistedDocuments(file), only };
};

const openParts = async (connection: Wiring, metrics: Metrics): Promise<Parts> => {
  const { settings, tenants } = connection;
  const redactor = createRedactor({ secrets: secretsOf(connection) });
  const log = createLog(settings.logLevel, { redactor });
  const persistedDocuments = await openDocuments(settings);
  const onLost = metrics.onAuditLineLost;
  const trail = openTrail({ destination: settings.auditLog, redactor, log, onLost });
  const lives = createRequestLives(settings.requestTimeoutMs);
  const responses = createResponseWork();
  metrics.watch(tenants.states, lives, responses);
  return { connection, log, redactor, trail, persistedDocuments, metrics, lives, responses };
};

/** The share of the time that is reserved for answering waiting clients with errors, and for closing the ledger. */
const answerShare = 0.1;

interface Running {
  readonly server: GatewayServer;
  readonly ledger: Ledger;
}

/** Stops without losing anything: what has begun is answered, early if it must be, and writes are waited for. */
const stop = async ({ server, ledger }: Running, { connection, log, trail, lives }: Parts): Promise<void> => {
  const { settings, release } = connection;
  const milliseconds = settings.shutdownTimeoutMs;
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
  // Nothing is left that would keep the process.
  clearTimeout(giveUp);
};

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Node would print what the error says. */
const endByUnforeseen = (log: Log): void => {
  process.on('uncaughtException', (error) => {
    log.error({ error }, 'ended by an unexpected error');
    process.exit(1);
  });
};

const stopOnSignal = (running: Running, parts: Parts): void => {
  const { log, trail } = parts;
  const onSignal = (): void => {
    // A second signal ends the process at once.
    for (const signal of signals) process.off(signal, onSignal);
    stop(running, parts).catch((error: unknown) => {
      log.error({ name: error instanceof Error ? error.name : typeof error }, 'did not stop in good order');
      process.exit(1);
    });
  };
  for (const signal of signals) process.on(signal, onSignal);
  // SIGHUP reports that the trail's file was rotated. Without such a file it ends the process, as by default.
  if (trail.isFile) process.on('SIGHUP', () => trail.reopen());
};

const start = async (): Promise<void> => {
  const metrics = createMetrics();
  const connection = await wire((read) => {
    const log = createLog(read.settings.logLevel, { redactor: createRedactor({ secrets: secretsOf(read) }) });
    return (tenant) => {
      const warnOfMismatch = createMismatchLog(log, tenant);
      const warnOfIncomplete = createIncompleteLog(log, tenant);
      return {
        ...metrics.observer,
        onBreaker: tellOfBreakers(log, tenant),
        onMismatch: (endpoint) => {
          metrics.observer.onMismatch(endpoint);
          warnOfMismatch(endpoint);
        },
        onIncomplete: (endpoint, rows) => {
          metrics.observer.onIncomplete(endpoint, rows);
          warnOfIncomplete(endpoint, rows);
        },
      };
    };
  });
  let parts: Parts | undefined;
  let server: GatewayServer | undefined;
  try {
    parts = await openParts(connection, metrics);
    endByUnforeseen(parts.log);
    const listening = await listen(connection, metrics);
    server = listening.server;
    // Last of all, since its files are made at the first start: a refused start leaves none behind.
    const ledger = await openStore(connection, parts.log);
    listening.answerBy(createHandler(parts, ledger, server.isStopping));
    stopOnSignal({ server, ledger }, parts);
    say(announce(connection.settings));
    say(`Recollect is ready at ${urlOf(server.address)}`);
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

try {
  await start();
} catch (error) {
  process.stderr.write(`Recollect does not start.\n${explain(error)}\n`);
  process.exitCode = 1;
}
