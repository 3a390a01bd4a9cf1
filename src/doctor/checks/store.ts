import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InspectionError, inspectLedger, type LedgerInspection } from '../../ledger/inspect-ledger.ts';
import { type LedgerFiles, ledgerFiles, traceExtension } from '../../ledger/ledger-files.ts';
import {
  type FileLedgerSettings,
  isFileLedger,
  type LedgerSettings,
  signsOfUse,
} from '../../ledger/open-ledger.ts';
import { readTrace } from '../../ledger/trace.ts';
import { type CheckSubject, note, ok, type Report, skipped, trouble } from '../result.ts';
import type { Check } from '../run-check.ts';
import { examineDatabase } from './store-database.ts';
import { isOfOtherKey, reportKey, reportOtherKey } from './store-key.ts';

export interface StoreContext {
  readonly ledger: LedgerSettings;
}

const permissions: CheckSubject = { id: 'store.permissions', subject: 'Permissions of the ledger' };
const schema: CheckSubject = { id: 'store.schema', subject: 'Schema of the ledger' };
const pending: CheckSubject = { id: 'store.pending', subject: 'Pending outcomes' };
const restored: CheckSubject = { id: 'store.restored', subject: 'Restored ledger' };
const space: CheckSubject = { id: 'store.space', subject: 'Disk space of the ledger' };

const restore = 'Restore the ledger (docs/ledger.md). A new one would charge again for used keys.';

const canWrite = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** Returns the folder that exists: others are created at the first start. */
const existingFolder = (file: string): string => {
  let folder = dirname(resolve(file));
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
};

const isOpenToOthers = (path: string): boolean =>
  process.platform !== 'win32' && ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0;

/** The files of the ledger by the names in messages. Paths are not shown. */
const namedFiles = ({ store, trace }: LedgerFiles): (readonly [name: string, path: string])[] => [
  ['the ledger', store],
  ['its log (-wal)', `${store}-wal`],
  ["its log's index (-shm)", `${store}-shm`],
  [`*${traceExtension}`, trace],
];

const reportPermissions = (files: LedgerFiles, report: Report): void => {
  const open = namedFiles(files).filter(([, path]) => isOpenToOthers(path));
  if (open.length > 0) {
    const names = open.map(([name]) => name).join(', ');
    report(
      trouble(
        permissions,
        `accounts other than the owner have access: ${names}.`,
        'Set mode 0600 (chmod 600).',
      ),
    );
    return;
  }
  const fixed = [existingFolder(files.store), files.store].filter(
    (path) => existsSync(path) && !canWrite(path),
  );
  report(
    fixed.length === 0
      ? ok(permissions, 'the owner only; it can be written.')
      : trouble(
          permissions,
          'this user cannot write the file or its folder.',
          'Run the doctor as the user of the gateway, or correct owner and mode.',
        ),
  );
};

const reportOwner = (
  gatewayKey: Buffer | null | undefined,
  found: LedgerInspection,
  report: Report,
): void => {
  if (gatewayKey === undefined || found.contents !== 'a ledger') return;
  const wasUsed = gatewayKey === null && found.lastChange > 0;
  if (wasUsed || isOfOtherKey(gatewayKey, found.owner)) reportOtherKey(report);
};

const reportPending = ({ counts }: LedgerInspection, report: Report): void => {
  const { UNKNOWN: unknown = 0, PENDING: inFlight = 0 } = counts;
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
};

