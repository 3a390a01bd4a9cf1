import type { z } from 'zod';
import { ledgerFiles } from '../ledger/ledger-files.ts';
import type { LedgerSettings } from '../ledger/open-ledger.ts';
import type { logLevels } from '../telemetry/log.ts';
import type { TracingSettings } from '../telemetry/tracing/open-tracing.ts';
import type { PollLimits } from '../updates/polls.ts';
import type { UpstreamSettings } from '../upstreams/upstreams.ts';
import {
  type AuthenticationSettings,
  accessProblems,
  authenticationOf,
  type RateLimitSettings,
  rateLimitsOf,
} from './access.ts';
import { cacheProblems } from './cache-setting.ts';
import { type Environment, environment } from './environment.ts';
import { type McpSettings, mcpOf, mcpProblems } from './mcp-settings.ts';
import { defaultStore } from './store-url.ts';
import { collectorSecretsOf, tracingOf } from './tracing-settings.ts';
import { timeoutsOf, upstreamProblems, upstreamsOf, usesSandbox } from './upstream-settings.ts';

/** An unusable setting. The message contains its name, never its value. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SettingsError';
  }
}

const hoursInMs = 60 * 60 * 1000;

export interface Settings {
  /** Whether `NODE_ENV` is `production`. */
  readonly isProduction: boolean;
  readonly port: number;
  readonly host: string;
  /** The number of processes that serve the port. The limits below are those of all together: see `shareOfLimits`. */
  readonly workers: number;
  /** IANA name of the agency's time zone; undefined for the machine's. */
  readonly timeZone: string | undefined;
  /** URLs and credentials of the upstreams; without any, the sandbox replaces them. */
  readonly upstreams: UpstreamSettings;
  /** The file with the credentials of each tenant. */
  readonly credentialsFile: string | undefined;
  readonly usesSandbox: boolean;
  readonly ledger: LedgerSettings;
  /** Seconds for which responses are cached, by operation; `null` without a cache. */
  readonly cache: ReadonlyMap<string, number> | null;
  /** The URL of the Redis that processes share, which may contain a password; `null` without one. */
  readonly redisUrl: string | null;
  /** Milliseconds after which an idle client connection is closed. */
  readonly keepAliveTimeoutMs: number;
  /** The maximum number of open client connections. */
  readonly maxConnections: number;
  /** The maximum milliseconds of a request. */
  readonly requestTimeoutMs: number;
  /** Milliseconds without progress after which a client that does not read its response is disconnected. */
  readonly writeTimeoutMs: number;
  /** Milliseconds from the stop signal for which the gateway serves as before, and is not ready. */
  readonly shutdownDelayMs: number;
  /** Milliseconds from the end of that delay to the end of the process. */
  readonly shutdownTimeoutMs: number;
  /** `null` without authentication. */
  readonly authentication: AuthenticationSettings | null;
  readonly authDisabled: boolean;
  readonly rateLimits: RateLimitSettings;
  /** How accounts and orders are followed for subscriptions. */
  readonly polls: PollLimits;
  /** The maximum upstream calls of an operation. */
  readonly maxUpstreamCalls: number;
  /** The origins of web sites that may send requests (CORS). */
  readonly corsOrigins: readonly string[];
  /** Headers that pages of these origins may send besides the known ones. */
  readonly corsHeaders: readonly string[];
  /** The number of trusted proxies in front of the gateway. */
  readonly trustedProxies: number;
  readonly introspection: boolean;
  readonly graphiql: boolean;
  /** Whether the gateway is a subgraph of a federation. */
  readonly federation: boolean;
  /** The manifest of documents that are requested by their hash. */
  readonly persistedDocuments: { readonly paths: readonly string[]; readonly only: boolean } | null;
  /** `null` without `/mcp`. */
  readonly mcp: McpSettings | null;
  /** The destination of the audit trail: `stdout`, `off` or the path of a file. */
  readonly auditLog: string;
  readonly logLevel: (typeof logLevels)[number];
  readonly tracing: TracingSettings;
  /** Credentials for the collector of traces, which the log must not contain. */
  readonly collectorSecrets: readonly string[];
}

type LedgerEnvironment = Pick<Environment, 'STORE_URL' | 'STORE_KEY' | 'IDEMPOTENCY_KEY_HOURS'>;

