import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { createTestDatabase, hasPostgres } from '../support/postgres.ts';

/** An empty store that any number of gateways share. */
export interface CrashStore {
  /** The settings of its gateways. */
  readonly env: Readonly<Record<string, string>>;
  /** Throws if it is damaged. */
  verify(): void;
  remove(): Promise<void>;
}

export interface CrashStoreKind {
  readonly name: 'sqlite' | 'postgres';
  readonly isMissing: boolean;
  /** The gateways that serve at once while one of them is killed. */
  readonly replicas: 1 | 2;
  create(): Promise<CrashStore>;
}

const onSqlite = async (): Promise<CrashStore> => {
  const folder = mkdtempSync(join(tmpdir(), 'recollect-crash-'));
  const file = join(folder, 'data', 'gateway.db');
  return {
    env: { STORE_URL: `file:${file}` },
    verify: () => {
      const database = new Database(file);
      const result = JSON.stringify(database.prepare('PRAGMA integrity_check').all());
      database.close();
      if (result !== '[{"integrity_check":"ok"}]') throw new Error(`The store is damaged: ${result}`);
    },
    remove: async () => rmSync(folder, { recursive: true }),
  };
};

const onPostgres = async (): Promise<CrashStore> => {
  const database = await createTestDatabase();
  return {
    env: { STORE_URL: database.url, STORE_KEY: randomBytes(32).toString('hex') },
    // The server survives its clients.
    verify: () => {},
    remove: () => database.drop(),
  };
};

/** The stores that gateways are killed on: both, or that which `CRASH_STORE` names. */
export const crashStoreKinds: readonly CrashStoreKind[] = (
  [
    { name: 'sqlite', isMissing: false, replicas: 1, create: onSqlite },
    { name: 'postgres', isMissing: !hasPostgres, replicas: 2, create: onPostgres },
  ] as const
).filter(({ name }) => (process.env['CRASH_STORE'] ?? name) === name);
