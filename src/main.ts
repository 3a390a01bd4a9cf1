import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Connection, connect } from './connect.ts';
import type { Scope } from './context.ts';
import { createGateway } from './gateway.ts';
import { GatewayKeyError } from './ledger/gateway-key.ts';
import { ForeignStoreError, type Ledger } from './ledger/ledger.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { createLog } from './log.ts';
import { readyQueries } from './ready-queries.ts';
import { type Settings, SettingsError } from './settings.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const createGatewayServer = ({ settings, upstreams }: Connection, ledger: Ledger): Server => {
  // The sandbox shows what masking looks like, unless its user asks to see all.
  const scopes = new Set<Scope>(settings.authDisabled ? ['pii:read'] : []);
  const log = createLog(settings.logLevel);
  const { graphiql, authDisabled: loopbackOnly } = settings;
  const gateway = createGateway({
    upstreams: () => upstreams,
    log,
    ledger,
    // Nobody is told apart yet: all idempotency keys are one caller's.
    caller: () => 'everybody',
    scopes,
    graphiql,
    loopbackOnly,
  });
  return createServer((request, response) => {
    // Yoga answers a request that it can make no URL of with a stack trace.
    if (URL.canParse(`http://${request.headers.host ?? ''}${request.url ?? ''}`)) gateway(request, response);
    else response.writeHead(400, { connection: 'close' }).end();
  });
};

const listen = (server: Server, { port, host }: Settings): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/graphql`;

const describe = ({ usesSandbox, upstreams }: Settings): string => {
  if (usesSandbox) {
    return `No upstream is set: the embedded sandbox stands in for both systems. Its data is made up.
Paste this to begin with:\n\n${readyQueries[0]}`;
  }
  const { scollect, recoveryConnect } = upstreams;
  const at = (upstream: { readonly url: string } | undefined) => upstream?.url ?? 'not configured';
  return `Scollect: ${at(scollect)}\nRecoveryConnect: ${at(recoveryConnect)}
AUTH_DISABLED: every caller on this machine sees everything.`;
};

const storeProblem = (error: unknown): string => {
  if (error instanceof GatewayKeyError) return error.message;
  if (error instanceof ForeignStoreError) {
    return 'expected a ledger of this gateway: it was written under another key (STORE_KEY, or gateway.key beside it). Restore that key; without it, keys that were used before would charge again.';
  }
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return `expected a file that can be written, or made; the system says ${code}.`;
};

const start = async (): Promise<void> => {
  const connection = await connect();
  const { settings, release } = connection;
  const ledger = await openLedger(settings.ledger).catch(async (error: unknown) => {
    await release();
    throw new SettingsError([`STORE_URL: ${storeProblem(error)}`]);
  });
  const releaseAll = async (): Promise<void> => {
    await ledger.close();
    await release();
  };
  const server = createGatewayServer(connection, ledger);
  const address = await listen(server, settings).catch(async (error: unknown) => {
    await releaseAll();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await close(server);
    await releaseAll();
  };
  // Heard once: a second signal ends the process at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  say(describe(settings));
  say(`Recollect is ready at ${urlOf(address)}`);
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
