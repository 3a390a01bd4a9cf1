import { createHmac } from 'node:crypto';
import { Secret, SecurityCode } from '../values/secret.ts';

/** Returns equal values for equal inputs, regardless of the order of keys. Security codes are omitted. */
const canonical = (value: unknown): unknown => {
  if (value instanceof SecurityCode) return undefined;
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, part]) => [key, canonical(part)]));
};

/**
 * Creates keyed digests: a card number can be recovered from a plain digest within minutes.
 *
 * @param purpose separates digests of different kinds.
 */
export const createDigest =
  (key: Buffer) =>
  (purpose: 'key' | 'input' | 'gateway', value: unknown): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([purpose, canonical(value)]))
      .digest('base64url');

export type Digest = ReturnType<typeof createDigest>;
