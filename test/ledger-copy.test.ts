import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'libsql';
import pg from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parsePostgresUrl } from '../src/config/postgres-url.ts';
import { createDigest } from '../src/ledger/digest.ts';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { ownerOf } from '../src/ledger/owner.ts';
import { openPostgresStore } from '../src/ledger/postgres/open-postgres-store.ts';
import { writeTrace } from '../src/ledger/trace.ts';
import { gatewayKey, hour, never, open, released, settled, unknown, write } from './support/ledger.ts';
import { createTestDatabase, hasPostgres } from './support/postgres.ts';
import { run } from './support/process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

// Each test starts several programs.
vi.setConfig({ testTimeout: 120_000 });

const key = gatewayKey.toString('hex');
const inUse = 'A gateway, or another program, has the ledger open: stop it first.\n';
const otherKey = 'ab'.repeat(32);
const keyOf = (idempotencyKey: string) => ({ ...write, idempotencyKey });

const sqlite = (folder: string, sql: string): void => {
  const database = new Database(join(folder, 'gateway.db'));
  database.exec(sql);
  database.close();
};

/**
 * The files in a folder of their own. This process keeps connections to a file open for a while after they are closed:
 * as long as that lasts, other processes see the file in use.
 */
const elsewhere = (folder: string): string => {
  const target = temporaryFolder();
  cpSync(folder, target, { recursive: true, filter: (path) => !path.endsWith('-shm') });
  return target;
};

/** A stopped gateway's ledger with entries in all states. Its clock is far behind that of the database. */
const stoppedLedger = async (edit: (folder: string) => void = () => {}): Promise<string> => {
  const folder = temporaryFolder();
  const ledger = await open({ file: join(folder, 'gateway.db'), wallNow: () => 1_000_000 });
  await ledger.once(keyOf('settled'), settled('first'));
  await ledger.once(keyOf('unknown'), unknown);
  await ledger.once(keyOf('released'), released);
  await ledger.of('dead').once(keyOf('in flight'), settled('never recorded'));
  await ledger.of('expired').once(keyOf('expired'), settled('long ago'));
  await ledger.changedSettings({ AUTH_ISSUER: 'issuer' });
  await ledger.close();
  sqlite(
    folder,
    `UPDATE entries SET state = 'PENDING', outcome = NULL, expires_at = NULL WHERE tenant = 'dead';
     UPDATE entries SET expires_at = 1 WHERE tenant = 'expired'`,
  );
  edit(folder);
  return elsewhere(folder);
};

const newTarget = async (): Promise<{ url: string; query(sql: string): Promise<unknown[]> }> => {
  const { url, drop } = await createTestDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await drop();
  });
  return { url, query: async (sql) => (await client.query(sql)).rows };
};

const start = async (url: string, env: Record<string, string> = {}, ...words: string[]) =>
  run('ledger-commands/main.js', { STORE_KEY: key, COPY_TO: url, ...env }, temporaryFolder(), [], words);

const command = async (folder: string, url: string, name = 'copy', env: Record<string, string> = {}) =>
  (await start(url, { STORE_URL: `file:${folder}/gateway.db`, ...env }, name)).ended;

const onDatabase = async (url: string) => {
  const ledger = await openLedger({
    postgres: parsePostgresUrl(url),
    key,
    keyFile: 'unused',
    keyLifeMs: hour,
  });
  onTestFinished(() => ledger.close());
  return ledger;
};

const onFile = async (folder: string) => {
  const file = join(elsewhere(folder), 'gateway.db');
  const ledger = await openLedger({ file, key, keyLifeMs: hour });
  onTestFinished(() => ledger.close());
  return ledger;
};

const rowsOf = (folder: string, sql: string): unknown[] => {
  const database = new Database(join(elsewhere(folder), 'gateway.db'));
  const rows = database.prepare(sql).all();
  database.close();
  return rows.map((row) => ({ ...(row as object) }));
};

/** The same rows with whole numbers as numbers: the client of the test gets those of Postgres as texts. */
const withNumbers = (rows: unknown): unknown =>
  JSON.parse(JSON.stringify(rows), (_, value: unknown) =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
  );

