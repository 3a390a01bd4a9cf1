import type { AddressInfo } from 'node:net';
import { admitTenants } from './authentication/admit-tenants.ts';
import { createJwtAuthentication } from './authentication/jwt.ts';
import type { Authenticate } from './authentication.ts';
import { type Caller, scopes } from './caller.ts';
import { type Connection, connect } from './connect.ts';
import { createGateway } from './gateway.ts';
import { GatewayKeyError } from './ledger/gateway-key.ts';
import { ForeignStoreError, type Ledger } from './ledger/ledger.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { securityHeaders } from './plugins/use-security-headers.ts';
import { readReadiness } from './readiness.ts';
import { readyQueries } from './ready-queries.ts';
import { createRequestLives, type RequestLives } from './request-life.ts';
import { type GatewayServer, serve } from './server.ts';
import { type Settings, SettingsError } from './settings.ts';
import type { UpstreamObserver } from './upstreams/sender.ts';

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

interface Parts {
  readonly connection: Connection;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly lives: RequestLives;
}

/** The sandbox shows what masking looks like, unless its user asks to see all. */
const everybody = ({ authDisabled }: Settings): Caller => ({
  id: 'everybody',
  tenant: null,
  scopes: new Set(scopes.filter((scope) => authDisabled || scope !== 'pii:read')),
});

const authenticationOf = ({ settings, tenants }: Connection, log: Log): Authenticate => {
  const { authentication, credentialsFile } = settings;
  if (!authentication) {
    const caller = everybody(settings);
    return () => caller;
  }
  if ('jwksUrl' in authentication.keys && authentication.audience === undefined) {
    log.warn({}, 'AUTH_AUDIENCE is not set: tokens that the issuer made for others are taken');
  }
  const authenticate = createJwtAuthentication(authentication.keys, { ...authentication, log });
  if (credentialsFile !== undefined) return admitTenants(authenticate, tenants.has);
  return async (request) => ({ ...(await authenticate(request)), tenant: null });
};

const startServer = async ({ connection, ledger, log, metrics, lives }: Parts): Promise<GatewayServer> => {
  const { settings, tenants } = connection;
  const { graphiql, authDisabled: loopbackOnly } = settings;
  const gateway = createGateway({
    authenticate: authenticationOf(connection, log),
    upstreams: ({ tenant }) => tenants.of(tenant),
    log,
    ledger,
    lives,
    readiness: () =>
      readReadiness({ ledger, upstreams: tenants.states, isStopping: () => server.isStopping() }),
    metrics,
    graphiql,
    loopbackOnly,
    corsOrigins: [],
    trustedProxies: 0,
    rateLimits: { perCaller: null, perAddress: null, failuresPerAddress: null },
    introspection: true,
    persistedDocuments: null,
  });
  const server = await serve((request, response) => {
    // Yoga answers a request that it can make no URL of with a stack trace.
    if (URL.canParse(`http://${request.headers.host ?? ''}${request.url ?? ''}`)) gateway(request, response);
    else response.writeHead(400, { ...securityHeaders, connection: 'close' }).end();
  }, settings);
  return server;
};

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/graphql`;

const describeCallers = (authentication: Settings['authentication']): string => {
  if (!authentication) return 'AUTH_DISABLED: every caller on this machine sees everything.';
  return `Callers: by JSON Web Tokens, ${'secret' in authentication.keys ? 'HS256' : 'RS256 or ES256'}.`;
};

const describe = ({ usesSandbox, upstreams, credentialsFile, ledger, authentication }: Settings): string => {
  if (usesSandbox) {
    return `No upstream is set: the embedded sandbox stands in for both systems. Its data is made up.
Paste this to begin with:\n\n${readyQueries[0]}`;
  }
  const { scollect, recoveryConnect } = upstreams;
  const at = (upstream: { readonly url: string } | undefined) => upstream?.url ?? 'not configured';
  const systems =
    credentialsFile === undefined
      ? `Scollect: ${at(scollect)}\nRecoveryConnect: ${at(recoveryConnect)}`
      : `Upstreams: for each tenant as in ${credentialsFile}`;
  return `${systems}\nLedger: ${ledger.file}\n${describeCallers(authentication)}`;
};

const storeProblem = (error: unknown): string => {
  if (error instanceof GatewayKeyError) return error.message;
  if (error instanceof ForeignStoreError) {
    return 'expected a ledger of this gateway: it was written under another key (STORE_KEY, or gateway.key beside it). Restore that key; without it, keys that were used before would charge again.';
  }
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return `expected a file that can be written, or made; the system says ${code}.`;
};

/** The share of the time that is kept for telling clients what did not come, and for closing the ledger. */
const answerShare = 0.1;

/** Stops without losing anything: what has begun is answered, early if it must be, and writes are waited for. */
const stop = async (server: GatewayServer, { connection, ledger, log, lives }: Parts): Promise<void> => {
  const { settings, release } = connection;
  const milliseconds = settings.shutdownTimeoutMs;
  log.info({ requests: lives.count(), milliseconds }, 'stopping');
  lives.shorten(milliseconds * (1 - answerShare));
  // What has not arrived by then in full is no request.
  const cut = setTimeout(() => server.cut(), milliseconds * (1 - answerShare / 2));
  const giveUp = setTimeout(() => {
    log.error({}, 'stopped before all was done: outcomes of writes under way are not known');
    process.exit(1);
  }, milliseconds);
  await server.stop();
  // Of those whose clients have left too.
  await lives.idle();
  clearTimeout(cut);
  await ledger.close();
  await release();
  // Nothing is left that would keep the process.
  clearTimeout(giveUp);
};

const signals = ['SIGINT', 'SIGTERM'] as const;

const start = async (): Promise<void> => {
  const metrics = createMetrics();
  const connection = await connect(({ logLevel }, tenant) => ({
    ...metrics.observer,
    onBreaker: tellOfBreakers(createLog(logLevel), tenant),
  }));
  const { settings, tenants, release } = connection;
  const log = createLog(settings.logLevel);
  const onOvertaken = (outcomeId: string): void =>
    log.error(
      { outcomeId },
      'a write has ended that was begun again meanwhile: it may have been carried out twice',
    );
  const ledger = await openLedger(settings.ledger, { onOvertaken }).catch(async (error: unknown) => {
    await release();
    throw new SettingsError([`STORE_URL: ${storeProblem(error)}`]);
  });
  const lives = createRequestLives(settings.requestTimeoutMs);
  metrics.watch(tenants.states, lives);
  const parts = { connection, ledger, log, metrics, lives };
  const server = await startServer(parts).catch(async (error: unknown) => {
    await ledger.close();
    await release();
    throw error;
  });
  const onSignal = (): void => {
    // A second signal ends the process at once.
    for (const signal of signals) process.off(signal, onSignal);
    stop(server, parts).catch((error: unknown) => {
      log.error({ name: error instanceof Error ? error.name : typeof error }, 'did not stop in good order');
      process.exit(1);
    });
  };
  for (const signal of signals) process.on(signal, onSignal);
  say(describe(settings));
  say(`Recollect is ready at ${urlOf(server.address)}`);
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
