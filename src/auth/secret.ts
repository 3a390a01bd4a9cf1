import type { KeySet, KeySource } from './keys.ts';

/** The output size of HS256: a shorter secret would be easier to guess than a signature. */
export const leastSecretBytes = 32;

/**
 * Creates the key source of a secret that issuer and gateway share.
 *
 * @throws {RangeError} if it is too short.
 */
export const createSecret = (secret: string): KeySource => {
  const bytes = Buffer.from(secret);
  if (bytes.length < leastSecretBytes) {
    throw new RangeError(`Expected a secret of at least ${leastSecretBytes} bytes.`);
  }
  const imported = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ]);
  let known: KeySet | undefined;
  const keys = imported.then((key): KeySet => {
    known = [{ algorithm: 'HS256', key }];
    return known;
  });
  return { algorithms: ['HS256'], current: () => known ?? keys, renewed: () => keys };
};
