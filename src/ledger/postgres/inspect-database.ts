import { z } from 'zod';
import { createDigest } from '../digest.ts';
import { ownerName, ownerOf } from '../owner.ts';
import type { EntryState } from '../store.ts';
import { schemaVersion, tableNames, versionOf } from './postgres-schema.ts';
import type { PostgresSettings } from './postgres-settings.ts';
import { connectToPrimary } from './primary.ts';
import { checkServer, type ServerWarning } from './server-checks.ts';

/** The state of a ledger in a database, read without changing anything. */
export interface DatabaseInspection {
  readonly warnings: readonly ServerWarning[];
  /** `null` if there are no tables yet. */
  readonly ledger: {
    readonly isNewer: boolean;
    readonly counts: Readonly<Partial<Record<EntryState, number>>>;
    /** Whether it belongs to another gateway key. */
    readonly isForeign: boolean;
    readonly isRestored: boolean;
  } | null;
}

const countRows = z.array(z.object({ state: z.custom<EntryState>(), count: z.number() }));
const foundRow = z.tuple([z.object({ owner: z.string().nullable(), isRestored: z.boolean() })]);

/**
 * Inspects a ledger in a database.
 *
 * @param key the gateway's; `null` if there is none yet.
 * @throws {DatabaseError | UnusableStoreError}
 */
export const inspectDatabase = async (
  postgres: PostgresSettings,
  key: Buffer | null,
): Promise<DatabaseInspection> => {
  const connection = await connectToPrimary(postgres, { acceptsReadOnly: false });
  try {
    const { execute } = connection;
    const warnings = await checkServer(execute, postgres);
    const version = await versionOf(execute, postgres.schema);
    if (version === null) return { warnings, ledger: null };
    const { entries, marks, remembered } = tableNames(postgres.schema);
    const counts = countRows.parse(
      (await execute({ text: `SELECT state, count(*) AS count FROM ${entries} GROUP BY 1` })).rows,
    );
    const [found] = foundRow.parse(
      (
        await execute({
          text: `SELECT (SELECT text FROM ${remembered} WHERE name = $1) AS owner,
            EXISTS (SELECT 1 FROM ${marks} WHERE name = 'copied' OR name = 'restoredUntil' AND value >
              (SELECT max(value) FROM ${marks} WHERE name IN ('clock', 'forgotten'))) AS "isRestored"`,
          values: [ownerName],
        })
      ).rows,
    );
    return {
      warnings,
      ledger: {
        isNewer: version > schemaVersion,
        counts: Object.fromEntries(counts.map(({ state, count }) => [state, count])),
        isForeign: found.owner !== null && (key === null || found.owner !== ownerOf(createDigest(key))),
        isRestored: found.isRestored,
      },
    };
  } finally {
    connection.close();
  }
};
