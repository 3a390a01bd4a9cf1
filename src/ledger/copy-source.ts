import { z } from 'zod';
import { columnNames, entryRow, selected } from './entry-columns.ts';
import { type DatabaseConnection, openDatabase } from './open-database.ts';
import { ownerName } from './owner.ts';
import { isBusy } from './retry-while-busy.ts';
import type { Entry, MarkName, Marks } from './store.ts';

/** The ledger is open in another process: a gateway could use keys that are not in the copy. */
export class LedgerInUseError extends Error {
  constructor() {
    super('Another process has the ledger open.');
    this.name = 'LedgerInUseError';
  }
}

/** A ledger in a file that no other process can open until it is closed. */
export interface CopySource {
  readonly marks: Marks;
  /** The digest of its gateway key; `null` if no gateway has used it. */
  readonly owner: string | null;
  readonly remembered: readonly RememberedText[];
  readonly counts: Readonly<Record<string, number>>;
  /** All entries, in parts. */
  entries(): Iterable<readonly Entry[]>;
  /** Sets the mark `moved`: from then on no gateway starts on the file. */
  markMoved(): void;
  /** Removes it: certainly nothing was copied. */
  unmarkMoved(): void;
  close(): void;
}

/** A text that a ledger keeps under a name. */
export interface RememberedText {
  readonly name: string;
  readonly text: string;
}

const partSize = 500;

const markRows = z.array(z.object({ name: z.custom<MarkName>(), value: z.number() }));
const textRows = z.array(z.object({ name: z.string(), text: z.string() }));
const countRows = z.array(z.object({ state: z.string(), count: z.number() }));
const changeRow = z.tuple([z.object({ latest: z.number().nullable() })]);
const journalRow = z.tuple([z.object({ journal_mode: z.string() })]);

const journalMode = (database: DatabaseConnection, change = ''): string =>
  journalRow.parse(database.prepare(`PRAGMA journal_mode${change}`).all())[0].journal_mode;

/**
 * Takes all locks until the connection is closed. SQLite leaves the WAL mode only if no other process has the file open;
 * a process that opens it before the lock is taken returns to that mode.
 *
 * @throws {LedgerInUseError}
 */
const lock = (database: DatabaseConnection): void => {
  try {
    journalMode(database, ' = DELETE');
    database.prepare('PRAGMA locking_mode = EXCLUSIVE').all();
    database.exec('BEGIN EXCLUSIVE');
    database.exec('COMMIT');
  } catch (error) {
    throw isBusy(error) ? new LedgerInUseError() : error;
  }
  if (journalMode(database) !== 'delete') throw new LedgerInUseError();
};

const marksOf = (database: DatabaseConnection): Marks => {
  const all = markRows.parse(database.prepare('SELECT name, value FROM marks').all());
  const values = new Map(all.map(({ name, value }) => [name, value]));
  const latest = database.prepare('SELECT max(changed_at) AS latest FROM entries').all();
  const [{ latest: changed }] = changeRow.parse(latest);
  return { values, lastChange: Math.max(changed ?? 0, values.get('forgotten') ?? 0) };
};

function* partsOf(database: DatabaseConnection): Generator<readonly Entry[]> {
  const next = database.prepare(
    `SELECT ${selected} FROM (SELECT ${columnNames} FROM entries WHERE id > ? ORDER BY id LIMIT ${partSize})`,
  );
  for (let last = ''; ; ) {
    const part = z.array(entryRow).parse(next.all(last));
    if (part.length === 0) return;
    yield part;
    last = part.at(-1)?.id ?? '';
  }
}

/**
 * Opens the ledger in a file for a copy, and locks it.
 *
 * @throws {LedgerInUseError | LostStoreError | UnusableStoreError} and system errors.
 */
export const openCopySource = (file: string): CopySource => {
  const { database } = openDatabase(file, { wasUsed: true });
  try {
    lock(database);
    const remembered = textRows.parse(database.prepare('SELECT name, text FROM remembered').all());
    const counts = countRows.parse(
      database.prepare('SELECT state, count(*) AS count FROM entries GROUP BY 1 ORDER BY 1').all(),
    );
    return {
      marks: marksOf(database),
      owner: remembered.find(({ name }) => name === ownerName)?.text ?? null,
      remembered,
      counts: Object.fromEntries(counts.map(({ state, count }) => [state, count])),
      entries: () => partsOf(database),
      markMoved: () => database.exec("INSERT INTO marks (name, value) VALUES ('moved', 1)"),
      unmarkMoved: () => database.exec("DELETE FROM marks WHERE name = 'moved'"),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
};
