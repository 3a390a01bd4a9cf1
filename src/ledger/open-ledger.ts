import { existsSync, rmSync } from 'node:fs';
import { latestTime } from './clock.ts';
import { createLedger, type LedgerOptions } from './create-ledger.ts';
import { createDigest, type Digest } from './digest.ts';
import { createGatewayKey, readGatewayKey } from './gateway-key.ts';
import { ForeignStoreError, type Ledger } from './ledger.ts';
import { type LedgerFiles, ledgerFiles } from './ledger-files.ts';
import { ensureOwner, hasOwner, ownerOf } from './owner.ts';
import { markRestored, restoredOf } from './restored.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { LedgerStore } from './store.ts';
import { readTrace, type Trace, writeTrace } from './trace.ts';

export interface LedgerSettings extends Pick<LedgerOptions, 'keyLifeMs'> {
  /** The file of SQLite. */
  readonly file: string;
  /** The gateway's key in hexadecimal digits; without it, that of the file `gateway.key` beside the store. */
  readonly key: string | undefined;
}

export interface OpenLedgerOptions extends Pick<LedgerOptions, 'onOvertaken' | 'onReplaced'> {
  /** Called if missing keys count as possibly used, with the milliseconds of running time that this still lasts. */
  readonly onRestored?: (leftMs: number) => void;
}

/** The files that show that a ledger was there. Where the key is in a file, a ledger without one is a new one. */
export const signsOfUse = ({ key, trace }: LedgerFiles, hasKeySetting: boolean): string[] =>
  (hasKeySetting ? [key, trace] : [key]).filter((file) => existsSync(file));

/** Reads the key file, and makes it for a store that belongs to nobody yet. */
const keyFromFile = async (file: string, store: LedgerStore, undo: (() => void)[]): Promise<Buffer> => {
  const found = readGatewayKey(file);
  if (found) return found;
  // Entries that were made under a lost key cannot be found by a new one.
  if (await hasOwner(store)) throw new ForeignStoreError();
  if (createGatewayKey(file)) undo.push(() => rmSync(file, { force: true }));
  const made = readGatewayKey(file);
  if (!made) throw new ForeignStoreError();
  return made;
};

/** Whether the store is older than it was when a gateway saw it last, or is a copy that none has opened yet. */
const isOlder = async (store: LedgerStore, trace: Trace | null, owner: string): Promise<boolean> => {
  const { values, lastChange } = await store.marks();
  return values.has('copied') || (trace?.owner === owner && lastChange < trace.lastChange);
};

const reportRestored = async (
  store: LedgerStore,
  onRestored: OpenLedgerOptions['onRestored'],
): Promise<void> => {
  const marks = await store.marks();
  const now = latestTime(marks);
  const restored = restoredOf(marks, now);
  if (restored) onRestored?.(restored.until - now);
};

/**
 * Opens the ledger, and makes its files at the first start.
 *
 * The next start can continue after each step, should the process die; a step that fails removes what this start made.
 *
 * @throws {GatewayKeyError | ForeignStoreError | LostStoreError | UnusableStoreError}
 */
export const openLedger = async (
  { file, key: hex, keyLifeMs }: LedgerSettings,
  { onRestored, ...options }: OpenLedgerOptions = {},
): Promise<Ledger> => {
  const files = ledgerFiles(file);
  // The store is complete before there is a key: so the signs are looked at first.
  const wasUsed = signsOfUse(files, hex !== undefined).length > 0;
  // A key that cannot be used stops the start before anything is made.
  if (hex === undefined) readGatewayKey(files.key);
  // Another process may write to both: the trace is never newer than the store.
  const trace = readTrace(files.trace);
  let digest: Digest | undefined;
  const keepTrace = (lastChange: number): void => {
    if (digest) writeTrace(files.trace, { owner: ownerOf(digest), lastChange });
  };
  const store = openSqliteStore(file, { wasUsed, onCheckpoint: keepTrace });
  const undo: (() => void)[] = [];
  try {
    const key = hex === undefined ? await keyFromFile(files.key, store, undo) : Buffer.from(hex, 'hex');
    digest = createDigest(key);
    await ensureOwner(store, digest);
    if (await isOlder(store, trace, ownerOf(digest))) await markRestored(store, keyLifeMs);
    if (!existsSync(files.trace)) undo.push(() => rmSync(files.trace, { force: true }));
    keepTrace((await store.marks()).lastChange);
    await reportRestored(store, onRestored);
    return await createLedger(store, digest, { keyLifeMs, ...options });
  } catch (error) {
    for (const step of undo.reverse()) step();
    await store.discard();
    throw error;
  }
};
