import { z } from 'zod';
import { ownerName } from '../owner.ts';
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
    /** The digest of the gateway key that it belongs to; `null` if none has used it. */
    readonly owner: string | null;
    readonly isRestored: boolean;
  } | null;
}

const countRows = z.array(z.object({ state: z.custom<EntryState>(), count: z.number() }));
const foundRow = z.tuple([z.object({ owner: z.string().nullable(), isRestored: z.boolean() })]);

/** @throws {DatabaseError | UnusableStoreError} */
export const inspectDatabase = async (postgres: PostgresSettings): Promise<DatabaseInspection> => {
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
        owner: found.owner,
        isRestored: found.isRestored,
      },
    };
  } finally {
    connection.close();
  }
};
