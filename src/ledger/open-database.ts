import { closeSync, mkdirSync, openSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { z } from 'zod';
import { busyTimeoutMs, ownWaitMs, retryWhileBusySync } from './retry-while-busy.ts';
import { contentsOf, prepareTables } from './sqlite-schema.ts';

export type DatabaseConnection = InstanceType<typeof Database>;

/** A file that cannot be the ledger. The message completes "expected a ledger, but …" and contains no value. */
export class UnusableStoreError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'UnusableStoreError';
  }
}

/** The ledger at this path is missing; keys that were used before would charge again. */
export class LostStoreError extends Error {
  /** The contents in its place. */
  readonly found: 'no file' | 'an empty file' | 'a database without a ledger';

  constructor(found: LostStoreError['found']) {
    super('The ledger is lost.');
    this.name = 'LostStoreError';
    this.found = found;
  }
}

export interface OpenOptions {
  /** Whether a ledger existed at this path, so that an empty file means that it is lost. */
  readonly wasUsed: boolean;
}

const inMemory = ':memory:';

/** Checks the path before anything is created. Returns whether a new file is needed. */
const isMissing = (file: string, { wasUsed }: OpenOptions): boolean => {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat && !stat.isFile()) throw new UnusableStoreError('it is no regular file');
  if (wasUsed && (!stat || stat.size === 0)) throw new LostStoreError(stat ? 'an empty file' : 'no file');
  return !stat;
};

/** Creates an empty file, readable for its owner only, and its folder. Returns a function that undoes this. */
const createFile = (file: string): (() => void) | undefined => {
  const folder = dirname(file);
  const firstFolder = mkdirSync(folder, { recursive: true, mode: 0o700 });
  const removeFolders = (): void => {
    if (firstFolder === undefined) return;
    for (let path = folder; ; path = dirname(path)) {
      rmdirSync(path);
      if (path === firstFolder || path === dirname(path)) return;
    }
  };
  try {
    // SQLite creates its companion files with the same mode.
    closeSync(openSync(file, 'ax', 0o600));
  } catch (error) {
    // Another process that is starting has created it.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    removeFolders();
    throw error;
  }
  return () => {
    for (const path of [file, `${file}-wal`, `${file}-shm`]) rmSync(path, { force: true });
    removeFolders();
  };
};

const journalMode = z.tuple([z.object({ journal_mode: z.literal('delete') })]);

const integrity = z.tuple([z.object({ integrity_check: z.string() })]);

const prepare = (database: DatabaseConnection, { wasUsed }: OpenOptions): void => {
  // First: switching to WAL needs a lock that another process may hold.
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  const contents = contentsOf(database);
  if (contents !== 'a ledger' && wasUsed) throw new LostStoreError('a database without a ledger');
  if (contents === 'something else') throw new UnusableStoreError('it is the database of another program');
  if (contents === 'a ledger') {
    // For example after an older copy was combined with a newer log: a key that is missing in the index would charge
    // again.
    const [{ integrity_check: found }] = integrity.parse(database.prepare('PRAGMA integrity_check(1)').all());
    if (found !== 'ok') throw new UnusableStoreError('it is damaged');
  }
  database.exec('PRAGMA journal_mode = WAL');
  // In WAL mode only FULL writes to the disk before a commit returns.
  database.exec('PRAGMA synchronous = FULL');
  prepareTables(database);
  database.exec(`PRAGMA busy_timeout = ${ownWaitMs}`);
};

const problems: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'it is no database',
  SQLITE_CORRUPT: 'it is damaged',
};

const explained = (error: unknown): unknown => {
  const problem = problems[error instanceof Error && 'code' in error ? String(error.code) : ''];
  return problem === undefined ? error : new UnusableStoreError(problem);
};

export interface OpenedDatabase {
  readonly database: DatabaseConnection;
  /**
   * Closes it, and removes the files and folders that this call has created. Removes nothing, and returns false, if
   * another process has the file open.
   */
  discard(): boolean;
}

/** Whether no other connection has the file open: only then can SQLite leave WAL mode. */
const isOnlyConnection = (database: DatabaseConnection): boolean => {
  try {
    database.exec(`PRAGMA busy_timeout = ${ownWaitMs}`);
    return journalMode.safeParse(database.prepare('PRAGMA journal_mode = DELETE').all()).success;
  } catch {
    return false;
  }
};

/**
 * Opens the file of a ledger, and creates it if there was none before.
 *
 * @throws {LostStoreError | UnusableStoreError} and system errors; then nothing new remains, unless another process uses it.
 */
export const openDatabase = (file: string, options: OpenOptions): OpenedDatabase => {
  const undo = file !== inMemory && isMissing(file, options) ? createFile(file) : undefined;
  let database: DatabaseConnection | undefined;
  const discard = (): boolean => {
    // Another process that has started meanwhile may have recorded payments in the file.
    const isUsed = undo !== undefined && database !== undefined && !isOnlyConnection(database);
    database?.close();
    if (!isUsed) undo?.();
    return !isUsed;
  };
  try {
    const opened = new Database(file);
    database = opened;
    // Two processes that start at once both switch to WAL. SQLite fails one of them without waiting, since each may
    // hold the lock that the other needs.
    retryWhileBusySync(() => prepare(opened, options));
    return { database: opened, discard };
  } catch (error) {
    discard();
    throw explained(error);
  }
};
