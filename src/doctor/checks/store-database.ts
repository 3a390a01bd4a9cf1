import { databaseProblem } from '../../config/database-problems.ts';
import { UnusableStoreError } from '../../ledger/open-database.ts';
import type { PostgresLedgerSettings } from '../../ledger/open-ledger.ts';
import { DatabaseError } from '../../ledger/postgres/database-error.ts';
import { type DatabaseInspection, inspectDatabase } from '../../ledger/postgres/inspect-database.ts';
import { type CheckSubject, note, ok, type Report, skipped, trouble } from '../result.ts';
import { isOfOtherKey, reportKey, reportOtherKey } from './store-key.ts';

const schema: CheckSubject = { id: 'store.schema', subject: 'Schema of the ledger' };
const pending: CheckSubject = { id: 'store.pending', subject: 'Pending outcomes' };
const restored: CheckSubject = { id: 'store.restored', subject: 'Restored ledger' };
const durability: CheckSubject = { id: 'store.durability', subject: 'Durability of the ledger' };

const reportLedger = (
  { ledger }: DatabaseInspection,
  gatewayKey: Buffer | null | undefined,
  report: Report,
): void => {
  if (!ledger) {
    for (const subject of [schema, pending])
      report(skipped(subject, 'there is no ledger yet: the first start creates it.'));
    return;
  }
  report(
    ledger.isNewer
      ? trouble(schema, 'that of a newer version.', 'Use that version of the gateway.')
      : ok(schema, 'that of this version.'),
  );
  if (gatewayKey !== undefined && isOfOtherKey(gatewayKey, ledger.owner)) reportOtherKey(report);
  const { UNKNOWN: unknown = 0, PENDING: inFlight = 0 } = ledger.counts;
  const text = `${unknown} unknown, ${inFlight} in flight.`;
  report(
    unknown === 0
      ? ok(pending, text)
      : note(
          pending,
          text,
          'Resolve the unknown ones: pendingOutcomes and resolveOutcome (docs/mutations.md).',
        ),
  );
  if (ledger.isRestored) {
    report(
      note(restored, 'writes with keys that are not in it are not sent.', 'See docs/ledger.md, Restore.'),
    );
  }
};

/** Examines a ledger in a Postgres database, which is neither created nor changed. */
export const examineDatabase = async (
  settings: PostgresLedgerSettings,
  check: CheckSubject,
  report: Report,
): Promise<void> => {
  try {
    const found = await inspectDatabase(settings.postgres);
    report(ok(check, 'the database can be used.'));
    reportLedger(found, reportKey(settings.key, settings.keyFile, report), report);
    report(
      found.warnings.length === 0
        ? ok(durability, 'the server keeps what it confirms.')
        : note(durability, `unsafe: ${found.warnings.join(', ')}.`, 'See docs/ledger.md, Postgres.'),
    );
  } catch (error) {
    if (error instanceof DatabaseError) report(trouble(check, databaseProblem(error)));
    else if (error instanceof UnusableStoreError) {
      report(trouble(check, `expected a database for the ledger, but ${error.message}.`));
    } else throw error;
  }
};
