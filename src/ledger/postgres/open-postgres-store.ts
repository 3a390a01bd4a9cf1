import { setTimeout as pause } from 'node:timers/promises';
import { LostStoreError } from '../open-database.ts';
import type { Connection } from './connection.ts';
import { createDatabase } from './database.ts';
import { noPrimary, toDatabaseError } from './database-error.ts';
import { prepareSchema, versionOf } from './postgres-schema.ts';
import type { PostgresSettings } from './postgres-settings.ts';
import { createPostgresStore, type PostgresStore, type PostgresStoreOptions } from './postgres-store.ts';
import { connectToPrimary } from './primary.ts';
import { checkServer, type ServerWarning } from './server-checks.ts';

export interface OpenPostgresOptions extends PostgresStoreOptions {
  /** Whether missing tables mean that the ledger is lost, instead of being created. */
  readonly mustExist?: boolean;
  /** Called for each setting of the server that endangers what is stored. */
  readonly onWarning?: ((warning: ServerWarning) => void) | undefined;
}

/** Milliseconds for which the start waits for a server that starts, recovers, or takes over. */
const startPatienceMs = 10_000;
const pauseMs = 250;

const waitForPrimary = async (settings: PostgresSettings): Promise<Connection> => {
  const giveUpAt = performance.now() + startPatienceMs;
  for (;;) {
    try {
      return await connectToPrimary(settings, { acceptsReadOnly: false });
    } catch (error) {
      const { code } = toDatabaseError(error);
      const mayChange = code === noPrimary || code === '57P03';
      if (!mayChange || performance.now() >= giveUpAt) throw error;
    }
    await pause(pauseMs);
  }
};

/**
 * Opens the ledger in a Postgres database, and creates its tables at the first start.
 *
 * @throws {DatabaseError | UnusableStoreError | LostStoreError}
 */
export const openPostgresStore = async (
  settings: PostgresSettings,
  { mustExist = false, onWarning = () => {}, ...options }: OpenPostgresOptions,
): Promise<PostgresStore> => {
  const first = await waitForPrimary(settings);
  try {
    for (const warning of await checkServer(first.execute, settings)) onWarning(warning);
  } finally {
    first.close();
  }
  const preparing = createDatabase(() => connectToPrimary(settings, { acceptsReadOnly: false }));
  try {
    if (!mustExist) await prepareSchema(preparing, settings.schema);
    else if ((await versionOf(preparing.execute, settings.schema)) === null) {
      throw new LostStoreError('a database without a ledger');
    } else await prepareSchema(preparing, settings.schema);
  } finally {
    preparing.close();
  }
  return createPostgresStore(settings, options);
};
