import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * A small file next to the store, which shows that the store is lost or older than before. It contains the owner of the
 * ledger as a digest, and the time of its last change.
 */
const trace = z.object({ owner: z.string(), lastChange: z.number() });

export type Trace = z.output<typeof trace>;

/** Returns what the file contains; `null` if there is none, or it cannot be read. */
export const readTrace = (file: string): Trace | null => {
  try {
    return trace.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
};

/** Replaces the file as a whole. */
export const writeTrace = (file: string, written: Trace): void => {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, `${JSON.stringify(written)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
};
