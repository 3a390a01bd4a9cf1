import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { type AuditTrail, type AuditTrailOptions, openAuditTrail } from '../audit/audit-trail.ts';
import type { WorkerLink } from '../cluster/worker-link.ts';
import { type Settings, SettingsError } from '../config/settings.ts';
import { secretsOf, type Wiring } from '../config/wiring.ts';
import type { OpenMcp } from '../http/mcp/open-mcp.ts';
import {
  type OpenPersistedDocuments,
  openPersistedDocuments,
} from '../http/persisted-documents/open-documents.ts';
import { createRequestLives, type RequestLives } from '../request/request-life.ts';
import { createResponseWork, type ResponseWork } from '../request/response-work.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createRedactor, type Redactor } from '../telemetry/redaction/redact.ts';
import { openTracing } from '../telemetry/tracing/open-tracing.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import { Polls } from '../updates/polls.ts';
import { createRedisReports } from '../updates/redis-reports.ts';
import { mergeReports, type WriteReports } from '../updates/write-reports.ts';
import { outputFormat } from './output.ts';

/** What is opened before a port is taken. None of it creates a file of the ledger. */
export interface Parts {
  readonly connection: Wiring;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly trail: AuditTrail;
  readonly persistedDocuments: OpenPersistedDocuments | null;
  readonly mcp: OpenMcp | null;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly lives: RequestLives;
  readonly responses: ResponseWork;
  readonly polls: Polls;
  /** The schema with the fields for a router; `undefined` without a federation. */
  readonly subgraph: GraphQLSchema | undefined;
}

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

/** Loads the protocol, which takes megabytes, only where it is used. */
const openTools = async (
  settings: Settings['mcp'],
  documents: OpenPersistedDocuments | null,
  log: Log,
): Promise<OpenMcp | null> => {
  if (!settings || !documents) return null;
  const { openMcp } = await import('../http/mcp/open-mcp.ts');
  return openMcp({ ...settings, documents, log });
};

/** Creates the reports of writes to and from the other workers and replicas of this gateway; `null` if it has none. */
const createReports = (shared: Wiring['shared'], link: WorkerLink | undefined): WriteReports | null => {
  const { reports, group = randomUUID() } = link ?? {};
  return mergeReports([
    ...(reports ? [reports] : []),
    ...(shared ? [createRedisReports({ ...shared, group })] : []),
  ]);
};

export const openParts = async (
  connection: Wiring,
  metrics: Metrics,
  link: WorkerLink | undefined,
): Promise<Parts> => {
  const { settings, tenants } = connection;
  const redactor = createRedactor({ secrets: secretsOf(connection) });
  const { isPretty } = outputFormat();
  const log = createLog(settings.logLevel, { redactor, isPretty, fields: link?.logFields });
  const persistedDocuments =
    settings.persistedDocuments &&
    (await openPersistedDocuments({ ...settings.persistedDocuments, log, metrics }));
  const mcp = await openTools(settings.mcp, persistedDocuments, log);
  const onLost = metrics.onAuditLineLost;
  const trail = openTrail({ destination: settings.auditLog, redactor, log, onLost });
  const tracing = await openTracing(settings.tracing, log, link?.number);
  const lives = createRequestLives(settings.requestTimeoutMs);
  const responses = createResponseWork();
  const polls = new Polls(settings.polls, createReports(connection.shared, link));
  metrics.watch(tenants.states, responses, polls);
  const subgraph = settings.federation
    ? (await import('../schema/federation/subgraph.ts')).subgraph
    : undefined;
  return {
    connection,
    log,
    redactor,
    trail,
    persistedDocuments,
    mcp,
    metrics,
    tracing,
    lives,
    responses,
    polls,
    subgraph,
  };
};
