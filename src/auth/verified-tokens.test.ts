import { describe, expect, it } from 'vitest';
import type { Caller } from '../operation/caller.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

const callerNamed = (id: string): Caller => ({ id, tenant: null, scopes: new Set() });

const later = Date.now() + 3_600_000;

describe('verified tokens', () => {
  it('are found until they expire, with the keys that verified them', () => {
    const tokens = createVerifiedTokens();
    const keys: [] = [];
    tokens.keep('good', keys, { caller: callerNamed('alice'), expiresAt: later });
    tokens.keep('late', keys, { caller: callerNamed('bob'), expiresAt: Date.now() });
    expect(tokens.find('good')?.caller.id).toBe('alice');
    expect(tokens.find('good')?.keys).toBe(keys);
    expect(tokens.find('Good')).toBeUndefined();
    expect(tokens.find('late')).toBeUndefined();
  });

  it('are limited to 1,000: the least recently used one is evicted', () => {
    const tokens = createVerifiedTokens();
    const keys: [] = [];
    const keep = (name: string) => tokens.keep(name, keys, { caller: callerNamed(name), expiresAt: later });
    for (let n = 0; n < 1000; n += 1) keep(`token-${n}`);
    expect(tokens.find('token-0')?.caller.id).toBe('token-0');
    keep('one-more');
    expect(tokens.find('token-0')?.caller.id).toBe('token-0');
    expect(tokens.find('token-1')).toBeUndefined();
    expect(tokens.find('one-more')?.caller.id).toBe('one-more');
  });
});
