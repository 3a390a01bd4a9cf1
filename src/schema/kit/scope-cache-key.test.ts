import { contextCacheSymbol } from '@pothos/core';
import { RequestCache } from '@pothos/plugin-scope-auth';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../operation/caller.ts';
import { builder, scopeCacheKey } from './builder.ts';

const rememberedOf = (scopes: ReadonlySet<Scope>, read: string) => {
  const context = {
    [contextCacheSymbol]: scopeCacheKey({ scopes }),
    caller: { scopes, id: 'someone' },
    read,
  };
  return RequestCache.fromContext(context as never, builder as never);
};

describe('what a caller may do', () => {
  it('is remembered for all of its requests, by its scopes and with nothing of a request', () => {
    const scopes: ReadonlySet<Scope> = new Set(['accounts:read']);
    const [one, other] = [rememberedOf(scopes, 'one account'), rememberedOf(scopes, 'another')];
    expect(one).toBe(other);
    expect((one as unknown as { readonly context: object }).context).toEqual({
      [contextCacheSymbol]: scopes,
      caller: { scopes },
    });
    expect(rememberedOf(new Set(scopes), 'one account')).not.toBe(one);
  });
});
