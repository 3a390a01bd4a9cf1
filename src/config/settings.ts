import type { z } from 'zod';
import type { LedgerSettings } from '../ledger/open-ledger.ts';
import type { logLevels } from '../telemetry/log.ts';
import type { UpstreamSettings } from '../upstreams/upstreams.ts';
import {
  type AuthenticationSettings,
  accessProblems,
  authenticationOf,
  type RateLimitSettings,
  rateLimitsOf,
} from './access.ts';
import { type Environment, environment } from './environment.ts';
import { timeoutsOf, upstreamProblems, upstreamsOf, usesSandbox } from './upstream-settings.ts';

/** A setting that cannot be used, told by its name; its value is never part of the message. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SettingsError';
  }
}

const hoursInMs = 60 * 60 * 1000;

export interface Settings {
  readonly port: number;
  readonly host: string;
  /** IANA name of the agency's time zone; undefined for the machine's. */
  readonly timeZone: string | undefined;
  /** Addresses and credentials of the real systems; without any, the sandbox stands in. */
  readonly upstreams: UpstreamSettings;
  /** The file that has them for each tenant. */
  readonly credentialsFile: string | undefined;
  readonly usesSandbox: boolean;
  readonly ledger: LedgerSettings;
  /** Milliseconds after which a client's connection without a request is closed. */
  readonly keepAliveTimeoutMs: number;
  /** Connections of clients that may be open at a time. */
  readonly maxConnections: number;
  /** Milliseconds that a request may take. */
  readonly requestTimeoutMs: number;
  /** Milliseconds for which a client may take none of its response before it is disconnected. */
  readonly writeTimeoutMs: number;
  /** Milliseconds from the signal to stop until the process ends. */
  readonly shutdownTimeoutMs: number;
  /** `null` where callers are not told apart. */
  readonly authentication: AuthenticationSettings | null;
  readonly authDisabled: boolean;
  readonly rateLimits: RateLimitSettings;
  /** Calls to the upstreams that an operation may make. */
  readonly maxUpstreamCalls: number;
  /** The origins of the web sites whose pages may ask. */
  readonly corsOrigins: readonly string[];
  /** How many proxies stand before the gateway, whose headers tell the truth. */
  readonly trustedProxies: number;
  readonly introspection: boolean;
  readonly graphiql: boolean;
  /** The manifest of documents that are carried out by their hash. */
  readonly persistedDocuments: { readonly file: string; readonly only: boolean } | null;
  /** Where the audit trail goes: `stdout`, `off` or the path of a file. */
  readonly auditLog: string;
  readonly logLevel: (typeof logLevels)[number];
}

const ledgerOf = (
  env: Pick<Environment, 'STORE_URL' | 'STORE_KEY' | 'IDEMPOTENCY_KEY_HOURS'>,
): LedgerSettings => ({
  file: env.STORE_URL,
  key: env.STORE_KEY,
  keyLifeMs: env.IDEMPOTENCY_KEY_HOURS * hoursInMs,
});

const settingsOf = (env: Environment): Settings => {
  const isProduction = env.NODE_ENV === 'production';
  const { PERSISTED_DOCUMENTS: file, PERSISTED_DOCUMENTS_ONLY: only = isProduction } = env;
  return {
    port: env.PORT,
    host: env.HOST,
    timeZone: env.AGENCY_TIME_ZONE,
    upstreams: upstreamsOf(env),
    credentialsFile: env.CREDENTIALS_FILE,
    usesSandbox: usesSandbox(env),
    ledger: ledgerOf(env),
    keepAliveTimeoutMs: env.KEEP_ALIVE_TIMEOUT_MS,
    maxConnections: env.MAX_CONNECTIONS,
    requestTimeoutMs: timeoutsOf(env).requestMs,
    writeTimeoutMs: env.WRITE_TIMEOUT_MS,
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_MS,
    authentication: authenticationOf(env),
    authDisabled: env.AUTH_DISABLED,
    rateLimits: rateLimitsOf(env),
    maxUpstreamCalls: env.MAX_UPSTREAM_CALLS,
    corsOrigins: env.CORS_ORIGINS,
    trustedProxies: env.TRUSTED_PROXIES,
    introspection: env.INTROSPECTION ?? !isProduction,
    graphiql: env.GRAPHIQL ?? !isProduction,
    persistedDocuments: file === undefined ? null : { file, only },
    auditLog: env.AUDIT_LOG,
    logLevel: env.LOG_LEVEL,
  };
};

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws {SettingsError} naming every variable that cannot be used by itself. */
const parse = <Value>(schema: z.ZodType<Value>, variables: Variables): Value => {
  const given = Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== '');
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}.`));
};

/**
 * Reads the settings from environment variables; one that is empty counts as not set.
 *
 * @throws {SettingsError} naming every setting that cannot be used, and what was expected.
 */
export const readSettings = (variables: Variables): Settings => {
  const env = parse(environment, variables);
  const problems = [...upstreamProblems(env), ...accessProblems(env)];
  if (problems.length > 0) throw new SettingsError(problems);
  return settingsOf(env);
};

const ledgerEnvironment = environment.pick({ STORE_URL: true, STORE_KEY: true, IDEMPOTENCY_KEY_HOURS: true });

/** Reads the settings of the ledger alone, for commands that work on its file. */
export const readLedgerSettings = (variables: Variables): LedgerSettings =>
  ledgerOf(parse(ledgerEnvironment, variables));