/** The database contains at most empty tables, as before the first start of a gateway. */
const expectEmpty = async ({ query }: { query(sql: string): Promise<unknown[]> }): Promise<void> => {
  const [found] = await query(`SELECT to_regclass('recollect.entries') IS NOT NULL AS "hasTables"`);
  if (!(found as { hasTables: boolean }).hasTables) return;
  const left = await query(
    `SELECT (SELECT count(*)::int FROM recollect.entries) AS entries,
       (SELECT count(*)::int FROM recollect.remembered) AS remembered,
       (SELECT count(*)::int FROM recollect.marks WHERE name <> 'clock') AS marks`,
  );
  expect(left).toEqual([{ entries: 0, remembered: 0, marks: 0 }]);
};

/** Creates the tables as the first start of a gateway does, and a trigger before entries are inserted into them. */
const prepareTables = async (
  { url, query }: Awaited<ReturnType<typeof newTarget>>,
  does: string,
  when = 'TRIGGER fault BEFORE INSERT ON recollect.entries FOR EACH STATEMENT',
): Promise<void> => {
  await (await openPostgresStore(parsePostgresUrl(url), { keyLifeMs: hour })).close();
  await query(
    `CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${does} RETURN NULL; END $$`,
  );
  await query(`CREATE ${when} EXECUTE FUNCTION fault()`);
};