/** Where the key is kept for a ledger that has no folder. */
const keyFile = ledgerFiles(defaultStore.file).key;

const missingKey =
  'STORE_KEY: required with a Postgres ledger in production, the same at each gateway: 64 hexadecimal digits, as `openssl rand -hex 32` gives. For a ledger that was copied from a file, the content of its gateway.key.';

// A key file is lost with its container, and no entry can be found with another key.
const ledgerProblems = ({ STORE_URL: place, STORE_KEY: key, NODE_ENV: mode }: Environment): string[] =>
  'postgres' in place && key === undefined && mode === 'production' ? [missingKey] : [];

const ledgerOf = ({
  STORE_URL: place,
  STORE_KEY: key,
  IDEMPOTENCY_KEY_HOURS: hours,
}: LedgerEnvironment): LedgerSettings => {
  const keyLifeMs = hours * hoursInMs;
  if ('file' in place) return { ...place, key, keyLifeMs };
  return { ...place, key, keyFile, keyLifeMs };
};

const settingsOf = (env: Environment): Settings => {
  const isProduction = env.NODE_ENV === 'production';
  const { PERSISTED_DOCUMENTS: paths, PERSISTED_DOCUMENTS_ONLY: only = isProduction } = env;
  return {
    isProduction,
    port: env.PORT,
    host: env.HOST,
    workers: env.WORKERS,
    timeZone: env.AGENCY_TIME_ZONE,
    upstreams: upstreamsOf(env),
    credentialsFile: env.CREDENTIALS_FILE,
    usesSandbox: usesSandbox(env),
    ledger: ledgerOf(env),
    cache: env.CACHE !== undefined && env.CACHE.size > 0 ? env.CACHE : null,
    redisUrl: env.REDIS_URL ?? null,
    keepAliveTimeoutMs: env.KEEP_ALIVE_TIMEOUT_MS,
    maxConnections: env.MAX_CONNECTIONS,
    requestTimeoutMs: timeoutsOf(env).requestMs,
    writeTimeoutMs: env.WRITE_TIMEOUT_MS,
    shutdownDelayMs: env.SHUTDOWN_DELAY_MS,
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_MS,
    authentication: authenticationOf(env),
    authDisabled: env.AUTH_DISABLED,
    rateLimits: rateLimitsOf(env),
    polls: { intervalMs: env.UPDATE_INTERVAL_MS, maxObjects: env.UPDATE_MAX_OBJECTS },
    maxUpstreamCalls: env.MAX_UPSTREAM_CALLS,
    corsOrigins: env.CORS_ORIGINS,
    corsHeaders: env.CORS_HEADERS,
    trustedProxies: env.TRUSTED_PROXIES,
    introspection: env.INTROSPECTION ?? !isProduction,
    graphiql: env.GRAPHIQL ?? !isProduction,
    federation: env.FEDERATION,
    persistedDocuments: paths === undefined ? null : { paths, only },
    mcp: mcpOf(env),
    auditLog: env.AUDIT_LOG,
    logLevel: env.LOG_LEVEL,
    tracing: tracingOf(env),
    collectorSecrets: collectorSecretsOf(env),
  };
};

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws {SettingsError} with every variable that is invalid by itself. */
const parse = <Value>(schema: z.ZodType<Value>, variables: Variables): Value => {
  const given = Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== '');
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}.`));
};

/**
 * Reads the settings from environment variables; an empty one counts as not set.
 *
 * @throws {SettingsError} with every unusable setting and the expected value.
 */
export const readSettings = (variables: Variables): Settings => {
  const env = parse(environment, variables);
  const problems = [
    ...upstreamProblems(env),
    ...accessProblems(env),
    ...ledgerProblems(env),
    ...cacheProblems(env),
    ...mcpProblems(env),
  ];
  if (problems.length > 0) throw new SettingsError(problems);
  return settingsOf(env);
};

const ledgerEnvironment = environment.pick({ STORE_URL: true, STORE_KEY: true, IDEMPOTENCY_KEY_HOURS: true });

/** Reads the settings of the ledger, for commands that use its file. */
export const readLedgerSettings = (variables: Variables): LedgerSettings =>
  ledgerOf(parse(ledgerEnvironment, variables));
