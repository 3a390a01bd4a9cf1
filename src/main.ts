import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scope } from './context.ts';
import { createGateway } from './gateway.ts';
import { createLog } from './log.ts';
import { readyQueries } from './ready-queries.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { closeUpstreams, createUpstreams, type UpstreamSettings } from './upstreams/upstreams.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const startOwnSandbox = async (): Promise<Sandbox> => {
  const { startSandbox } = await import('./sandbox/sandbox.ts');
  return startSandbox();
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
    return 'No upstream is set: the embedded sandbox stands in for both systems. Its data is made up.';
  }
  const { scollect, recoveryConnect } = upstreams;
  const at = (upstream: { readonly url: string } | undefined) => upstream?.url ?? 'not configured';
  return `Scollect: ${at(scollect)}\nRecoveryConnect: ${at(recoveryConnect)}`;
};

const stopOnSignal = (stop: () => Promise<void>): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Heard once: a second signal ends the process at once.
    process.once(signal, () => void stop());
  }
};

const start = async (): Promise<void> => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const settings = readSettings(process.env);
  const sandbox = settings.usesSandbox ? await startOwnSandbox() : undefined;
  const connected: UpstreamSettings = { ...settings.upstreams, ...sandbox };
  const upstreams = createUpstreams(connected);
  // The sandbox shows what masking looks like, unless its user asks to see all.
  const scopes = new Set<Scope>(settings.authDisabled ? ['pii:read'] : []);
  const log = createLog(settings.logLevel);
  const server = createServer(createGateway({ upstreams, log, scopes, graphiql: settings.graphiql }));

  const release = async (): Promise<void> => {
    await closeUpstreams(upstreams);
    await sandbox?.close();
  };
  const address = await listen(server, settings).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  stopOnSignal(async () => {
    await close(server);
    await release();
  });

  say(describe(settings));
  if (settings.usesSandbox) say(`Paste this to begin with:\n\n${readyQueries[0]}`);
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
