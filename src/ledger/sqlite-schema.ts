import type Database from 'libsql';
import { z } from 'zod';
import { entryColumns } from './entry-columns.ts';

type Connection = InstanceType<typeof Database>;

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
    begun_at INTEGER NOT NULL DEFAULT 0,
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

/** Needs the columns that `bringUpToDate` adds. */
const laterTables = `
  CREATE INDEX IF NOT EXISTS entries_by_change ON entries (changed_at);
  CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
`;

export const placeholders = entryColumns.map(() => '?').join(', ');
export const assignments = entryColumns.map((column) => `${column} = ?`).join(', ');

/** The contents of a file before it is used as a ledger. */
export type StoreContents = 'nothing' | 'a ledger' | 'something else';

const names = z.array(z.object({ name: z.string() }));

export const contentsOf = (database: Connection): StoreContents => {
  const found = names.parse(database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all());
  if (found.length === 0) return 'nothing';
  const isIn = (table: string): boolean => found.some(({ name }) => name === table);
  return isIn('entries') && isIn('remembered') ? 'a ledger' : 'something else';
};

/** Whether the tables of a ledger are those of this version. The next start of a gateway changes those of earlier ones. */
export type StoreSchema = 'current' | 'earlier';

export const schemaOf = (database: Connection): StoreSchema => {
  const query = "SELECT name FROM pragma_table_info('entries') UNION SELECT name FROM sqlite_master";
  const found = names.parse(database.prepare(query).all()).map(({ name }) => name);
  const isCurrent = [...entryColumns, 'marks', 'entries_by_change'].every((name) => found.includes(name));
  return isCurrent ? 'current' : 'earlier';
};

/**
 * Earlier versions used the wall clock. The ledger's clock continues from the last change that they made, or from now
 * if that is earlier: a clock that was ahead for a while must not make keys expire.
 */
const startClock = `
  INSERT INTO marks (name, value)
    SELECT 'clock', min(max(changed_at), unixepoch() * 1000) FROM entries HAVING count(*) > 0
    ON CONFLICT DO NOTHING;
  INSERT INTO marks (name, value) SELECT 'forgotten', value FROM marks WHERE name = 'clock'
    ON CONFLICT DO NOTHING;
  UPDATE entries SET begun_at = min(started_at, (SELECT value FROM marks WHERE name = 'clock')),
    changed_at = min(changed_at, (SELECT value FROM marks WHERE name = 'clock'));
`;

/** Creates the tables, and adds columns that an earlier version of the gateway did not create. */
export const prepareTables = (database: Connection): void => {
  const columnsNow = database.prepare("SELECT name FROM pragma_table_info('entries')");
  // Another process that starts meanwhile waits, and then finds everything done.
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(tables);
    const found = names.parse(columnsNow.all()).map(({ name }) => name);
    const isEarlier = !found.includes('begun_at');
    if (!found.includes('tenant')) {
      database.exec("ALTER TABLE entries ADD COLUMN tenant TEXT NOT NULL DEFAULT ''");
    }
    if (isEarlier) database.exec('ALTER TABLE entries ADD COLUMN begun_at INTEGER NOT NULL DEFAULT 0');
    database.exec(laterTables);
    if (isEarlier) database.exec(startClock);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
};
