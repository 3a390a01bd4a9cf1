import { existsSync, rmSync } from 'node:fs';
import { createLedger, type LedgerOptions } from './create-ledger.ts';
import { createDigest, type Digest } from './digest.ts';
import { createGatewayKey, GatewayKeyError, readGatewayKey } from './gateway-key.ts';
import { ForeignStoreError, type Ledger } from './ledger.ts';
import { type LedgerFiles, ledgerFiles } from './ledger-files.ts';
import { UnusableStoreError } from './open-database.ts';
import { ensureOwner, hasOwner, ownerOf } from './owner.ts';
import type { PostgresSettings } from './postgres/postgres-settings.ts';
import type { ServerWarning } from './postgres/server-checks.ts';
import { markRestored, reportRestored } from './restored.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { LedgerStore } from './store.ts';
import { readTrace, type Trace, writeTrace } from './trace.ts';

export interface FileLedgerSettings extends Pick<LedgerOptions, 'keyLifeMs'> {
  /** The SQLite file. */
  readonly file: string;
  /** The gateway's key in hexadecimal digits; by default that of the file `gateway.key` next to the store. */
  readonly key: string | undefined;
}

export interface PostgresLedgerSettings extends Pick<LedgerOptions, 'keyLifeMs'> {
  readonly postgres: PostgresSettings;
  /** The gateway's key in hexadecimal digits; by default that of `keyFile`. */
  readonly key: string | undefined;
  /** Created at the first start if it is needed. */
  readonly keyFile: string;
}

export type LedgerSettings = FileLedgerSettings | PostgresLedgerSettings;

export const isFileLedger = (settings: LedgerSettings): settings is FileLedgerSettings => 'file' in settings;

export interface OpenLedgerOptions
  extends Pick<LedgerOptions, 'onOvertaken' | 'onReplaced' | 'onState' | 'onFailure'> {
  /** Called if missing keys count as possibly used, with the milliseconds of running time that this still lasts. */
  readonly onRestored?: (leftMs: number) => void;
  /** Called for each setting of a database server that endangers what is stored. */
  readonly onWarning?: (warning: ServerWarning) => void;
}

/**
 * Returns the existing files that show that a ledger was used. Where the key is in a file, a ledger without that file
 * is new.
 */
export const signsOfUse = ({ key, trace }: LedgerFiles, hasKeySetting: boolean): string[] =>
  (hasKeySetting ? [key, trace] : [key]).filter((file) => existsSync(file));

/** Reads the key file, and creates it for a store without an owner. */
const keyFromFile = async (file: string, store: LedgerStore, undo: (() => void)[] = []): Promise<Buffer> => {
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

type KeySettings = Pick<FileLedgerSettings, 'file' | 'key'> | Pick<PostgresLedgerSettings, 'key' | 'keyFile'>;

const keyFileOf = (settings: KeySettings): string =>
  'file' in settings ? ledgerFiles(settings.file).key : settings.keyFile;

/**
 * Returns the key of a gateway; `null` if its file does not exist yet.
 *
 * @throws {GatewayKeyError}
 */
const existingKeyOf = (settings: KeySettings): Buffer | null => {
  const { key } = settings;
  return key === undefined ? readGatewayKey(keyFileOf(settings)) : Buffer.from(key, 'hex');
};

/**
 * Returns the key of a gateway whose ledger is open: opening it has created the file if there was none.
 *
 * @throws {GatewayKeyError}
 */
export const gatewayKeyOf = (settings: KeySettings): Buffer => {
  const found = existingKeyOf(settings);
  if (!found)
    throw new GatewayKeyError(`${keyFileOf(settings)}: expected the key of the ledger that is open.`);
  return found;
};

/** Whether the store is older than at the last run of a gateway, or is a copy that no gateway has opened. */
const isOlder = async (store: LedgerStore, trace: Trace | null, owner: string): Promise<boolean> => {
  const { values, lastChange } = await store.marks();
  return values.has('copied') || (trace?.owner === owner && lastChange < trace.lastChange);
};

/** Two ledgers for the same keys would charge twice. */
const refuseMoved = async (store: LedgerStore): Promise<void> => {
  if (!(await store.marks()).values.has('moved')) return;
  throw new UnusableStoreError(
    'it was copied into a database: set STORE_URL to that database (to use the file again: docs/ledger.md, Move to Postgres)',
  );
};

/**
 * Opens a ledger in a file. After a crash the next start continues with any step. A failed step removes the files that
 * this start created.
 */
const openFileLedger = async (
  settings: FileLedgerSettings,
  { onRestored, onWarning: _, ...options }: OpenLedgerOptions,
): Promise<Ledger> => {
  const { file, keyLifeMs } = settings;
  const files = ledgerFiles(file);
  // The store is completed before the key exists, so the signs of use are checked first.
  const wasUsed = signsOfUse(files, settings.key !== undefined).length > 0;
  // An unusable key stops the start before anything is created.
  const existing = existingKeyOf(settings);
  // Read first, since another process may write to both: the trace must not be newer than the store.
  const trace = readTrace(files.trace);
  let digest: Digest | undefined;
  const keepTrace = (lastChange: number): void => {
    if (digest) writeTrace(files.trace, { owner: ownerOf(digest), lastChange });
  };
  const store = openSqliteStore(file, { wasUsed, onCheckpoint: keepTrace });
  const undo: (() => void)[] = [];
  try {
    await refuseMoved(store);
    digest = createDigest(existing ?? (await keyFromFile(files.key, store, undo)));
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

const openPostgresLedger = async (
  settings: PostgresLedgerSettings,
  { onRestored, onWarning, ...options }: OpenLedgerOptions,
): Promise<Ledger> => {
  const { postgres, keyFile, keyLifeMs } = settings;
  // An unusable key stops the start before anything is created.
  const existing = existingKeyOf(settings);
  // The client of Postgres takes megabytes, and most ledgers are files.
  const { openPostgresStore } = await import('./postgres/open-postgres-store.ts');
  const onOlder = () => onRestored?.(keyLifeMs);
  let isOpen = false;
  // What is found at the start is reported below.
  const store = await openPostgresStore(postgres, {
    keyLifeMs,
    onWarning,
    onOlder: () => isOpen && onOlder(),
  });
  try {
    const digest = createDigest(existing ?? (await keyFromFile(keyFile, store)));
    await ensureOwner(store, digest);
    await reportRestored(store, onRestored);
    isOpen = true;
    return await createLedger(store, digest, { keyLifeMs, ...options });
  } catch (error) {
    await store.close();
    throw error;
  }
};

/**
 * Opens the ledger, and creates its files or tables at the first start.
 *
 * @throws {GatewayKeyError | ForeignStoreError | LostStoreError | UnusableStoreError | DatabaseError}
 */
export const openLedger = (settings: LedgerSettings, options: OpenLedgerOptions = {}): Promise<Ledger> =>
  isFileLedger(settings) ? openFileLedger(settings, options) : openPostgresLedger(settings, options);
