import { isPostgresUrl, PostgresUrlError, parsePostgresUrl } from '../config/postgres-url.ts';
import { type CopySource, LedgerInUseError, openCopySource } from '../ledger/copy-source.ts';
import { createDigest } from '../ledger/digest.ts';
import { ForeignStoreError } from '../ledger/ledger.ts';
import { ledgerFiles } from '../ledger/ledger-files.ts';
import { type FileLedgerSettings, gatewayKeyOf } from '../ledger/open-ledger.ts';
import { ownerOf } from '../ledger/owner.ts';
import {
  FillError,
  type FillProblem,
  fillDatabase,
  UncertainFillError,
} from '../ledger/postgres/fill-database.ts';
import type { PostgresSettings } from '../ledger/postgres/postgres-settings.ts';
import { readTrace } from '../ledger/trace.ts';

/** A ledger that was not copied, or may not have been. The message is for people. */
export class CopyError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'CopyError';
  }
}

/**
 * Reads the database to copy into. It comes from the environment, since a command line, with the password in it, is
 * visible to other users of the machine.
 *
 * @throws {CopyError} without the value.
 */
export const readCopyTarget = (url: string | undefined): PostgresSettings => {
  const expected = (what: string) => new CopyError(`COPY_TO: ${what}.`);
  const text = url?.trim() ?? '';
  if (!isPostgresUrl(text)) {
    throw expected('expected the URL of an empty Postgres database, as in STORE_URL (docs/ledger.md)');
  }
  try {
    return parsePostgresUrl(text);
  } catch (error) {
    throw error instanceof PostgresUrlError ? expected(error.message) : error;
  }
};

const fillProblems: Readonly<Record<FillProblem, string>> = {
  'a gateway has used it':
    'COPY_TO: expected an empty database, but it holds a ledger already, or a gateway was started on it. Nothing was copied.',
  'the number of entries differs': 'The copy was incomplete. It was undone: the database is empty.',
};

/** Copies only what a gateway would use without a further mark. @throws {CopyError | ForeignStoreError} */
const checkSource = ({ owner, marks }: CopySource, settings: FileLedgerSettings): void => {
  if (owner === null && marks.lastChange === 0) throw new CopyError('No gateway has used this ledger yet.');
  if (owner !== ownerOf(createDigest(gatewayKeyOf(settings)))) throw new ForeignStoreError();
  if (marks.values.has('moved')) {
    throw new CopyError(
      'This ledger was copied into a database before, or a copy was interrupted: a second one would charge again. See docs/ledger.md, Move to Postgres.',
    );
  }
  const trace = readTrace(ledgerFiles(settings.file).trace);
  const isOlder = trace?.owner === owner && marks.lastChange < trace.lastChange;
  if (isOlder || marks.values.has('copied')) {
    throw new CopyError(
      'This ledger is a backup, or older than the last run of a gateway. First run: npm run ledger -- restored',
    );
  }
};

const fillFrom = async (source: CopySource, target: PostgresSettings): Promise<void> => {
  const { remembered, counts, marks } = source;
  try {
    await fillDatabase(target, { entries: source.entries(), marks: marks.values, remembered, counts });
  } catch (error) {
    if (error instanceof UncertainFillError) {
      throw new CopyError(
        'The connection was lost at the end of the copy: the database holds all of it, or nothing. No gateway starts on the file any more. See docs/ledger.md, Move to Postgres.',
      );
    }
    // Certainly nothing was stored.
    source.unmarkMoved();
    throw error instanceof FillError ? new CopyError(fillProblems[error.problem]) : error;
  }
};

/**
 * Copies a ledger in a file into an empty database.
 *
 * The file is marked before anything is stored elsewhere: at no time may gateways use both, since each would send a
 * payment under the same key. A crash leaves the mark.
 *
 * @returns the number of copied entries by state.
 * @throws {CopyError | ForeignStoreError | LostStoreError | UnusableStoreError | DatabaseError}
 */
export const copyLedger = async (
  settings: FileLedgerSettings,
  target: PostgresSettings,
): Promise<Readonly<Record<string, number>>> => {
  let source: CopySource;
  try {
    source = openCopySource(settings.file);
  } catch (error) {
    if (!(error instanceof LedgerInUseError)) throw error;
    throw new CopyError('A gateway, or another program, has the ledger open: stop it first.');
  }
  try {
    checkSource(source, settings);
    source.markMoved();
    await fillFrom(source, target);
    return source.counts;
  } finally {
    source.close();
  }
};