describe.skipIf(!hasPostgres)('npm run ledger -- copy', () => {
  it('copies every entry, mark and text, and prints counts but no URL and no key', async () => {
    const folder = await stoppedLedger();
    const tables = ['entries ORDER BY id', "marks WHERE name <> 'moved' ORDER BY name", 'remembered'];
    const before = tables.map((table) => rowsOf(folder, `SELECT * FROM ${table}`));
    const { url, query } = await newTarget();
    const ended = await command(folder, url);
    expect(ended).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'The copy is complete; entries: 1 PENDING, 1 RELEASED, 2 SETTLED, 1 UNKNOWN.',
        'Set STORE_URL to the database now: no gateway starts on the file any more.\n',
      ].join('\n'),
    });
    const copied: unknown[] = [];
    for (const table of tables) {
      copied.push(await query(`SELECT * FROM recollect.${table.replace('name', 'name COLLATE "C"')}`));
    }
    expect(withNumbers(copied)).toEqual(withNumbers(before));
    expect(before[0]).toHaveLength(5);
  });

  it('leaves each key with its answer: none is charged again', async () => {
    const folder = await stoppedLedger();
    const { url } = await newTarget();
    expect((await command(folder, url)).code).toBe(0);
    const ledger = await onDatabase(url);
    expect(await ledger.once(keyOf('settled'), never)).toEqual({ kind: 'settled', outcome: 'first' });
    expect(await ledger.once(keyOf('unknown'), never)).toMatchObject({ kind: 'unknown' });
    const dead = await ledger.of('dead').once({ ...keyOf('in flight'), waitMs: 20_000 }, never);
    expect(dead).toMatchObject({ kind: 'unknown' });
    expect(await ledger.once(keyOf('released'), settled('now'))).toMatchObject({ outcome: 'now' });
    expect(await ledger.of('expired').once(keyOf('expired'), settled('new'))).toMatchObject({
      outcome: 'new',
    });
    expect(await ledger.changedSettings({ AUTH_ISSUER: 'issuer' })).toEqual([]);
  });

  it('copies more entries than fit into one statement', async () => {
    const folder = await stoppedLedger((made) =>
      sqlite(
        made,
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
       INSERT INTO entries SELECT 'n' || i, tenant, caller, 'k' || i, operation, fingerprint, state, attempt, subject,
         evidence, outcome, started_at, begun_at, changed_at, lease_until, expires_at, version
       FROM entries, n WHERE state = 'SETTLED' AND tenant = ''`,
      ),
    );
    const { url } = await newTarget();
    expect((await command(folder, url)).stdout).toContain('1502 SETTLED');
  });

  it('needs the gateway’s key from its file only where STORE_KEY is not set', async () => {
    const folder = await stoppedLedger();
    writeFileSync(join(folder, 'gateway.key'), `${key}\n`, { mode: 0o600 });
    const { url } = await newTarget();
    const { stdout } = await command(folder, url, 'copy', { STORE_KEY: '' });
    expect(stdout).toContain('Set STORE_KEY to the content of gateway.key.');
    expect(stdout).not.toContain(key);
    expect(await (await onDatabase(url)).once(keyOf('settled'), never)).toMatchObject({ kind: 'settled' });
  });
});

describe.skipIf(!hasPostgres)('a ledger that was copied', () => {
  it('is refused by gateways and by a second copy, and reported', async () => {
    const folder = await stoppedLedger();
    const { url } = await newTarget();
    await command(folder, url);
    await expect(onFile(folder)).rejects.toThrow('it was copied into a database');
    const gateway = run('main.js', { PORT: '0', STORE_URL: `file:${folder}/gateway.db`, STORE_KEY: key });
    const { code, stdout, stderr } = await gateway.ended;
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('copied into a database: set STORE_URL to that database');
    expect((await command(folder, url, 'status')).stdout).toContain('This ledger was copied into a database');

    const other = await newTarget();
    const again = await command(folder, other.url);
    expect(again).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('copied into a database before'),
    });
    await expectEmpty(other);
  });

  it('may be used again as a restored one: keys of the time in the database are not sent', async () => {
    const folder = await stoppedLedger();
    const { url } = await newTarget();
    await command(folder, url);
    const database = await onDatabase(url);
    await database.once(keyOf('in the database'), settled('charged'));
    await database.once(keyOf('released'), settled('charged'));
    await database.close();
    expect((await command(folder, url, 'restored')).stdout).toMatch(/^Restored: /);
    const ledger = await onFile(folder);
    expect(await ledger.once(keyOf('settled'), never)).toMatchObject({ outcome: 'first' });
    for (const one of ['in the database', 'released']) {
      expect(await ledger.once(keyOf(one), never)).toMatchObject({ kind: 'unknown' });
    }
  });
});

describe.skipIf(!hasPostgres)('a copy that fails', () => {
  it('with an error leaves the database empty and the file in use, and may be repeated', async () => {
    const folder = await stoppedLedger();
    const target = await newTarget();
    await prepareTables(
      target,
      "RAISE EXCEPTION 'CANARY';",
      'TRIGGER fault BEFORE INSERT ON recollect.remembered FOR EACH STATEMENT',
    );
    const failed = await command(folder, target.url);
    expect(failed).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('the failure is P0001'),
    });
    expect(failed.stderr).not.toContain('CANARY');
    await expectEmpty(target);
    await (await onFile(folder)).close();
    await target.query('DROP TRIGGER fault ON recollect.remembered');
    expect((await command(folder, target.url)).code).toBe(0);
  });

  it('since it was killed leaves the database empty, and no gateway starts on the file until an operator decides', async () => {
    const folder = await stoppedLedger();
    const target = await newTarget();
    // Before the marks and the commit; the connection of the process waits.
    await prepareTables(
      target,
      'PERFORM pg_sleep(3);',
      'TRIGGER fault BEFORE INSERT ON recollect.remembered FOR EACH STATEMENT',
    );
    const copy = await start(target.url, { STORE_URL: `file:${folder}/gateway.db` }, 'copy');
    const sleeping = () =>
      target.query(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`,
      );
    while ((await sleeping()).length === 0) await pause(10);
    copy.process.kill('SIGKILL');
    await copy.ended;
    while ((await sleeping()).length > 0) await pause(50);
    await expectEmpty(target);
    await expect(onFile(folder)).rejects.toThrow('it was copied into a database');
    await target.query('DROP TRIGGER fault ON recollect.remembered');
    expect((await command(folder, target.url)).code).toBe(1);
    expect((await command(folder, target.url, 'trusted')).code).toBe(0);
    expect((await command(folder, target.url)).code).toBe(0);
    expect(await (await onDatabase(target.url)).once(keyOf('settled'), never)).toMatchObject({
      outcome: 'first',
    });
  });

  it('since the answer to its commit was lost leaves the file marked', async () => {
    const folder = await stoppedLedger();
    const target = await newTarget();
    await prepareTables(
      target,
      'PERFORM pg_terminate_backend(pg_backend_pid());',
      'CONSTRAINT TRIGGER fault AFTER INSERT ON recollect.remembered DEFERRABLE INITIALLY DEFERRED FOR EACH ROW',
    );
    const { code, stderr } = await command(folder, target.url);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('all of it, or nothing') });
    await expect(onFile(folder)).rejects.toThrow('it was copied into a database');
  });
});

