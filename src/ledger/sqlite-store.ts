import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'libsql';
import { z } from 'zod';
import type { Entry, LedgerStore } from './store.ts';

/** How long one process waits for another that is writing. */
const busyTimeoutMs = 10_000;

// SQLite's own waiting holds up the whole process: beyond this it is done here, beside everything else.
const ownWaitMs = 20;
const pauseMs = 10;

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');

/** Does what is atomic, again and again while another process is writing. */
const patiently = async <Value>(run: () => Value): Promise<Value> => {
  const giveUpAt = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAt) throw error;
    }
    await pause(pauseMs);
  }
};

const tables = `
  CREATE TABLE IF NOT EXISTS entries (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL DEFAULT '',
    caller TEXT NOT NULL,
    key_digest TEXT NOT NULL,
    operation TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'UNKNOWN', 'SETTLED', 'RELEASED')),
    attempt TEXT NOT NULL,
    subject TEXT NOT NULL,
    evidence TEXT,
    outcome TEXT,
    started_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    expires_at INTEGER,
    version INTEGER NOT NULL,
    UNIQUE (caller, key_digest)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entries_by_state ON entries (state, started_at);
  CREATE INDEX IF NOT EXISTS entries_expiring ON entries (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS remembered (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
`;

const columns = {
  id: 'id',
  tenant: 'tenant',
  caller: 'caller',
  keyDigest: 'key_digest',
  operation: 'operation',
  fingerprint: 'fingerprint',
  state: 'state',
  attempt: 'attempt',
  subject: 'subject',
  evidence: 'evidence',
  outcome: 'outcome',
  startedAt: 'started_at',
  changedAt: 'changed_at',
  leaseUntil: 'lease_until',
  expiresAt: 'expires_at',
  version: 'version',
} as const satisfies Record<keyof Entry, string>;

const fields = Object.keys(columns) as (keyof Entry)[];
const selected = fields.map((field) => `${columns[field]} AS "${field}"`).join(', ');
const valuesOf = (entry: Entry) => fields.map((field) => entry[field]);

const row: z.ZodType<Entry> = z.object({
  id: z.string(),
  tenant: z.string(),
  caller: z.string(),
  keyDigest: z.string(),
  operation: z.string(),
  fingerprint: z.string(),
  state: z.enum(['PENDING', 'UNKNOWN', 'SETTLED', 'RELEASED']),
  attempt: z.string(),
  subject: z.string(),
  evidence: z.string().nullable(),
  outcome: z.string().nullable(),
  startedAt: z.number(),
  changedAt: z.number(),
  leaseUntil: z.number(),
  expiresAt: z.number().nullable(),
  version: z.number(),
});

/** Adds what the table lacks where an earlier version of the gateway has made it. */
const bringUpToDate = (database: InstanceType<typeof Database>): void => {
  const names = database.prepare("SELECT name FROM pragma_table_info('entries') WHERE name = 'tenant'");
  const hasTenant = (): boolean => names.all().length > 0;
  if (hasTenant()) return;
  // Whoever else is starting waits, and then finds it done.
  database.exec('BEGIN IMMEDIATE');
  if (!hasTenant()) database.exec("ALTER TABLE entries ADD COLUMN tenant TEXT NOT NULL DEFAULT ''");
  database.exec('COMMIT');
};

const openDatabase = (file: string): InstanceType<typeof Database> => {
  if (file !== ':memory:') {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // Made here, it is its owner's alone; SQLite gives the files beside it the same mode.
    closeSync(openSync(file, 'a', 0o600));
  }
  const database = new Database(file);
  // First of all: switching to WAL already needs the lock that another process may hold.
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  database.exec('PRAGMA journal_mode = WAL');
  // In WAL mode only FULL writes through to the disk before a change counts as made.
  database.exec('PRAGMA synchronous = FULL');
  database.exec(tables);
  bringUpToDate(database);
  database.exec(`PRAGMA busy_timeout = ${ownWaitMs}`);
  return database;
};

/**
 * Keeps the ledger in a file of SQLite, which several processes of one machine may share.
 *
 * @param file its path; `:memory:` keeps it in memory, for tests.
 * @throws if the file cannot be opened or is no database.
 */
export const openSqliteStore = (file: string): LedgerStore => {
  const database = openDatabase(file);
  // Each is one statement, and thereby atomic. None uses `get`, which in libsql leaves its statement open.
  const insert = database.prepare(
    `INSERT INTO entries (${Object.values(columns).join(', ')})
     VALUES (${fields.map(() => '?').join(', ')}) ON CONFLICT (caller, key_digest) DO NOTHING`,
  );
  const byKey = database.prepare(`SELECT ${selected} FROM entries WHERE caller = ? AND key_digest = ?`);
  const byId = database.prepare(`SELECT ${selected} FROM entries WHERE id = ?`);
  const update = database.prepare(
    `UPDATE entries SET ${fields.map((field) => `${columns[field]} = ?`).join(', ')}
     WHERE id = ? AND version = ?`,
  );
  const inStates = database.prepare(
    `SELECT ${selected} FROM entries
     WHERE state IN (SELECT value FROM json_each(?)) ORDER BY started_at, id`,
  );
  const remove = database.prepare('DELETE FROM entries WHERE expires_at <= ?');
  const keep = database.prepare('INSERT INTO remembered (name, text) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const kept = database.prepare('SELECT text FROM remembered WHERE name = ?');

  const first = (rows: unknown[]): Entry | null => (rows[0] === undefined ? null : row.parse(rows[0]));

  return {
    add: async (entry) => {
      for (;;) {
        const { changes } = await patiently(() => insert.run(...valuesOf(entry)));
        if (changes === 1) return null;
        const holder = first(await patiently(() => byKey.all(entry.caller, entry.keyDigest)));
        // Else it expired in between, and the key is free.
        if (holder) return holder;
      }
    },
    get: async (id) => first(await patiently(() => byId.all(id))),
    replace: async (entry) => {
      const { changes } = await patiently(() => update.run(...valuesOf(entry), entry.id, entry.version - 1));
      return changes === 1;
    },
    list: async (states) => {
      const rows = await patiently(() => inStates.all(JSON.stringify(states)));
      return rows.map((one) => row.parse(one));
    },
    removeExpired: async (before) => (await patiently(() => remove.run(before))).changes,
    remember: async (name, text) => {
      await patiently(() => keep.run(name, text));
      const [found] = await patiently(() => kept.all(name));
      return z.object({ text: z.string() }).parse(found).text;
    },
    close: async () => {
      database.close();
    },
  };
};
