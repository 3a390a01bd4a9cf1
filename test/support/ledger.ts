import { randomBytes } from 'node:crypto';
import { onTestFinished, vi } from 'vitest';
import { createLedger, type LedgerOptions } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import type { Attempt, Ledger, WriteOnce } from '../../src/ledger/ledger.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import type { LedgerStore } from '../../src/ledger/store.ts';

export const hour = 60 * 60 * 1000;
export const gatewayKey = randomBytes(32);

/** A ledger in memory, or in a file, which is closed with its test. */
export const open = async (
  options: Partial<LedgerOptions> & {
    readonly file?: string;
    readonly key?: Buffer;
    readonly store?: LedgerStore;
  } = {},
): Promise<Ledger> => {
  const { file = ':memory:', key = gatewayKey, store = openSqliteStore(file), ...rest } = options;
  const ledger = await createLedger(store, createDigest(key), { keyLifeMs: hour, ...rest });
  onTestFinished(() => ledger.close());
  return ledger;
};

export const write: WriteOnce = {
  caller: 'ann',
  idempotencyKey: 'key 1',
  operation: 'runPayment',
  input: { amount: '1.00' },
  subject: { fileNumber: 'R1' },
  waitMs: 2000,
};

export const settled = (outcome: string) => async (): Promise<Attempt<string>> => ({
  kind: 'settled',
  outcome,
});
export const unknown = async (): Promise<Attempt<string>> => ({ kind: 'unknown' });
export const released = async (): Promise<Attempt<string>> => ({ kind: 'released' });
export const never = (): Promise<Attempt<string>> => {
  throw new Error('The write was executed once more.');
};

/** An attempt that ends when `end` is called. */
export const held = () => {
  let end: (tried: Attempt<string>) => void = () => {};
  const promise = new Promise<Attempt<string>>((resolve) => {
    end = resolve;
  });
  return { execute: vi.fn(() => promise), end };
};
