import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { latestTime } from '../ledger/clock.ts';
import { openSqliteStore, type SqliteStore } from '../ledger/sqlite-store.ts';

/** A failed backup. The message is for people. */
export class BackupError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'BackupError';
  }
}

const flush = (file: string): void => {
  const descriptor = openSync(file, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** Opens a copy, which checks it, and marks it: the first gateway that opens it knows that it may be outdated. */
const verify = async (file: string): Promise<Record<string, number>> => {
  const copy = openSqliteStore(file, { wasUsed: true });
  try {
    await copy.raise({ copied: latestTime(await copy.marks()) });
    return await copy.counts();
  } finally {
    await copy.close();
  }
};

/**
 * Creates a consistent copy of a store, also while gateways use it.
 *
 * @param target a path that does not exist; the file appears once the copy is complete and verified.
 * @returns the number of entries in the copy, by state.
 * @throws {BackupError} if the target exists.
 */
export const backUp = async (store: SqliteStore, target: string): Promise<Record<string, number>> => {
  const exists = new BackupError('The target exists; expected a path for a new file.');
  if (existsSync(target)) throw exists;
  const draft = `${target}.${randomBytes(4).toString('hex')}.partial`;
  try {
    // Readable for its owner only, from the start.
    closeSync(openSync(draft, 'wx', 0o600));
    await store.copyTo(draft);
    const counts = await verify(draft);
    flush(draft);
    linkSync(draft, target);
    return counts;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? exists : error;
  } finally {
    for (const path of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(path, { force: true });
  }
};
