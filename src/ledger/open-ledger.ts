import { dirname, join } from 'node:path';
import { createLedger, type LedgerOptions } from './create-ledger.ts';
import { createDigest } from './digest.ts';
import { readGatewayKey } from './gateway-key.ts';
import type { Ledger } from './ledger.ts';
import { openSqliteStore } from './sqlite-store.ts';

export interface LedgerSettings extends Pick<LedgerOptions, 'keyLifeMs'> {
  /** The file of SQLite. */
  readonly file: string;
  /** The gateway's key in hexadecimal digits; without it, that of the file `gateway.key` beside the store. */
  readonly key: string | undefined;
}

/**
 * Opens the ledger, and makes its file and its key at the first start.
 *
 * @throws {GatewayKeyError | ForeignStoreError} if the key cannot be used, or is not that of the store.
 */
export const openLedger = async (
  { file, key, ...settings }: LedgerSettings,
  options: Pick<LedgerOptions, 'onOvertaken'> = {},
): Promise<Ledger> => {
  const gatewayKey =
    key === undefined ? readGatewayKey(join(dirname(file), 'gateway.key')) : Buffer.from(key, 'hex');
  const store = openSqliteStore(file);
  try {
    return await createLedger(store, createDigest(gatewayKey), { ...settings, ...options });
  } catch (error) {
    await store.close();
    throw error;
  }
};