const reportContents = (files: LedgerFiles, found: LedgerInspection, report: Report): void => {
  if (found.contents === 'something else') {
    report(trouble(storeCheck, 'the file is the database of another program.', 'Set another STORE_URL.'));
    return;
  }
  if (found.contents === 'nothing') {
    report(trouble(storeCheck, 'the file is a database without a ledger.', restore));
    return;
  }
  report(
    found.isMoved
      ? trouble(
          storeCheck,
          'the ledger was copied into a database: no gateway starts on it.',
          'Set STORE_URL to that database. To use the file again: docs/ledger.md, Move to Postgres.',
        )
      : ok(storeCheck, 'can be opened.'),
  );
  report(
    found.schema === 'current'
      ? ok(schema, 'that of this version.')
      : note(schema, 'that of an earlier version: the next start adds to it.', 'Make a backup before.'),
  );
  reportPending(found, report);
  const trace = readTrace(files.trace);
  const isOlder = trace !== null && trace.owner === found.owner && found.lastChange < trace.lastChange;
  if (found.isRestored || isOlder) {
    report(
      note(
        restored,
        'a copy, or older than the trace next to it: writes with keys that are not in it are not sent.',
        'See docs/ledger.md, Restore.',
      ),
    );
  }
};

const problems: Readonly<Record<InspectionError['reason'], readonly [message: string, action: string]>> = {
  damaged: ['the file is damaged.', restore],
  'no database': ['the file is no database.', restore],
  changing: ['changes without a pause: it could not be inspected.', 'Run npm run ledger -- status.'],
  large: ['its log is too large to be copied.', 'Run npm run ledger -- status.'],
};

const reportFile = (files: LedgerFiles, report: Report): LedgerInspection | undefined => {
  try {
    const found = inspectLedger(files.store);
    reportContents(files, found, report);
    return found;
  } catch (error) {
    if (!(error instanceof InspectionError)) throw error;
    const [message, action] = problems[error.reason];
    const isBad = error.reason === 'damaged' || error.reason === 'no database';
    report((isBad ? trouble : note)(storeCheck, message, action));
    return undefined;
  }
};

const mebibyte = 2 ** 20;
const leastFree = 64 * mebibyte;
const amplyFree = 1024 * mebibyte;

const reportSpace = (file: string, report: Report): void => {
  const { bavail, bsize } = statfsSync(existingFolder(file));
  const free = bavail * bsize;
  const text = `${Math.floor(free / mebibyte)} MiB free.`;
  if (free >= amplyFree) {
    report(ok(space, text));
    return;
  }
  report(
    (free < leastFree ? trouble : note)(
      space,
      text,
      'Free space, or move the ledger: without space no write is sent.',
    ),
  );
};

/** Reports about a ledger that does not exist, or is empty. Whether it existed before. */
const reportMissing = (
  ledger: FileLedgerSettings,
  files: LedgerFiles,
  found: string,
  report: Report,
): void => {
  if (signsOfUse(files, ledger.key !== undefined).length > 0) {
    report(
      trouble(storeCheck, `lost: there is ${found}, but files next to it show that one was used.`, restore),
    );
    return;
  }
  report(ok(storeCheck, 'none yet: the first start creates it.'));
  for (const subject of [schema, pending]) report(skipped(subject, 'there is no ledger yet.'));
};

const runFile = (ledger: FileLedgerSettings, report: Report): void => {
  const files = ledgerFiles(ledger.file);
  const stat = statSync(files.store, { throwIfNoEntry: false });
  if (stat && !stat.isFile()) {
    report(trouble(storeCheck, 'it is no regular file.', 'Set the path of a file.'));
  } else if (!stat || stat.size === 0) {
    reportMissing(ledger, files, stat ? 'an empty file' : 'no file', report);
    reportKey(ledger.key, files.key, report);
  } else {
    const found = reportFile(files, report);
    const gatewayKey = reportKey(ledger.key, files.key, report);
    if (found) reportOwner(gatewayKey, found, report);
  }
  reportPermissions(files, report);
  reportSpace(files.store, report);
};

/** The ledger as it is: it is neither created, nor changed, nor locked. */
export const storeCheck: Check<StoreContext> = {
  id: 'store',
  subject: 'STORE_URL',
  run: async ({ ledger }, report) => {
    if (isFileLedger(ledger)) runFile(ledger, report);
    else await examineDatabase(ledger, storeCheck, report);
  },
};
