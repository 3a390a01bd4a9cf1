import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { z } from 'zod';
import type { DatabaseConnection } from './open-database.ts';
import { ownerName } from './owner.ts';
import { contentsOf, type StoreContents, type StoreSchema, schemaOf } from './sqlite-schema.ts';
import type { EntryState } from './store.ts';

/** The state of a ledger, read without opening it as a store. */
export interface LedgerInspection {
  readonly contents: StoreContents;
  readonly schema: StoreSchema;
  /** Entries by state. */
  readonly counts: Readonly<Partial<Record<EntryState, number>>>;
  /** The digest of the gateway key of the store; `null` if it has none. */
  readonly owner: string | null;
  /** The last change, on the ledger's clock. */
  readonly lastChange: number;
  /** Whether it is a copy, or marked as restored from one. */
  readonly isRestored: boolean;
  /** Whether it was copied into a database, so that no gateway starts on it. */
  readonly isMoved: boolean;
}

/** Why the ledger could not be inspected. */
export class InspectionError extends Error {
  readonly reason: 'changing' | 'damaged' | 'large' | 'no database';

  constructor(reason: InspectionError['reason']) {
    super(`The ledger cannot be inspected: ${reason}.`);
    this.name = 'InspectionError';
    this.reason = reason;
  }
}

/** Copying a larger log would take long. */
const maxCopiedBytes = 1_000_000_000;

const attempts = 5;

const countRows = z.array(z.object({ state: z.custom<EntryState>(), count: z.number() }));
const textRows = z.array(z.object({ text: z.string() }));
const markRows = z.array(z.object({ name: z.string(), value: z.number() }));
const latestRow = z.tuple([z.object({ latest: z.number().nullable() })]);

const inspect = (database: DatabaseConnection): LedgerInspection => {
  const contents = contentsOf(database);
  const nothing = {
    schema: 'earlier',
    counts: {},
    owner: null,
    lastChange: 0,
    isRestored: false,
    isMoved: false,
  } as const;
  if (contents !== 'a ledger') return { contents, ...nothing };
  const all = (sql: string, ...values: string[]): unknown[] => database.prepare(sql).all(...values);
  const counts = countRows.parse(all('SELECT state, count(*) AS count FROM entries GROUP BY 1'));
  const [owner] = textRows.parse(all('SELECT text FROM remembered WHERE name = ?', ownerName));
  const schema = schemaOf(database);
  const marks = new Map(
    (schema === 'current' ? markRows.parse(all('SELECT name, value FROM marks')) : []).map(
      ({ name, value }) => [name, value],
    ),
  );
  const [{ latest }] = latestRow.parse(all('SELECT max(changed_at) AS latest FROM entries'));
  const lastChange = Math.max(latest ?? 0, marks.get('forgotten') ?? 0);
  const now = Math.max(lastChange, marks.get('clock') ?? 0);
  return {
    contents,
    schema,
    counts: Object.fromEntries(counts.map(({ state, count }) => [state, count])),
    owner: owner?.text ?? null,
    lastChange,
    isRestored: marks.has('copied') || (marks.get('restoredUntil') ?? 0) > now,
    isMoved: marks.has('moved'),
  };
};

const stateOf = (path: string): string => {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino}:${stat.size}:${stat.mtimeNs}` : 'none';
};

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Opens a database, which `read` must not change, and closes it. */
const withDatabase = <Value>(path: string, read: (database: DatabaseConnection) => Value): Value => {
  const database = new Database(path);
  try {
    return read(database);
  } finally {
    database.close();
  }
};

/**
 * Reads a file without its log. SQLite takes it as immutable: it locks nothing and creates no file next to it.
 *
 * `readonly` has no effect in libsql, and an ordinary connection would create the log and its index.
 */
const readImmutable = (file: string): LedgerInspection =>
  withDatabase(`${pathToFileURL(file).href}?immutable=1`, inspect);

/** Reads a file and its log from a copy in a folder of its own, which is deleted. */
const readCopy = (file: string): LedgerInspection => {
  if (sizeOf(file) + sizeOf(`${file}-wal`) > maxCopiedBytes) throw new InspectionError('large');
  // Only its owner can read what is in it.
  const folder = mkdtempSync(join(tmpdir(), 'recollect-'));
  try {
    const copy = join(folder, 'copy.db');
    copyFileSync(file, copy);
    copyFileSync(`${file}-wal`, `${copy}-wal`);
    return withDatabase(copy, inspect);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const reasonOf = (error: unknown): InspectionError['reason'] | undefined => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_NOTADB') return 'no database';
  return code.startsWith('SQLITE_CORRUPT') || error instanceof z.ZodError ? 'damaged' : undefined;
};

/**
 * Inspects the file of a ledger, also while gateways use it. It writes nothing to the file or its folder.
 *
 * @throws {InspectionError} and system errors.
 */
export const inspectLedger = (file: string): LedgerInspection => {
  const parts = [file, `${file}-wal`];
  const state = (): string => parts.map(stateOf).join();
  for (let tries = 1; ; tries += 1) {
    const before = state();
    let failure: unknown;
    try {
      const found = sizeOf(`${file}-wal`) > 0 ? readCopy(file) : readImmutable(file);
      if (state() === before) return found;
    } catch (error) {
      failure = error;
    }
    // A file that changes meanwhile may look damaged.
    if (failure !== undefined && state() === before) {
      const reason = reasonOf(failure);
      throw reason === undefined ? failure : new InspectionError(reason);
    }
    if (tries === attempts) throw new InspectionError('changing');
  }
};
