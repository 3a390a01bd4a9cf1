import type { Digest } from './digest.ts';
import { ForeignStoreError } from './ledger.ts';
import type { LedgerStore } from './store.ts';

/** The name under which a store keeps a digest of its gateway key. */
export const ownerName = 'gateway key';

export const ownerOf = (digest: Digest): string => digest('gateway', ownerName);

/** Returns the owner of a store; `null` if it has none yet. */
export const recallOwner = (store: LedgerStore): Promise<string | null> => store.recall(ownerName);

/**
 * Whether a store has an owner.
 *
 * @throws {ForeignStoreError} if the owner cannot be determined: there are entries without an owner.
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
