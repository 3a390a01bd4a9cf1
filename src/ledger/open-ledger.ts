import { existsSync, rmSync } from 'node:fs';
import { latestTime } from './clock.ts';
import { createLedger, type LedgerOptions } from './create-ledger.ts';
import { createDigest, type Digest } from './digest.ts';
import { createGatewayKey, GatewayKeyError, readGatewayKey } from './gateway-key.ts';
import { ForeignStoreError, type Ledger } from './ledger.ts';
import { type LedgerFiles, ledgerFiles } from './ledger-files.ts';
import { ensureOwner, hasOwner, ownerOf } from './owner.ts';
import { markRestored, restoredOf } from './restored.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { LedgerStore } from './store.ts';
import { readTrace, type Trace, writeTrace } from './trace.ts';

export interface LedgerSettings extends Pick<LedgerOptions, 'keyLifeMs'> {
  /** The SQLite file. */
  readonly file: string;
  /** The gateway's key in hexadecimal digits; by default that of the file `gateway.key` next to the store. */
  readonly key: string | undefined;
}

export interface OpenLedgerOptions
  extends Pick<LedgerOptions, 'onOvertaken' | 'onReplaced' | 'onState' | 'onFailure'> {
  /** Called if missing keys count as possibly used, with the milliseconds of running time that this still lasts. */
  readonly onRestored?: (leftMs: number) => void;
}

/**
 * Returns the existing files that show that a ledger was used. Where the key is in a file, a ledger without that file
 * is new.
 */
export const signsOfUse = ({ key, trace }: LedgerFiles, hasKeySetting: boolean): string[] =>
  (hasKeySetting ? [key, trace] : [key]).filter((file) => existsSync(file));

/** Reads the key file, and creates it for a store without an owner. */
const keyFromFile = async (file: string, store: LedgerStore, undo: (() => void)[]): Promise<Buffer> => {
  const found = readGatewayKey(file);
  if (found) return found;
  if (await hasOwner(store)) {
    // Another process that is starting may have created both after the first look.
    const created = readGatewayKey(file);
    if (created) return created;
    // A new key cannot find entries that were created with a lost one.
    throw new ForeignStoreError();
  }
  if (createGatewayKey(file)) undo.push(() => rmSync(file, { force: true }));
  const made = readGatewayKey(file);
  if (!made) throw new ForeignStoreError();
  return made;
};

/**
 * Returns the key of a gateway whose ledger is open: opening it has created the file if there was none.
 *
 * @throws {GatewayKeyError}
 */
export const gatewayKeyOf = ({ file, key }: Pick<LedgerSettings, 'file' | 'key'>): Buffer => {
  if (key !== undefined) return Buffer.from(key, 'hex');
  const files = ledgerFiles(file);
  const found = readGatewayKey(files.key);
  if (!found) throw new GatewayKeyError(`${files.key}: expected the key of the ledger that is open.`);
  return found;
};

/** Whether the store is older than at the last run of a gateway, or is a copy that no gateway has opened. */
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
 * Opens the ledger, and creates its files at the first start.
 *
 * After a crash the next start continues with any step. A failed step removes the files that this start created.
 *
 * @throws {GatewayKeyError | ForeignStoreError | LostStoreError | UnusableStoreError}
 */
export const openLedger = async (
  { file, key: hex, keyLifeMs }: LedgerSettings,
  { onRestored, ...options }: OpenLedgerOptions = {},
): Promise<Ledger> => {
  const files = ledgerFiles(file);
  // The store is completed before the key exists, so the signs of use are checked first.
  const wasUsed = signsOfUse(files, hex !== undefined).length > 0;
  // An unusable key stops the start before anything is created.
  if (hex === undefined) readGatewayKey(files.key);
  // Read first, since another process may write to both: the trace must not be newer than the store.
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
    // Another process that uses the store needs its key too.
    if (await store.discard()) for (const step of undo.reverse()) step();
    throw error;
  }
};
