import { databaseProblem } from '../config/database-problems.ts';
import { loadEnvironmentFile } from '../config/environment-file.ts';
import { readLedgerSettings, SettingsError } from '../config/settings.ts';
import { latestTime } from '../ledger/clock.ts';
import { GatewayKeyError } from '../ledger/gateway-key.ts';
import { ForeignStoreError } from '../ledger/ledger.ts';
import { type LedgerFiles, ledgerFiles } from '../ledger/ledger-files.ts';
import { LostStoreError, UnusableStoreError } from '../ledger/open-database.ts';
import { isFileLedger, type LedgerSettings } from '../ledger/open-ledger.ts';
import { recallOwner } from '../ledger/owner.ts';
import { DatabaseError } from '../ledger/postgres/database-error.ts';
import { openPostgresStore } from '../ledger/postgres/open-postgres-store.ts';
import { markRestored, markTrusted, restoredOf } from '../ledger/restored.ts';
import { openSqliteStore, type SqliteStore } from '../ledger/sqlite-store.ts';
import type { CountedStore } from '../ledger/store.ts';
import { writeTrace } from '../ledger/trace.ts';
import { BackupError, backUp } from './backup.ts';
import { CopyError, copyLedger, readCopyTarget } from './copy.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

interface Run {
  readonly store: CountedStore;
  readonly settings: LedgerSettings;
  /** The ledger in a file; `null` in a database. */
  readonly inFile: { readonly store: SqliteStore; readonly files: LedgerFiles } | null;
}

const hoursOf = (milliseconds: number): number => Math.ceil(milliseconds / (60 * 60 * 1000));

const counted = (counts: Record<string, number>): string => {
  const parts = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  return parts.length === 0 ? 'no entries' : `entries: ${parts.join(', ')}`;
};

/** Saves the state of the store, with which the next start compares it. */
const keepTrace = async ({ store, inFile }: Run): Promise<void> => {
  if (!inFile) return;
  const { files } = inFile;
  const owner = await recallOwner(store);
  if (owner !== null) writeTrace(files.trace, { owner, lastChange: (await store.marks()).lastChange });
};

const reportState = async ({ store }: Run): Promise<void> => {
  const marks = await store.marks();
  const now = latestTime(marks);
  const restored = restoredOf(marks, now);
  if (marks.values.has('moved'))
    say(
      'This ledger was copied into a database: no gateway starts on it. To use it again: docs/ledger.md, Move to Postgres.',
    );
  if (marks.values.has('copied'))
    say('This is a backup. The first gateway that opens it marks it as restored.');
  say(
    restored
      ? `Restored: writes whose key is not in it are not sent, for ${hoursOf(restored.until - now)} more hours of running time. To end this: npm run ledger -- trusted`
      : 'Not marked as restored.',
  );
};

/** No command creates a ledger, except for `copy`. */
const openRun = async (settings: LedgerSettings): Promise<Run> => {
  if (isFileLedger(settings)) {
    const store = openSqliteStore(settings.file, { wasUsed: true });
    return { store, settings, inFile: { store, files: ledgerFiles(settings.file) } };
  }
  const { postgres, keyLifeMs } = settings;
  return { store: await openPostgresStore(postgres, { keyLifeMs, mustExist: true }), settings, inFile: null };
};

interface Command {
  readonly usage: string;
  readonly does: string;
  readonly run: (settings: LedgerSettings, target: string) => Promise<void>;
}

/** A command that works on the open ledger. */
const onStore =
  (work: (run: Run, target: string) => Promise<void>): Command['run'] =>
  async (settings, target) => {
    const run = await openRun(settings);
    try {
      await work(run, target);
    } finally {
      await run.store.close();
    }
  };

const commands: Readonly<Record<string, Command>> = {
  backup: {
    usage: 'backup <new file>',
    does: 'makes a verified copy, also while gateways run',
    run: onStore(async ({ settings, inFile }, target) => {
      if (!inFile) {
        throw new BackupError('The ledger is in a database: back it up with pg_dump (docs/ledger.md).');
      }
      const counts = await backUp(inFile.store, target);
      const key = settings.key === undefined ? inFile.files.key : 'STORE_KEY';
      say(`The backup is complete and verified; ${counted(counts)}.`);
      say(`It is of no use without the gateway's key: keep a copy of ${key} too, in another place.`);
    }),
  },
  copy: {
    usage: 'copy',
    does: 'copies the file into the empty Postgres database COPY_TO; no gateway starts on the file then',
    run: async (settings) => {
      if (!isFileLedger(settings)) throw new CopyError('STORE_URL: expected the file of a ledger.');
      const counts = await copyLedger(settings, readCopyTarget(process.env['COPY_TO']));
      say(`The copy is complete; ${counted(counts)}.`);
      say('Set STORE_URL to the database now: no gateway starts on the file any more.');
      if (settings.key === undefined) say('Set STORE_KEY to the content of gateway.key.');
    },
  },
  restored: {
    usage: 'restored',
    does: 'marks the ledger as restored from an older copy: missing keys count as possibly used',
    run: onStore(async (run) => {
      await markRestored(run.store, run.settings.keyLifeMs);
      await keepTrace(run);
      await reportState(run);
    }),
  },
  trusted: {
    usage: 'trusted',
    does: 'ends that: no key was used since the copy was made',
    run: onStore(async (run) => {
      await markTrusted(run.store);
      await keepTrace(run);
      await reportState(run);
    }),
  },
  status: {
    usage: 'status',
    does: 'shows the number of entries, and whether the ledger is marked as restored',
    run: onStore(async (run) => {
      say(`The ledger is sound; ${counted(await run.store.counts())}.`);
      await reportState(run);
    }),
  },
};

const usage = (): string =>
  Object.values(commands)
    .map(({ usage: form, does }) => `  npm run ledger -- ${form.padEnd(20)}${does}`)
    .join('\n');

const explain = (error: unknown): string => {
  if (error instanceof SettingsError || error instanceof BackupError || error instanceof CopyError) {
    return error.message;
  }
  if (error instanceof GatewayKeyError) return error.message;
  if (error instanceof ForeignStoreError) {
    return 'STORE_URL: expected a ledger of this gateway: it was written under another key (STORE_KEY, or gateway.key next to it).';
  }
  if (error instanceof DatabaseError) return `The database: ${databaseProblem(error)}`;
  if (error instanceof LostStoreError) return `STORE_URL: expected a ledger; found ${error.found}.`;
  if (error instanceof UnusableStoreError) return `STORE_URL: expected a ledger, but ${error.message}.`;
  const { code, message } = error as NodeJS.ErrnoException;
  return `The system says ${code ?? message}.`;
};

const execute = async ([name = '', target = '', ...rest]: readonly string[]): Promise<number> => {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const takesTarget = command?.usage.includes('<') ?? false;
  if (!command || rest.length > 0 || takesTarget !== (target !== '')) {
    say(`Commands for the ledger that STORE_URL names:\n${usage()}`);
    return 1;
  }
  loadEnvironmentFile();
  await command.run(readLedgerSettings(process.env), target);
  return 0;
};

try {
  process.exitCode = await execute(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
