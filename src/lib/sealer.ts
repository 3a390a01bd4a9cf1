import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** Encrypts values that leave the memory of the gateway, and detects changed ones. */
export interface Sealer {
  /**
   * Encrypts a text.
   *
   * @param place names where the value is kept, such as its key: a value that was moved elsewhere does not open.
   */
  seal(text: string, place: string): Buffer;
  /** Returns the text; `null` if the value was sealed with another key, for another place, or was changed. */
  open(sealed: Buffer, place: string): string | null;
}

/**
 * Creates a sealer (AES-256-GCM with a random nonce for each value).
 *
 * @param purpose separates values of different kinds: each purpose has its own key, derived from the gateway's.
 */
export const createSealer = (gatewayKey: Buffer, purpose: string): Sealer => {
  const key = Buffer.from(hkdfSync('sha256', gatewayKey, '', `recollect: ${purpose}`, 32));
  return {
    seal: (text, place) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    open: (sealed, place) => {
      if (sealed.length < ivBytes + tagBytes) return null;
      const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(place));
      decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
      try {
        const body = decipher.update(sealed.subarray(ivBytes + tagBytes));
        return Buffer.concat([body, decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
};
