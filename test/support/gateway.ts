import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type AuditTrail, noTrail } from '../../src/audit/audit-trail.ts';
import type { Authenticate } from '../../src/auth/authentication.ts';
import { createGateway, type GatewayOptions } from '../../src/http/gateway.ts';
import type { Mcp } from '../../src/http/mcp/mcp.ts';
import { readReadiness } from '../../src/http/readiness.ts';
import { createLedger, type LedgerOptions } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import { scopes as allScopes, type Caller, type Scope } from '../../src/operation/caller.ts';
import { defaultLimits, type Limits } from '../../src/operation/limits.ts';
import { createRequestLives } from '../../src/request/request-life.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Log } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createRedactor, type Redactor } from '../../src/telemetry/redaction/redact.ts';
import type { Tracing } from '../../src/telemetry/tracing/tracing.ts';
import type { Polls } from '../../src/updates/polls.ts';
import type { ReadCaches } from '../../src/upstreams/cache/read-cache.ts';
import type { UpstreamObserver } from '../../src/upstreams/client/upstream-observer.ts';
import type { UpstreamLimits } from '../../src/upstreams/upstreams.ts';
import { closeUpstreams, createUpstreams, type Upstreams } from '../../src/upstreams/upstreams.ts';
import { createAgencyCalendar } from '../../src/values/agency-calendar.ts';
import { startCorpusUpstream } from './corpus-upstream.ts';
import { limits } from './limits.ts';
import type { LocalUpstream } from './upstream.ts';