describe.skipIf(!hasPostgres)('a copy is refused', () => {
  it.each<readonly [string, (folder: string) => void, Record<string, string>, string]>([
    ['under another key', () => {}, { STORE_KEY: otherKey }, 'written under another key'],
    [
      'of a backup',
      (folder) => sqlite(folder, "INSERT INTO marks (name, value) VALUES ('copied', 1)"),
      {},
      'is a backup, or older',
    ],
    [
      'of a ledger that is older than its trace',
      (folder) =>
        writeTrace(join(folder, 'gateway.trace'), {
          owner: ownerOf(createDigest(gatewayKey)),
          lastChange: 2_000_000_000,
        }),
      {},
      'is a backup, or older',
    ],
    ['without a target', () => {}, { COPY_TO: '' }, 'COPY_TO: expected the URL of an empty Postgres'],
    ['into a file', () => {}, { COPY_TO: 'file:CANARY' }, 'COPY_TO: expected the URL of an empty Postgres'],
    ['with a wrong URL', () => {}, { COPY_TO: 'postgres://CANARY@h/x?y=1' }, 'COPY_TO: expected no other'],
    ['from a database', () => {}, { STORE_URL: 'postgres://CANARY@h/x' }, 'STORE_URL: expected the file'],
  ])('%s', async (_, prepare, env, problem) => {
    const folder = await stoppedLedger(prepare);
    const target = await newTarget();
    const { code, stdout, stderr } = await command(folder, target.url, 'copy', env);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(problem),
    });
    expect(stderr).not.toContain('CANARY');
    await expectEmpty(target);
    await (await onFile(folder)).close();
  });

  it('while a gateway uses the ledger', async () => {
    const folder = await stoppedLedger();
    const target = await newTarget();
    const gateway = run('main.js', { PORT: '0', STORE_URL: `file:${folder}/gateway.db`, STORE_KEY: key });
    await gateway.line(/(http:\/\/\S+)/);
    expect(await command(folder, target.url)).toMatchObject({ code: 1, stdout: '', stderr: inUse });
    gateway.process.kill('SIGTERM');
    await gateway.ended;
    expect((await command(folder, target.url)).code).toBe(0);
  });

  it('of a ledger that was never used, or does not exist', async () => {
    const folder = temporaryFolder();
    const target = await newTarget();
    expect((await command(folder, target.url)).stderr).toBe('STORE_URL: expected a ledger; found no file.\n');
    expect(existsSync(join(folder, 'gateway.db'))).toBe(false);
    const made = temporaryFolder();
    await (await open({ file: join(made, 'gateway.db') })).close();
    sqlite(made, 'DELETE FROM remembered');
    const unused = elsewhere(made);
    expect((await command(unused, target.url)).stderr).toBe('No gateway has used this ledger yet.\n');
    await expectEmpty(target);
  });

  it('into a database that a gateway has used, and the file stays in use', async () => {
    const folder = await stoppedLedger();
    const { url } = await newTarget();
    await (await onDatabase(url)).close();
    expect((await command(folder, url)).stderr).toContain('expected an empty database');
    await (await onFile(folder)).close();
  });

  it('into a database that holds a copy', async () => {
    const [first, second] = [await stoppedLedger(), await stoppedLedger()];
    const { url } = await newTarget();
    expect((await command(first, url)).code).toBe(0);
    expect((await command(second, url)).stderr).toContain('expected an empty database');
    expect(await (await onDatabase(url)).once(keyOf('settled'), never)).toMatchObject({ outcome: 'first' });
  });
});
