import { GatewayKeyError } from '../ledger/gateway-key.ts';
import { ForeignStoreError, type Ledger } from '../ledger/ledger.ts';
import { ledgerFiles } from '../ledger/ledger-files.ts';
import { LostStoreError, UnusableStoreError } from '../ledger/open-database.ts';
import { openLedger, signsOfUse } from '../ledger/open-ledger.ts';
import type { Log } from '../telemetry/log.ts';
import { identityOf, identityWarnings } from './identity-warnings.ts';
import { type Settings, SettingsError } from './settings.ts';
import type { Wiring } from './wiring.ts';

const lostProblem = ({ found }: LostStoreError, { file, key }: Settings['ledger']): string => {
  const signs = signsOfUse(ledgerFiles(file), key !== undefined).join(' and ');
  return `expected the ledger that was kept here, since ${signs} is there; found ${found}. Restore the ledger from a backup (docs/ledger.md). Or, to start a new one, delete ${signs}: idempotency keys that were used before would then charge again.`;
};

const problemOf = (error: unknown, settings: Settings['ledger']): string => {
  if (error instanceof GatewayKeyError) return error.message;
  if (error instanceof LostStoreError) return lostProblem(error, settings);
  if (error instanceof UnusableStoreError) {
    return `expected the file of a ledger, or a path for a new one, but ${error.message}.`;
  }
  if (error instanceof ForeignStoreError) {
    return 'expected a ledger of this gateway: it was written under another key (STORE_KEY, or gateway.key next to it). Restore that key; without it, keys that were used before would charge again.';
  }
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return `expected a file that can be written, or made; the system says ${code}.`;
};

const hourMs = 60 * 60 * 1000;

const reportsOn = (log: Log) => ({
  onOvertaken: (outcomeId: string): void =>
    log.error({ outcomeId }, 'a write ended after it was started again: it may have been executed twice'),
  onReplaced: (): void =>
    log.error(
      {},
      'the file of the ledger was deleted or replaced while it was open: nothing is charged until the gateway is restarted on the right file',
    ),
  onRestored: (leftMs: number): void =>
    log.warn(
      { hours: Math.ceil(leftMs / hourMs) },
      'the ledger was restored from an older copy: writes whose key is not in it are not sent, their outcome is unknown. To end this: npm run ledger -- trusted',
    ),
});

/**
 * Opens the configured ledger, and warns about stored keys whose callers would not be recognized any more.
 *
 * @throws {SettingsError}
 */
export const openStore = async ({ settings, tenants }: Wiring, log: Log): Promise<Ledger> => {
  const refuse = (error: unknown): never => {
    throw new SettingsError([`STORE_URL: ${problemOf(error, settings.ledger)}`]);
  };
  const ledger = await openLedger(settings.ledger, reportsOn(log)).catch(refuse);
  const hours = settings.ledger.keyLifeMs / hourMs;
  for (const warning of await identityWarnings(ledger, identityOf(settings), tenants.has).catch(refuse)) {
    log.warn({ setting: warning.setting, hours }, warning.message);
  }
  return ledger;
};
