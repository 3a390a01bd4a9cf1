import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/config/open-store.ts';
import { readSettings, SettingsError } from '../../src/config/settings.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createAuthority, hasOpenssl } from '../support/certificates.ts';
import { silentLog } from '../support/gateway.ts';
import { gatewayKey, settled, write } from '../support/ledger.ts';
import {
  hasPostgresPrograms,
  type PostgresServer,
  postgresFolder,
  startPostgresServer,
} from '../support/postgres-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const canRun = hasPostgresPrograms && hasOpenssl('tests of TLS to Postgres');

describe.skipIf(!canRun)('a ledger in a Postgres with TLS', () => {
  let server: PostgresServer;
  let folder: string;
  let schemas = 0;
  const authorityOf = (name: string) => join(folder, name, 'ca.pem');

  /** Starts a server with a certificate of an authority in a folder. */
  const startServer = async (
    authority: ReturnType<typeof createAuthority>,
    options: { readonly host?: string; readonly days?: number } = {},
  ): Promise<PostgresServer> => {
    const { cert, key } = authority.sign(options);
    const place = postgresFolder();
    const files = [join(place, 'server.pem'), join(place, 'server.key')] as const;
    writeFileSync(files[0], cert);
    writeFileSync(files[1], key, { mode: 0o600 });
    execFileSync('chown', ['postgres', ...files]);
    const started = await startPostgresServer({
      ssl: 'on',
      ssl_cert_file: files[0],
      ssl_key_file: files[1],
    });
    return {
      ...started,
      close: async () => {
        await started.close();
        rmSync(place, { recursive: true });
      },
    };
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'recollect-tls-'));
    for (const name of ['trusted', 'other']) mkdirSync(join(folder, name));
    createAuthority(join(folder, 'other'));
    server = await startServer(createAuthority(join(folder, 'trusted')));
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the ledger as a gateway does that starts with the URL. */
  const start = async (url: string) => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (_: object, message: string) => void warnings.push(message) };
    const settings = readSettings({ STORE_URL: url, STORE_KEY: gatewayKey.toString('hex') });
    const { ledger } = await openStore(
      { settings, tenants: { has: () => false } as never },
      log,
      createMetrics().ledger,
    );
    onTestFinished(() => ledger.close());
    return { ledger, warnings };
  };
  /** Each URL has a schema of its own. */
  const urlOf = (host: string, query: string, { port } = server) => {
    schemas += 1;
    return `postgres://postgres:CANARY@${host}:${port}/postgres?schema=canary_${schemas}&${query}`;
  };
  const rejected = async (url: string): Promise<string> => {
    const error = await start(url).catch((thrown: unknown) => thrown);
    if (!(error instanceof SettingsError)) throw new Error('The start was not refused.');
    for (const value of ['CANARY', 'canary', String(server.port), 'ca.pem', folder, '127.0.0.1']) {
      expect(error.message).not.toContain(value);
    }
    return error.message;
  };

  it.each(['verify-full', 'require', 'verify-ca'])('is used over TLS with sslmode=%s', async (mode) => {
    const { ledger, warnings } = await start(
      urlOf('localhost', `sslmode=${mode}&sslrootcert=${authorityOf('trusted')}`),
    );
    const ended = await ledger.once({ ...write, idempotencyKey: mode }, settled('paid'));
    expect([ended, warnings]).toEqual([{ kind: 'settled', outcome: 'paid' }, []]);
    const connections = await server.query(
      `SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'recollect'`,
    );
    expect(connections).toEqual([{ ssl: true }]);
  });

  it.each(['verify-full', 'verify-ca'])('is refused with another authority (sslmode=%s)', async (mode) => {
    const query = `sslmode=${mode}&sslrootcert=${authorityOf('other')}`;
    expect(await rejected(urlOf('localhost', query))).toBe(
      'STORE_URL: expected a Postgres database that can be written, but its TLS certificate cannot be verified. Add sslrootcert=<file> with the authority that issued it.',
    );
  });

  it('is refused without an authority that Node trusts', async () => {
    expect(await rejected(urlOf('localhost', 'sslmode=require'))).toContain('cannot be verified');
  });

  it('is refused under a host that the certificate does not name, but for sslmode=verify-ca', async () => {
    const trusted = `sslrootcert=${authorityOf('trusted')}`;
    for (const query of [trusted, `sslmode=verify-full&${trusted}`, `sslmode=require&${trusted}`]) {
      expect(await rejected(urlOf('127.0.0.1', query))).toBe(
        'STORE_URL: expected a Postgres database that can be written, but its TLS certificate is for other hosts. Use a host that the certificate names.',
      );
    }
    await start(urlOf('127.0.0.1', `sslmode=verify-ca&${trusted}`));
  });

  it.each(['missing.pem', 'empty.pem'])('is refused with an unusable sslrootcert (%s)', async (name) => {
    writeFileSync(join(folder, 'empty.pem'), '');
    expect(await rejected(urlOf('localhost', `sslrootcert=${join(folder, name)}`))).toBe(
      'STORE_URL: expected a Postgres database that can be written, but sslrootcert names no file with certificates (PEM) that can be read.',
    );
  });

  it('is refused with an expired certificate, for an address that it names', async () => {
    const place = temporaryFolder();
    const authority = createAuthority(place);
    const old = await startServer(authority, { host: '127.0.0.1', days: -1 });
    onTestFinished(() => old.close());
    expect(await rejected(urlOf('127.0.0.1', `sslrootcert=${authority.file}`, old))).toContain(
      'its TLS certificate is not valid at this time',
    );
  });

  it('is refused at a server without TLS', async () => {
    const plain = await startPostgresServer();
    onTestFinished(() => plain.close());
    for (const mode of ['verify-full', 'require', 'verify-ca']) {
      expect(await rejected(urlOf('localhost', `sslmode=${mode}`, plain))).toBe(
        'STORE_URL: expected a Postgres database that can be written, but the server does not offer TLS. Enable it there; only in a network that nobody else uses, add sslmode=disable.',
      );
    }
    for (const mode of ['prefer', 'allow']) {
      expect(await rejected(urlOf('localhost', `sslmode=${mode}`, plain))).toContain(
        'STORE_URL: expected sslmode to be verify-full, verify-ca, require (as verify-full) or disable',
      );
    }
    expect((await start(urlOf('localhost', 'sslmode=disable', plain))).warnings).toEqual([]);
  });
});
