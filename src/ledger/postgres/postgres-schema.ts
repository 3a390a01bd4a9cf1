import { z } from 'zod';
import { UnusableStoreError } from '../open-database.ts';
import type { Database, Execute } from './database.ts';

/** The version of the tables. Each change of them needs a step in `prepareSchema`. */
export const schemaVersion = 1;

/** Names of the ledger's tables, with their schema. */
export interface TableNames {
  readonly entries: string;
  readonly remembered: string;
  readonly marks: string;
  readonly tables: string;
}

export const tableNames = (schema: string): TableNames => ({
  entries: `"${schema}".entries`,
  remembered: `"${schema}".remembered`,
  marks: `"${schema}".marks`,
  tables: `"${schema}".tables`,
});

/**
 * Texts have the collation "C": after an upgrade of the system's library, an index in another collation may miss a key,
 * which would charge again.
 */
const statements = ({ entries, remembered, marks, tables }: TableNames): readonly string[] => [
  `CREATE TABLE ${entries} (
    id text COLLATE "C" PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL,
    caller text COLLATE "C" NOT NULL,
    key_digest text COLLATE "C" NOT NULL,
    operation text NOT NULL,
    fingerprint text NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('PENDING', 'UNKNOWN', 'SETTLED', 'RELEASED')),
    attempt text NOT NULL,
    subject text NOT NULL,
    evidence text,
    outcome text,
    started_at bigint NOT NULL,
    begun_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    lease_until bigint NOT NULL,
    expires_at bigint,
    version bigint NOT NULL,
    UNIQUE (caller, key_digest)
  )`,
  `CREATE INDEX entries_by_state ON ${entries} (state, started_at)`,
  `CREATE INDEX entries_expiring ON ${entries} (expires_at) WHERE expires_at IS NOT NULL`,
  `CREATE INDEX entries_by_change ON ${entries} (changed_at)`,
  `CREATE TABLE ${remembered} (name text COLLATE "C" PRIMARY KEY, text text NOT NULL)`,
  `CREATE TABLE ${marks} (name text COLLATE "C" PRIMARY KEY, value bigint NOT NULL)`,
  // Where the tables were created, to recognize a restored dump.
  `CREATE TABLE ${tables} (version integer NOT NULL, cluster text NOT NULL, relation bigint NOT NULL)`,
  // The origin of the ledger's clock is a time of the server: those of the gateways may differ.
  `INSERT INTO ${marks} (name, value) VALUES ('clock', (extract(epoch FROM now()) * 1000)::bigint)`,
];

/** SQL for the database that holds the tables, and for the identity of the table of entries in it. */
export const clusterSql = `(SELECT system_identifier FROM pg_control_system()) || '/' ||
  (SELECT oid FROM pg_database WHERE datname = current_database())`;
export const relationSql = ({ entries }: TableNames): string => `'${entries}'::regclass::oid::bigint`;

const foundRow = z.tuple([z.object({ schemaExists: z.boolean(), tables: z.number() })]);
const versionRow = z.tuple([z.object({ version: z.number() })]);

/** The number of the lock on the creation of the tables, among all users of a database. */
const lockNumber = 0x7265636f;

/** Returns the version of the tables; `null` if there are none. */
export const versionOf = async (execute: Execute, schema: string): Promise<number | null> => {
  const found = await execute({
    text: `SELECT to_regnamespace($1) IS NOT NULL AS "schemaExists",
      (SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace($1)
        AND relname IN ('entries', 'remembered', 'marks', 'tables')) AS tables`,
    values: [`"${schema}"`],
  });
  const [{ tables: count }] = foundRow.parse(found.rows);
  if (count === 0) return null;
  if (count < 4)
    throw new UnusableStoreError('its schema holds tables of another program, or not all of a ledger');
  const { tables } = tableNames(schema);
  const parsed = versionRow.safeParse((await execute({ text: `SELECT version FROM ${tables}` })).rows);
  if (!parsed.success) throw new UnusableStoreError('its schema holds tables of another program');
  return parsed.data[0].version;
};

const checkVersion = (version: number): void => {
  if (version > schemaVersion) {
    throw new UnusableStoreError(
      'its tables were created by a newer version of the gateway, which must be used',
    );
  }
};

const create = async (execute: Execute, schema: string): Promise<void> => {
  const exists = await execute({
    text: 'SELECT to_regnamespace($1) IS NOT NULL AS found',
    values: [`"${schema}"`],
  });
  const [{ found }] = z.tuple([z.object({ found: z.boolean() })]).parse(exists.rows);
  // Otherwise the right to create schemas would be needed, even for one that exists.
  if (!found) await execute({ text: `CREATE SCHEMA "${schema}"` });
  const names = tableNames(schema);
  for (const text of statements(names)) await execute({ text });
  await execute({
    text: `INSERT INTO ${names.tables} (version, cluster, relation)
      VALUES (${schemaVersion}, ${clusterSql}, ${relationSql(names)})`,
  });
};

/**
 * Creates the tables if there are none.
 *
 * The lock ends with its transaction: one of the session would stay on a connection of a pooler.
 *
 * @throws {UnusableStoreError | DatabaseError}
 */
export const prepareSchema = async (database: Database, schema: string): Promise<void> => {
  const found = await versionOf(database.execute, schema);
  if (found !== null) {
    checkVersion(found);
    return;
  }
  await database.transaction(async (execute) => {
    await execute({ text: "SET LOCAL lock_timeout = '4s'" });
    await execute({ text: 'SET LOCAL synchronous_commit = on' });
    await execute({ text: `SELECT pg_advisory_xact_lock(${lockNumber})` });
    // Another gateway that starts may have created them meanwhile.
    const version = await versionOf(execute, schema);
    if (version === null) await create(execute, schema);
    else checkVersion(version);
  });
};
