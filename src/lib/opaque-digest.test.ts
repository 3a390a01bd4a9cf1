import { createHash, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDigest } from '../ledger/digest.ts';
import { createOpaqueDigest } from './opaque-digest.ts';

const key = Buffer.alloc(32, 7);
const digest = createOpaqueDigest(key);

describe('An opaque digest', () => {
  it('is the same for the same texts and the same key, in another process too', () => {
    expect(createOpaqueDigest(Buffer.from(key))('phone', 'R1', '+14072537828')).toBe(
      digest('phone', 'R1', '+14072537828'),
    );
    expect(digest('phone', 'R1', '+14072537828')).toBe('nnp1sQbWVW-tuCgcZgGo7g');
  });

  it('has at least 96 bits, and characters that need no escape in an id', () => {
    expect(digest('x')).toMatch(/^[\w-]{22}$/);
    expect(Buffer.from(digest('x'), 'base64url').length * 8).toBeGreaterThanOrEqual(96);
  });

  it('differs for other texts, other divisions of one text, and another key', () => {
    const all = [
      digest('a', 'b'),
      digest('ab'),
      digest('a', 'b', ''),
      digest('b', 'a'),
      createOpaqueDigest(randomBytes(32))('a', 'b'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('cannot be computed without the key, or from what the ledger stores under the key', () => {
    const number = '+14072537828';
    const hashes = ['sha256', 'sha1', 'md5'].map((name) => createHash(name).update(number).digest());
    const keyed = createHmac('sha256', key)
      .update(JSON.stringify([number]))
      .digest();
    const ofLedger = Buffer.from(createDigest(key)('key', number), 'base64url');
    const shown = Buffer.from(digest(number), 'base64url').toString('hex');
    for (const other of [...hashes, keyed, ofLedger]) {
      expect(other.toString('hex')).not.toContain(shown);
    }
  });
});
