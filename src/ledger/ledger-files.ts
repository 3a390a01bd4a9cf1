import { dirname, join, parse } from 'node:path';

/** The files of a ledger, in one folder. */
export interface LedgerFiles {
  /** The store, an SQLite file. */
  readonly store: string;
  /** The gateway's key, unless it is set as `STORE_KEY`. */
  readonly key: string;
  /** The trace, which shows later that a ledger existed (`trace.ts`). Its name does not match `gateway.db*`. */
  readonly trace: string;
}

export const keyFileName = 'gateway.key';
export const traceExtension = '.trace';

export const ledgerFiles = (store: string): LedgerFiles => ({
  store,
  key: join(dirname(store), keyFileName),
  trace: join(dirname(store), `${parse(store).name}${traceExtension}`),
});
