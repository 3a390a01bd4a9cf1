import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';

/** 128 bits: two values of one gateway never share a digest by chance. */
const digestBytes = 16;

/** Separates these digests from those that the ledger makes with the same key. */
const idsPurpose = 'recollect: digests in ids and cursors';

/**
 * Returns a digest of some texts, in 22 characters. Nobody can recover them from it without the gateway's key: there
 * are so few phone numbers that a digest without a key is found by trying all of them.
 */
export type OpaqueDigest = (...texts: readonly string[]) => string;

/**
 * Creates opaque digests. They stay the same as long as the key does.
 *
 * @param purpose separates digests of different kinds, by default those in ids and cursors.
 */
export const createOpaqueDigest = (gatewayKey: Buffer, purpose = idsPurpose): OpaqueDigest => {
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', gatewayKey, '', purpose, 32)));
  return (...texts) =>
    createHmac('sha256', key)
      .update(JSON.stringify(texts))
      .digest()
      .subarray(0, digestBytes)
      .toString('base64url');
};
