import Database from 'libsql';
import { z } from 'zod';
import { createCheckpoints } from './checkpoints.ts';
import { columnNames, entryRow, selected, valuesOf } from './entry-columns.ts';
import { type DatabaseConnection, openDatabase } from './open-database.ts';
import { type OpenFile, watchOpenFile } from './open-file.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import { assignments, placeholders } from './sqlite-schema.ts';
import type { CountedStore, Entry, LedgerStore, MarkName, Marks, StartedEntries } from './store.ts';

export interface SqliteOptions {
  /** Whether a ledger existed at this path, so that an empty file means that it is lost. */
  readonly wasUsed?: boolean;
  /** Called with the last change in the store, when changes are copied into the file itself. */
  readonly onCheckpoint?: (lastChange: number) => void;
}

export interface SqliteStore extends CountedStore {
  /** Writes a consistent copy into a file that is empty or does not exist. */
  copyTo(file: string): Promise<void>;
  /** Closes the store, and deletes it if this process created it. Returns false if another process uses it. */
  discard(): Promise<boolean>;
}

const markRows = z.array(z.object({ name: z.custom<MarkName>(), value: z.number() }));
const countRows = z.array(z.object({ state: z.string(), count: z.number() }));
const startedRow = z.tuple([z.object({ count: z.number(), oldest: z.number().nullable() })]);
const textRows = z.array(z.object({ text: z.string() }));
const checkpointRow = z.tuple([z.object({ busy: z.number() })]);
const changeRow = z.tuple([z.object({ lastChange: z.number() })]);
const holderRows = z.array(
  z.object({
    tenant: z.string(),
    isCaller: z.number().transform((value) => value === 1),
    keys: z.number(),
    oldest: z.number(),
  }),
);

const lastChangeSql = `SELECT max(
    coalesce((SELECT max(changed_at) FROM entries), 0),
    coalesce((SELECT value FROM marks WHERE name = 'forgotten'), 0)) AS "lastChange"`;

const lastChangeOf = (database: DatabaseConnection): number =>
  changeRow.parse(database.prepare(lastChangeSql).all())[0].lastChange;

const versionRow = z.tuple([z.object({ user_version: z.number() })]);

/**
 * Executes a function in a transaction that has the lock for writing from its start. libsql leaves a prepared statement
 * active that failed since another process was writing: SQLite then does not commit the writes of other statements until
 * that one ends, and loses them if the process does. `exec` ends its statements.
 */
const inTransaction = <Value>(database: DatabaseConnection, run: () => Value): Value => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = run();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has done so itself. If not, no further transaction begins.
    }
    throw error;
  }
};

/** Increments the version in the file header, by which an older copy in the file is detected. */
const raiseVersion = (database: DatabaseConnection): number =>
  inTransaction(database, () => {
    const [{ user_version: version }] = versionRow.parse(database.prepare('PRAGMA user_version').all());
    database.exec(`PRAGMA user_version = ${version + 1}`);
    return version + 1;
  });

const unwatched: OpenFile = { check: () => {}, saved: () => {}, close: () => {} };

/**
 * Keeps the ledger in an SQLite file, which several processes of one machine may share.
 *
 * @param file its path; `:memory:` keeps it in memory, for tests.
 * @throws {LostStoreError | UnusableStoreError} and system errors if the file cannot be opened.
 */
