import { dirname, join, parse } from 'node:path';

/** The files of a ledger, side by side. */
export interface LedgerFiles {
  /** The store, a file of SQLite. */
  readonly store: string;
  /** The gateway's key, where it is not set as `STORE_KEY`. */
  readonly key: string;
  /** What shows later that there was a ledger (`trace.ts`). Its name is not matched by `gateway.db*`. */
  readonly trace: string;
}

export const keyFileName = 'gateway.key';
export const traceExtension = '.trace';

export const ledgerFiles = (store: string): LedgerFiles => ({
  store,
  key: join(dirname(store), keyFileName),
  trace: join(dirname(store), `${parse(store).name}${traceExtension}`),
});
