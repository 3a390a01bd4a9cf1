import { GatewayKeyError } from '../ledger/gateway-key.ts';
import { ForeignStoreError, type Ledger, type StateChange } from '../ledger/ledger.ts';
import { ledgerFiles } from '../ledger/ledger-files.ts';
import { LostStoreError, UnusableStoreError } from '../ledger/open-database.ts';
import {
  type FileLedgerSettings,
  gatewayKeyOf,
  isFileLedger,
  openLedger,
  signsOfUse,
} from '../ledger/open-ledger.ts';
import { DatabaseError } from '../ledger/postgres/database-error.ts';
import type { ServerWarning } from '../ledger/postgres/server-checks.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { databaseProblem } from './database-problems.ts';
import { identityOf, identityWarnings } from './identity-warnings.ts';
import { type Settings, SettingsError } from './settings.ts';
import type { Wiring } from './wiring.ts';

const lostProblem = ({ found }: LostStoreError, { file, key }: FileLedgerSettings): string => {
  const signs = signsOfUse(ledgerFiles(file), key !== undefined).join(' and ');
  return `expected the ledger that was kept here, since ${signs} is there; found ${found}. Restore the ledger from a backup (docs/ledger.md). Or, to start a new one, delete ${signs}: idempotency keys that were used before would then charge again.`;
};

const problemOf = (error: unknown, settings: Settings['ledger']): string => {
  if (error instanceof GatewayKeyError) return error.message;
  if (error instanceof LostStoreError && isFileLedger(settings)) return lostProblem(error, settings);
  if (error instanceof DatabaseError) return databaseProblem(error);
  if (error instanceof UnusableStoreError) {
    return isFileLedger(settings)
      ? `expected the file of a ledger, or a path for a new one, but ${error.message}.`
      : `expected a database for the ledger, but ${error.message}.`;
  }
  if (error instanceof ForeignStoreError) {
    const source = isFileLedger(settings) ? 'gateway.key next to it' : 'gateway.key of the first gateway';
    return `expected a ledger of this gateway: it was written under another key (STORE_KEY, or ${source}). Restore that key; without it, keys that were used before would charge again.`;
  }
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return `expected a file that can be written, or made; the system says ${code}.`;
};

const hourMs = 60 * 60 * 1000;

const warnOfUnknown = (log: Log, { outcomeId, operation: mutation, tenant, state }: StateChange): void => {
  if (state !== 'UNKNOWN') return;
  const fields = tenant === null ? { outcomeId, mutation } : { outcomeId, mutation, tenant };
  log.warn(fields, 'the outcome of a write is unknown: it may have been executed, and is in pendingOutcomes');
};

const reportsOn = (log: Log, metrics: Metrics['ledger']) => ({
  onState: (change: StateChange): void => {
    metrics.onState(change);
    warnOfUnknown(log, change);
  },
  onFailure: metrics.onFailure,
  onOvertaken: (outcomeId: string): void =>
    log.error({ outcomeId }, 'a write ended after it was started again: it may have been executed twice'),
  onReplaced: (): void =>
    log.error(
      {},
      'the file of the ledger was deleted or replaced while it was open: nothing is charged until it is back, or the gateway is restarted on the right one',
    ),
  onWarning: (warning: ServerWarning): void => log.warn({}, serverWarnings[warning]),
  onRestored: (leftMs: number): void =>
    log.warn(
      { hours: Math.ceil(leftMs / hourMs) },
      'the ledger was restored from an older copy: writes whose key is not in it are not sent, their outcome is unknown. To end this: npm run ledger -- trusted',
    ),
});

const serverWarnings: Readonly<Record<ServerWarning, string>> = {
  fsync:
    'fsync is off at the database of the ledger: a crash of its machine can lose payments that were sent, and damage it',
  full_page_writes:
    'full_page_writes is off at the database of the ledger: a crash of its machine can damage it',
  sslmode: 'connections to the database of the ledger are not encrypted (sslmode=disable)',
};

/** The ledger of a gateway, and the key that it was opened with. */
export interface OpenedStore {
  readonly ledger: Ledger;
  readonly gatewayKey: Buffer;
}

/**
 * Opens the configured ledger, adds its metrics, and warns about stored keys whose callers would not be recognized any more.
 *
 * @throws {SettingsError}
 */
export const openStore = async (
  { settings, tenants }: Pick<Wiring, 'settings' | 'tenants'>,
  log: Log,
  metrics: Metrics['ledger'],
): Promise<OpenedStore> => {
  const refuse = (error: unknown): never => {
    throw new SettingsError([`STORE_URL: ${problemOf(error, settings.ledger)}`]);
  };
  const ledger = await openLedger(settings.ledger, reportsOn(log, metrics)).catch(refuse);
  metrics.watch(ledger.pending);
  const hours = settings.ledger.keyLifeMs / hourMs;
  for (const warning of await identityWarnings(ledger, identityOf(settings), tenants.has).catch(refuse)) {
    log.warn({ setting: warning.setting, hours }, warning.message);
  }
  try {
    return { ledger, gatewayKey: gatewayKeyOf(settings.ledger) };
  } catch (error) {
    await ledger.close();
    return refuse(error);
  }
};
