import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSealer } from './sealer.ts';

const key = randomBytes(32);
const sealer = createSealer(key, 'tokens');

describe('a sealed value', () => {
  it('opens with the same key, purpose and place', () => {
    const sealed = sealer.seal('a token: ü', 'place');
    expect(createSealer(key, 'tokens').open(sealed, 'place')).toBe('a token: ü');
    expect(sealer.open(sealer.seal('', 'place'), 'place')).toBe('');
  });

  it('does not contain its text, and differs each time', () => {
    const all = [sealer.seal('the token', 'place'), sealer.seal('the token', 'place')];
    expect(all[0]?.equals(all[1] ?? Buffer.alloc(0))).toBe(false);
    for (const sealed of all) expect(sealed.includes('the token')).toBe(false);
  });

  it('does not open elsewhere, with another key or for another purpose', () => {
    const sealed = sealer.seal('the token', 'place');
    expect(sealer.open(sealed, 'another place')).toBeNull();
    expect(createSealer(randomBytes(32), 'tokens').open(sealed, 'place')).toBeNull();
    expect(createSealer(key, 'rows').open(sealed, 'place')).toBeNull();
  });

  it('does not open with any bit changed, cut or extended', () => {
    const sealed = sealer.seal('the token', 'place');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(sealer.open(changed, 'place')).toBeNull();
      expect(sealer.open(sealed.subarray(0, index), 'place')).toBeNull();
    }
    expect(sealer.open(Buffer.concat([sealed, Buffer.alloc(1)]), 'place')).toBeNull();
  });
});
