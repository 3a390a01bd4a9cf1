import { type BigIntStats, closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { StoreReplacedError } from './store.ts';

/** Checks that the files of an open store are still the ones at their paths. */
export interface OpenFile {
  /** @throws {StoreReplacedError} if one of them was deleted or replaced, or has older contents. */
  check(): void;
  /** Records the version (`user_version`) of the file without its log. */
  saved(version: number): void;
  close(): void;
}

const identityOf = (stat: BigIntStats | undefined): string => (stat ? `${stat.dev}:${stat.ino}` : 'none');

const identityAt = (path: string): string =>
  identityOf(statSync(path, { bigint: true, throwIfNoEntry: false }));

/** The header of an SQLite file, and the offset of its `user_version`. */
const header = { magic: 'SQLite format 3\0', versionAt: 60, bytes: 64 };

/** Returns the version in a file; -1 if it is not an SQLite file. */
const versionIn = (descriptor: number): number => {
  const bytes = Buffer.alloc(header.bytes);
  readSync(descriptor, bytes, 0, header.bytes, 0);
  const isSqlite = bytes.toString('latin1', 0, header.magic.length) === header.magic;
  return isSqlite ? bytes.readInt32BE(header.versionAt) : -1;
};

/**
 * Watches the files of a store that was just opened, with a descriptor of its own. The descriptor stays open as long as
 * the store: closing one releases all locks of this process on the file.
 *
 * @param file the configured path; a symbolic link may change later.
 */
export const watchOpenFile = (file: string): OpenFile => {
  const descriptor = openSync(file, 'r');
  // Without the log (`-wal`) and its index (`-shm`) no other process sees what this one writes.
  const realFile = realpathSync(file);
  const siblings = [`${realFile}-wal`, `${realFile}-shm`];
  const opened = new Map([
    [file, identityOf(fstatSync(descriptor, { bigint: true }))],
    ...siblings.map((path) => [path, identityAt(path)] as const),
  ]);
  let isClosed = false;
  let known = versionIn(descriptor);
  return {
    check: () => {
      const isAtItsPath = [...opened].every(([path, identity]) => identityAt(path) === identity);
      if (!isAtItsPath || versionIn(descriptor) < known) throw new StoreReplacedError();
    },
    saved: (version) => {
      known = Math.max(known, version);
    },
    close: () => {
      // After the first close, the number may belong to another file.
      if (!isClosed) closeSync(descriptor);
      isClosed = true;
    },
  };
};
