import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { parsePostgresUrl } from '../../src/config/postgres-url.ts';
import { createLedger, type LedgerOptions } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openPostgresStore } from '../../src/ledger/postgres/open-postgres-store.ts';
import type { PostgresSettings } from '../../src/ledger/postgres/postgres-settings.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import type { CountedStore, ImpatientStore } from '../../src/ledger/store.ts';
import { gatewayKey, hour } from './ledger.ts';
import { createTestDatabase, hasPostgres } from './postgres.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Where a ledger is kept, for any number of gateways. */
export interface StorePlace {
  /** Opens the store, which the test closes. */
  openStore(): Promise<CountedStore & ImpatientStore>;
}

/** A kind of store that the tests of the ledger run on. */
export interface StoreKind {
  readonly name: string;
  /** Whether there is no server for it. */
  readonly isMissing: boolean;
  newPlace(): Promise<StorePlace>;
}

let database: Promise<{ readonly url: string; drop(): Promise<void> }> | undefined;
let schemas = 0;

/** A schema of its own in a database that all tests of a file share. */
export const newPostgresSettings = async (): Promise<PostgresSettings> => {
  database ??= createTestDatabase();
  schemas += 1;
  return { ...parsePostgresUrl((await database).url), schema: `ledger_${schemas}` };
};

/** Must be called in each file that uses Postgres. */
export const dropDatabaseAtEnd = (): void => {
  afterAll(async () => {
    await (await database)?.drop();
    database = undefined;
  });
};

export const storeKinds: readonly StoreKind[] = [
  {
    name: 'SQLite',
    isMissing: false,
    newPlace: async () => {
      const file = join(temporaryFolder(), 'ledger.db');
      return { openStore: async () => openSqliteStore(file) };
    },
  },
  {
    name: 'Postgres',
    isMissing: !hasPostgres,
    newPlace: async () => {
      const settings = await newPostgresSettings();
      return { openStore: () => openPostgresStore(settings, { keyLifeMs: hour }) };
    },
  },
];

export interface OpenOptions extends Partial<LedgerOptions> {
  /** By default a new one. */
  readonly place?: StorePlace;
  readonly store?: ImpatientStore;
  readonly key?: Buffer;
}

/** Returns functions that open ledgers and stores of a kind, which are closed with their test. */
export const openersOf = (kind: StoreKind) => {
  const openStore = async (place?: StorePlace): Promise<CountedStore & ImpatientStore> => {
    const store = await (place ?? (await kind.newPlace())).openStore();
    onTestFinished(() => store.close());
    return store;
  };
  const open = async ({ place, key = gatewayKey, store, ...rest }: OpenOptions = {}): Promise<Ledger> => {
    const opened = store ?? (await (place ?? (await kind.newPlace())).openStore());
    const ledger = await createLedger(opened, createDigest(key), { keyLifeMs: hour, ...rest });
    onTestFinished(() => ledger.close());
    return ledger;
  };
  return { open, openStore };
};
