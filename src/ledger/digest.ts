import { createHmac } from 'node:crypto';
import { Secret, SecurityCode } from '../values/secret.ts';

/** Gives equal values for equal inputs, whatever the order of their keys; security codes have no part in it. */
const canonical = (value: unknown): unknown => {
  if (value instanceof SecurityCode) return undefined;
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, part]) => [key, canonical(part)]));
};

/**
 * Digests that only the holder of the key can make: a card number is guessed from a plain one in minutes.
 *
 * @param purpose parts digests of one kind from those of another.
 */
export const createDigest =
  (key: Buffer) =>
  (purpose: 'key' | 'input' | 'gateway', value: unknown): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([purpose, canonical(value)]))
      .digest('base64url');

export type Digest = ReturnType<typeof createDigest>;