export const openSqliteStore = (
  file: string,
  { wasUsed = false, onCheckpoint = () => {} }: SqliteOptions = {},
): SqliteStore => {
  const { database, discard } = openDatabase(file, { wasUsed });
  const openFile = file === ':memory:' ? unwatched : watchOpenFile(file);
  // None uses `get`, which in libsql leaves its statement open.
  const insert = database.prepare(
    `INSERT INTO entries (${columnNames}) VALUES (${placeholders}) ON CONFLICT (caller, key_digest) DO NOTHING`,
  );
  const byKey = database.prepare(`SELECT ${selected} FROM entries WHERE caller = ? AND key_digest = ?`);
  const byId = database.prepare(`SELECT ${selected} FROM entries WHERE id = ?`);
  const update = database.prepare(`UPDATE entries SET ${assignments} WHERE id = ? AND version = ?`);
  const inStates = database.prepare(
    `SELECT ${selected} FROM entries
     WHERE state IN (SELECT value FROM json_each(?)) ORDER BY begun_at, id`,
  );
  // Answered from the index `entries_by_state` alone.
  const started = database.prepare(
    'SELECT count(*) AS count, min(started_at) AS oldest FROM entries WHERE state = ?',
  );
  const expired = database.prepare('SELECT max(changed_at) AS latest FROM entries WHERE expires_at <= ?');
  const remove = database.prepare('DELETE FROM entries WHERE expires_at <= ?');
  const keep = database.prepare('INSERT INTO remembered (name, text) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const kept = database.prepare('SELECT text FROM remembered WHERE name = ?');
  const allMarks = database.prepare('SELECT name, value FROM marks');
  const lastChange = database.prepare(lastChangeSql);
  const setMark = database.prepare(
    `INSERT INTO marks (name, value) SELECT key, value FROM json_each(?) WHERE true
     ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)`,
  );
  const clearMarks = database.prepare('DELETE FROM marks WHERE name IN (SELECT value FROM json_each(?))');
  const holding = database.prepare(
    `SELECT tenant, caller = ? AS "isCaller", count(*) AS keys, min(begun_at) AS oldest FROM entries
     WHERE expires_at IS NULL OR expires_at > ? GROUP BY 1, 2`,
  );

  const byState = database.prepare('SELECT state, count(*) AS count FROM entries GROUP BY 1 ORDER BY 1');

  const checkpoints = createCheckpoints(() => {
    openFile.check();
    const version = raiseVersion(database);
    // Before the log is emptied: if it is lost now, the file is recognized as incomplete.
    onCheckpoint(lastChangeOf(database));
    const [{ busy }] = checkpointRow.parse(database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all());
    if (busy !== 0) return false;
    openFile.saved(version);
    return true;
  });

  const read = <Value>(run: () => Value): Promise<Value> =>
    retryWhileBusy(() => {
      openFile.check();
      return run();
    });

  const write = async (run: () => { readonly changes: number }): Promise<boolean> => {
    const { changes } = await read(() => inTransaction(database, run));
    if (changes > 0) checkpoints.request();
    return changes > 0;
  };

  const first = (rows: unknown[]): Entry | null => (rows[0] === undefined ? null : entryRow.parse(rows[0]));

  const raise: LedgerStore['raise'] = async (marks) => {
    await write(() => setMark.run(JSON.stringify(marks)));
  };

  const recall = async (name: string): Promise<string | null> =>
    textRows.parse(await read(() => kept.all(name)))[0]?.text ?? null;

  const holderOf: LedgerStore['holderOf'] = async ({ caller, keyDigest }) =>
    first(await read(() => byKey.all(caller, keyDigest)));

  checkpoints.request();
  return {
    add: async (entry) => {
      for (;;) {
        // Read first: a locked or full file can still be read.
        const holder = await holderOf(entry);
        if (holder) return holder;
        if (await write(() => insert.run(...valuesOf(entry)))) return null;
      }
    },
    get: async (id) => first(await read(() => byId.all(id))),
    holderOf,
    replace: (entry) => write(() => update.run(...valuesOf(entry), entry.id, entry.version - 1)),
    startedIn: async (state): Promise<StartedEntries> => {
      const [row] = startedRow.parse(await read(() => started.all(state)));
      return row;
    },
    list: async (states) => {
      const rows = await read(() => inStates.all(JSON.stringify(states)));
      return rows.map((one) => entryRow.parse(one));
    },
    removeExpired: async (before) => {
      const rows = await read(() => expired.all(before));
      const [{ latest }] = z.tuple([z.object({ latest: z.number().nullable() })]).parse(rows);
      if (latest === null) return;
      // The mark first: every missing entry must be accounted for.
      await raise({ forgotten: latest });
      await write(() => remove.run(before));
    },
    remember: async (name, text) => {
      await write(() => keep.run(name, text));
      return (await recall(name)) ?? text;
    },
    recall,
    marks: async (): Promise<Marks> => {
      const rows = markRows.parse(await read(() => allMarks.all()));
      const [{ lastChange: changed }] = changeRow.parse(await read(() => lastChange.all()));
      return { values: new Map(rows.map(({ name, value }) => [name, value])), lastChange: changed };
    },
    raise,
    clear: async (names) => {
      await write(() => clearMarks.run(JSON.stringify(names)));
    },
    holders: async (caller, now) => holderRows.parse(await read(() => holding.all(caller, now))),
    copyTo: async (path) => {
      await read(() => database.prepare('VACUUM INTO ?').run(path));
      // Lower than that of any store in use, in case the copy replaces one.
      const copy = new Database(path);
      copy.exec('PRAGMA user_version = 0');
      copy.close();
    },
    counts: async () => {
      const rows = countRows.parse(await read(() => byState.all()));
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },
    close: async () => {
      checkpoints.now();
      checkpoints.stop();
      database.close();
      openFile.close();
    },
    discard: async () => {
      checkpoints.stop();
      const isUnused = discard();
      openFile.close();
      return isUnused;
    },
  };
};
