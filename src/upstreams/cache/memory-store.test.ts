import { describe, expect, it } from 'vitest';
import { createMemoryStore } from './memory-store.ts';

const minute = 60_000;

const startStore = (options: { readonly maxBytes?: number; readonly maxScopes?: number } = {}) => {
  let time = 1000;
  const store = createMemoryStore({ ...options, now: () => time });
  const put = async (entry: string, scopes: readonly string[], value = Buffer.from(entry)) => {
    const found = await store.find(entry, scopes, minute);
    if (found) await store.store(entry, scopes, found, value, minute);
  };
  const get = async (entry: string, scopes: readonly string[]) =>
    String((await store.find(entry, scopes, minute))?.value ?? 'nothing');
  const pass = (milliseconds: number): void => {
    time += milliseconds;
  };
  return { store, put, get, pass };
};

describe('a store in memory', () => {
  it('returns a value until it is as old as its TTL, counted from the begin of its read', async () => {
    const { store, get, pass } = startStore();
    const found = await store.find('a', ['s'], minute);
    pass(minute - 1000);
    if (found) await store.store('a', ['s'], found, Buffer.from('a'), minute);
    pass(999);
    expect(await get('a', ['s'])).toBe('a');
    pass(1);
    expect(await get('a', ['s'])).toBe('nothing');
  });

  it('holds a scope while any of its writers is there, and releases it when their leases expire', async () => {
    const { store, put, get, pass } = startStore();
    await store.begin(['s'], 'one', minute);
    await store.begin(['s'], 'other', minute);
    await store.end(['s'], 'one', 0);
    await put('a', ['s', 't']);
    expect(await get('a', ['s', 't'])).toBe('nothing');
    pass(minute);
    await put('a', ['s', 't']);
    expect(await get('a', ['s', 't'])).toBe('a');
  });

  it('never has more bytes than its limit, whatever is stored', async () => {
    const { store, put } = startStore({ maxBytes: 100_000 });
    for (let index = 0; index < 500; index += 1) await put(`${index}`, ['s'], Buffer.alloc(index * 10));
    await put('too large', ['s'], Buffer.alloc(200_000));
    expect(store.bytes()).toBeLessThanOrEqual(100_000);
    expect(store.bytes()).toBeGreaterThan(50_000);
  });

  it('forgets the values of scopes that it has no room for', async () => {
    const { put, get } = startStore({ maxScopes: 2 });
    await put('a', ['1']);
    await put('b', ['2']);
    await put('c', ['3']);
    expect(await get('a', ['1'])).toBe('nothing');
  });
});
