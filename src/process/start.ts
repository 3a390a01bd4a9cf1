import type { WorkerLink } from '../cluster/worker-link.ts';
import { announceCache, cacheReports } from '../config/cache-reports.ts';
import { warnOfNodeRelease } from '../config/node-releases.ts';
import { observeRedis } from '../config/observe-redis.ts';
import { observeUpstreams } from '../config/observe-upstreams.ts';
import { openStore } from '../config/open-store.ts';
import type { Settings } from '../config/settings.ts';
import { secretsOf, type Wiring, wire } from '../config/wiring.ts';
import type { GatewayServer } from '../http/server.ts';
import { announce, startReport, urlOf } from '../http/startup-banner.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { createRedactor } from '../telemetry/redaction/redact.ts';
import type { UpstreamObserver } from '../upstreams/client/upstream-observer.ts';
import { createGatewayHandler } from './gateway-handler.ts';
import { startListening } from './listening.ts';
import { obeySignals, obeySupervisor } from './orders.ts';
import { outputFormat, reportLine } from './output.ts';
import { openParts, type Parts } from './parts.ts';
import type { Unforeseen } from './unforeseen.ts';

const tellOfBreakers =
  (log: Log, tenant: string | null): NonNullable<UpstreamObserver['onBreaker']> =>
  (upstream, breaker, failure) => {
    const of = tenant === null ? { upstream, breaker } : { upstream, breaker, tenant };
    if (breaker === 'open') log.warn({ ...of, failure }, 'an upstream fails and is not asked for a while');
    else log.info(of, 'an upstream is asked again');
  };

/** Returns the report of the start, which has no level of the log: scripts wait for its last line. */
const readyReport = (settings: Settings, url: string): string => {
  const ready = `Recollect is ready at ${url}`;
  return outputFormat().isJson
    ? [...startReport(settings), ready].map((sentence) => reportLine(30, {}, sentence)).join('')
    : `${announce(settings)}\n${ready}\n`;
};

/** Reads the settings and creates the clients of the upstreams, which report to metrics and the log. */
const connect = (metrics: Metrics, link: WorkerLink | undefined, unforeseen: Unforeseen): Promise<Wiring> =>
  wire(
    (read) => {
      const { isPretty } = outputFormat();
      const redactor = createRedactor({ secrets: secretsOf(read) });
      const log = createLog(read.settings.logLevel, { redactor, isPretty, fields: link?.logFields });
      const observerOf = observeUpstreams(metrics, log, [...read.credentials.values()]);
      return (tenant) => ({ ...observerOf(tenant), onBreaker: tellOfBreakers(log, tenant) });
    },
    { reports: cacheReports(metrics.cache, unforeseen.log), sharedSandbox: link?.sandbox },
  );

/**
 * Starts to serve requests.
 *
 * @param link that of a worker with its supervisor; `undefined` in the only process that serves the port.
 * @throws {SettingsError} if a setting cannot be used, or an error with the code of the system.
 */
export const startGateway = async (link: WorkerLink | undefined, unforeseen: Unforeseen): Promise<void> => {
  const metrics = createMetrics();
  const connection = await connect(metrics, link, unforeseen);
  let parts: Parts | undefined;
  let server: GatewayServer | undefined;
  try {
    parts = await openParts(connection, metrics, link);
    unforeseen.use(parts.log);
    // With workers, the process that supervises them logs it: once, and not again for a worker that is replaced.
    if (!link) warnOfNodeRelease(connection.settings, parts.log);
    announceCache(connection.settings, metrics.cache, parts.log);
    if (connection.shared) observeRedis(connection.shared.redis, metrics, parts.log);
    const listening = await startListening(connection.settings, metrics, link);
    server = listening.server;
    // Last of all, since its files are made at the first start: a refused start leaves none behind.
    const store = await openStore(connection, parts.log, metrics.ledger);
    connection.shared?.useGatewayKey(store.gatewayKey);
    await connection.tenants.startSharing();
    const { isStopping } = server;
    // A worker that is replaced answers for the gateway, which continues to serve.
    let isReplaced = false;
    listening.answerBy(createGatewayHandler(parts, store, link, () => isStopping() && !isReplaced));
    const running = { server, ledger: store.ledger };
    const report = readyReport(connection.settings, urlOf(server.address));
    if (link) {
      link.provideMetrics(metrics.snapshot);
      obeySupervisor(link, running, parts, () => {
        isReplaced = true;
      });
      link.ready(report);
    } else {
      obeySignals(running, parts);
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
