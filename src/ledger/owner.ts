import type { Digest } from './digest.ts';
import { ForeignStoreError } from './ledger.ts';
import type { LedgerStore } from './store.ts';

/** The name under which a store keeps a digest of the key that its entries are made under. */
const ownerName = 'gateway key';

export const ownerOf = (digest: Digest): string => digest('gateway', ownerName);

/** Returns the owner of a store; `null` if it belongs to nobody yet. */
export const recallOwner = (store: LedgerStore): Promise<string | null> => store.recall(ownerName);

/**
 * Whether a store belongs to a key already.
 *
 * @throws {ForeignStoreError} if nobody can tell to which: it has entries, but their owner is missing.
 */
export const hasOwner = async (store: LedgerStore): Promise<boolean> => {
  if ((await recallOwner(store)) !== null) return true;
  if ((await store.marks()).lastChange > 0) throw new ForeignStoreError();
  return false;
};

/** @throws {ForeignStoreError} if the store belongs to another key. */
export const ensureOwner = async (store: LedgerStore, digest: Digest): Promise<void> => {
  await hasOwner(store);
  const owner = ownerOf(digest);
  if ((await store.remember(ownerName, owner)) !== owner) throw new ForeignStoreError();
};