export interface Reply {
  readonly status: number;
  // A test knows what it asked for.
  // biome-ignore lint/suspicious/noExplicitAny: the shape of `data` is that of each test's own query
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

type AccessOptions = Pick<
  GatewayOptions,
  'authenticate' | 'corsHeaders' | 'graphiql' | 'schema' | keyof typeof openAccess
>;

interface Options {
  /** `null` if the system is not configured; by default it answers with the fixtures. */
  readonly scollect?: LocalUpstream | null;
  readonly recoveryConnect?: LocalUpstream | null;
  /** The scopes of callers; by default all but personal data. */
  readonly scopes?: readonly Scope[];
  readonly log?: Log;
  /** None by default. */
  readonly audit?: AuditTrail;
  readonly redactor?: Redactor;
  /** By default, by the header `x-caller`. */
  readonly authenticate?: Authenticate;
  /** None by default. */
  readonly tracing?: Tracing;
  /** Of an exchange with an upstream. */
  readonly timeoutMs?: number;
  /** Of a whole request. */
  readonly requestTimeoutMs?: number;
  readonly limits?: Partial<UpstreamLimits>;
  readonly observer?: UpstreamObserver;
  /** The cache of reads; by default none. */
  readonly caches?: ReadCaches;
  /** The tools of `/mcp`; by default there is no such path. */
  readonly mcp?: Mcp;
  readonly loopbackOnly?: boolean;
  /** What rejects requests; by default nothing. */
  readonly access?: Partial<AccessOptions>;
  readonly ledger?: Ledger;
  /** Stands in for both systems. */
  readonly sandbox?: Sandbox;
  /** What one operation may ask for, where that differs from the defaults. */
  readonly operationLimits?: Partial<Limits>;
  /** The key of the digests in ids; the same for all gateways of a test file unless given. `null` for none. */
  readonly gatewayKey?: Buffer | null;
  /** The agency's time zone; the machine's unless given. */
  readonly timeZone?: string;
  /** The polls of subscriptions; by default as in production. */
  readonly polls?: Polls;
  /** The API keys of callers who name themselves by the header `x-caller`; all others have the same one. */
  readonly apiKeys?: Readonly<Record<string, string>>;
}

export const noRateLimits = { perCaller: null, perAddress: null, failuresPerAddress: null };

/** Anybody may ask for anything. */
export const openAccess = {
  corsOrigins: [],
  trustedProxies: 0,
  rateLimits: noRateLimits,
  introspection: true,
  requiresToken: false,
  usesSandbox: true,
  persistedDocuments: null,
} as const;

/** The key of the gateways of a test file. */
export const sharedKey = randomBytes(32);

const allButPersonal = allScopes.filter((scope) => scope !== 'pii:read');

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** A log that hands its errors over. */
export const errorLog = (error: Log['error']): Log => ({ ...silentLog, error });

/** A ledger in memory, which goes with its test. */
export const ledgerInMemory = async (options: Partial<LedgerOptions> = {}): Promise<Ledger> => {
  const ledger = await createLedger(openSqliteStore(':memory:'), createDigest(randomBytes(32)), {
    keyLifeMs: 24 * 60 * 60 * 1000,
    ...options,
  });
  onTestFinished(() => ledger.close());
  return ledger;
};

/** A gateway before local upstreams, asked by `fetch`. */
export const startGateway = async (options: Options = {}) => {
  const {
    scopes = allButPersonal,
    log = silentLog,
    audit = noTrail,
    redactor = createRedactor(),
    timeoutMs = 5000,
    loopbackOnly = false,
    apiKeys = {},
  } = options;
  const {
    scollect = await startCorpusUpstream('scollect'),
    recoveryConnect = await startCorpusUpstream('recoveryconnect'),
  } = options;
  const { gatewayKey = sharedKey } = options;
  const { sandbox, ledger = await ledgerInMemory(), requestTimeoutMs = 10_000, observer } = options;
  const lives = createRequestLives(requestTimeoutMs);
  const metrics = createMetrics();
  const connect = (apiKey: string): Upstreams => {
    const upstreams = createUpstreams(
      {
        scollect: scollect ? { url: scollect.url, apiKey, pin: 'pin' } : undefined,
        recoveryConnect: recoveryConnect
          ? { url: recoveryConnect.url, username: 'u', password: 'p' }
          : undefined,
        ...(sandbox && { scollect: sandbox.scollect, recoveryConnect: sandbox.recoveryConnect }),
        ...limits,
        timeoutMs,
        ...options.limits,
      },
      observer,
      undefined,
      { cacheFor: (client) => options.caches?.forClient({ tenant: null, ...client }) },
    );
    onTestFinished(() => closeUpstreams(upstreams));
    return upstreams;
  };
  const everybody = connect('key');
  const callers = new Map(Object.entries(apiKeys).map(([caller, apiKey]) => [caller, connect(apiKey)]));
  const byHeader: Authenticate = ({ headers }): Caller => ({
    id: headers.get('x-caller') ?? 'nobody',
    tenant: null,
    scopes: new Set(scopes),
  });
  const { authenticate = byHeader } = options;
  const gateway = createGateway({
    authenticate,
    upstreams: ({ id }) => callers.get(id) ?? everybody,
    log,
    audit,
    redactor,
    ledger,
    lives,
    ...(gatewayKey && { gatewayKey }),
    ...(options.mcp && { mcp: options.mcp }),
    ...(options.tracing && { tracing: options.tracing }),
    ...(options.polls && { polls: options.polls }),
    readiness: () => readReadiness({ ledger, upstreams: everybody, isStopping: () => false }),
    metrics,
    graphiql: true,
    loopbackOnly,
    calendar: createAgencyCalendar(options.timeZone),
    ...openAccess,
    ...options.access,
    limits: { ...defaultLimits, ...options.operationLimits },
  });

  const query = async (
    document: string,
    variables: object = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> => {
    const response = await gateway.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify({ query: document, variables }),
    });
    return { status: response.status, ...((await response.json()) as Omit<Reply, 'status'>) };
  };
  return {
    gateway,
    lives,
    metrics,
    upstreams: everybody,
    query,
    /** All calls to either system so far but log-ins, sorted. */
    calls: () => [...(scollect?.calls() ?? []), ...(recoveryConnect?.calls() ?? [])],
  };
};
