import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parsePostgresUrl } from '../../src/config/postgres-url.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { ServerWarning } from '../../src/ledger/postgres/server-checks.ts';
import { gatewayKey, hour, never, settled, write } from '../support/ledger.ts';
import {
  hasPostgresPrograms,
  type PostgresServer,
  postgresPrograms,
  startPostgresServer,
} from '../support/postgres-server.ts';

describe.skipIf(!hasPostgresPrograms)('a ledger in a database', () => {
  let server: PostgresServer;
  let databases = 0;
  beforeAll(async () => {
    server = await startPostgresServer();
  });
  afterAll(() => server.close());

  const newDatabase = async (): Promise<string> => {
    databases += 1;
    await server.query(`CREATE DATABASE ledger_${databases}`);
    return `ledger_${databases}`;
  };
  const open = async (url: string) => {
    const warnings: ServerWarning[] = [];
    const restored: number[] = [];
    const ledger = await openLedger(
      {
        postgres: parsePostgresUrl(url),
        key: gatewayKey.toString('hex'),
        keyFile: 'unused',
        keyLifeMs: hour,
      },
      { onWarning: (warning) => warnings.push(warning), onRestored: (leftMs) => restored.push(leftMs) },
    );
    onTestFinished(() => ledger.close());
    return { ledger, warnings, restored };
  };

  it('that was restored from a dump sends nothing under a missing key', async () => {
    const [from, to] = [await newDatabase(), await newDatabase()];
    const first = await open(server.url(from));
    await first.ledger.once({ ...write, idempotencyKey: 'in the dump' }, settled('dumped'));
    const folder = mkdtempSync(join(tmpdir(), 'recollect-dump-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const dump = join(folder, 'dump');
    const programs = postgresPrograms() ?? '';
    execFileSync(join(programs, 'pg_dump'), ['-Fc', '-f', dump, server.url(from)]);
    await first.ledger.once(write, settled('later'));
    await first.ledger.close();
    execFileSync(join(programs, 'pg_restore'), ['-d', server.url(to), dump]);

    const second = await open(server.url(to));
    expect(second.restored).toEqual([hour]);
    expect(await second.ledger.once(write, never)).toMatchObject({ kind: 'unknown' });
    expect(await second.ledger.once({ ...write, idempotencyKey: 'in the dump' }, never)).toEqual({
      kind: 'settled',
      outcome: 'dumped',
    });
    await second.ledger.close();
    // The mark stays, and is not set anew.
    const third = await open(server.url(to));
    expect(third.restored).toHaveLength(1);
    expect(third.restored[0]).toBeLessThanOrEqual(hour);
  });

  it('that a dump was restored over, while a gateway runs, sends nothing under a missing key', async () => {
    const name = await newDatabase();
    const { ledger, restored } = await open(server.url(name));
    const folder = mkdtempSync(join(tmpdir(), 'recollect-dump-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const dump = join(folder, 'dump');
    const programs = postgresPrograms() ?? '';
    execFileSync(join(programs, 'pg_dump'), ['-Fc', '-f', dump, server.url(name)]);
    await ledger.once(write, settled('later'));
    execFileSync(join(programs, 'pg_restore'), ['--clean', '-d', server.url(name), dump]);
    expect(await ledger.once(write, never)).toMatchObject({ kind: 'unknown' });
    expect(restored).toEqual([hour]);
  });

  it.each([
    ['the database', (name: string) => `ALTER DATABASE ${name} SET synchronous_commit = off`],
    ['the role', (name: string) => `ALTER ROLE clerk IN DATABASE ${name} SET synchronous_commit = off`],
  ])('is refused where synchronous_commit is off for %s', async (_, sql) => {
    const name = await newDatabase();
    await server.query('DROP ROLE IF EXISTS clerk');
    await server.query('CREATE ROLE clerk LOGIN SUPERUSER');
    onTestFinished(async () => {
      await server.query(`ALTER ROLE clerk IN DATABASE ${name} RESET ALL`);
    });
    await server.query(sql(name));
    await expect(open(server.url(name).replace('postgres@', 'clerk@'))).rejects.toThrow(
      'synchronous_commit is off',
    );
    const tables = `SELECT 1 FROM pg_namespace WHERE nspname = 'recollect'`;
    expect(await server.query(tables, name)).toEqual([]);
  });

  it('waits for the disk at each write although synchronous_commit is turned off while it runs', async () => {
    const name = await newDatabase();
    const { ledger } = await open(server.url(name));
    await server.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    // An own function sees the setting of each transaction that writes.
    await server.query(
      `CREATE TABLE seen (value text);
       CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
       CREATE TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON recollect.entries EXECUTE FUNCTION see();
       CREATE TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON recollect.marks EXECUTE FUNCTION see();`,
      name,
    );
    // New connections begin with the new default.
    await server.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
    );
    expect(await ledger.once(write, settled('paid'))).toMatchObject({ kind: 'settled' });
    await ledger.close();
    const [row] = await server.query(
      'SELECT count(*)::integer AS all, array_agg(DISTINCT value) AS values FROM seen',
      name,
    );
    expect(row?.['values']).toEqual(['on']);
    expect(row?.['all']).toBeGreaterThanOrEqual(3);
  });

  it('replaces connections that accept no writes, although the server does', async () => {
    const name = await newDatabase();
    const { ledger } = await open(server.url(name));
    // As after a failover whose address led to the former primary for a while: the session stays read-only.
    await server.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await server.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
    );
    await expect(ledger.once(write, never)).rejects.toMatchObject({ name: 'LedgerError', isSent: false });
    await server.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    expect(await ledger.once(write, settled('paid'))).toEqual({ kind: 'settled', outcome: 'paid' });
  });

  it('warns where the server does not write to the disk', async () => {
    const careless = await startPostgresServer({ fsync: 'off', full_page_writes: 'off' });
    onTestFinished(() => careless.close());
    expect((await open(careless.url())).warnings).toEqual(['fsync', 'full_page_writes']);
    expect((await open(server.url(await newDatabase()))).warnings).toEqual([]);
  });
});
