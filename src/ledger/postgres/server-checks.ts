import { z } from 'zod';
import { UnusableStoreError } from '../open-database.ts';
import type { Execute } from './database.ts';
import { isLoopbackHost, type PostgresSettings } from './postgres-settings.ts';

/** A setting of the server, or of the connection, that endangers what is stored. */
export type ServerWarning = 'fsync' | 'full_page_writes' | 'sslmode';

const oldestVersion = 13;

const settingsRow = z.tuple([
  z.object({
    version: z.number(),
    encoding: z.string(),
    synchronousCommit: z.string(),
    fsync: z.string(),
    fullPageWrites: z.string(),
  }),
]);

const settingsSql = `SELECT current_setting('server_version_num')::integer / 10000 AS version,
  current_setting('server_encoding') AS encoding,
  current_setting('synchronous_commit') AS "synchronousCommit",
  current_setting('fsync') AS fsync,
  current_setting('full_page_writes') AS "fullPageWrites"`;

/**
 * Checks that the server keeps what it confirms.
 *
 * @throws {UnusableStoreError} if it does not.
 */
export const checkServer = async (
  execute: Execute,
  { tls, hosts }: Pick<PostgresSettings, 'tls' | 'hosts'>,
): Promise<ServerWarning[]> => {
  const [found] = settingsRow.parse((await execute({ text: settingsSql })).rows);
  if (found.version < oldestVersion) {
    throw new UnusableStoreError(`the server is older than PostgreSQL ${oldestVersion}`);
  }
  if (found.encoding !== 'UTF8') throw new UnusableStoreError('its encoding is not UTF8');
  if (found.synchronousCommit === 'off') {
    throw new UnusableStoreError(
      'synchronous_commit is off for this user or database: a payment that was sent could be forgotten in a crash',
    );
  }
  const isLocal = hosts.every(({ host }) => isLoopbackHost(host));
  const warnings: readonly (readonly [boolean, ServerWarning])[] = [
    [found.fsync === 'off', 'fsync'],
    [found.fullPageWrites === 'off', 'full_page_writes'],
    [tls === null && !isLocal, 'sslmode'],
  ];
  return warnings.filter(([isGiven]) => isGiven).map(([, warning]) => warning);
};
