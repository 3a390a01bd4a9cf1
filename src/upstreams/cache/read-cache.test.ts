import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { getaccount } from '../scollect/accounts.ts';
import { getnotes } from '../scollect/notes.ts';
import { createMemoryStore } from './memory-store.ts';
import { type CacheClient, createReadCaches } from './read-cache.ts';

const client: CacheClient = {
  tenant: 'one',
  system: 'SCOLLECT',
  url: 'https://scollect.example.com',
  credentials: { apiKey: 'key', pin: '1' },
};

const startCaches = () => {
  const key = randomBytes(32);
  const caches = createReadCaches({
    store: createMemoryStore(),
    ttlSeconds: new Map([['getaccount', 60]]),
    gatewayKey: () => key,
    exchangeMs: 1000,
  });
  const find = async (of: CacheClient, text?: string) => {
    const requested = { params: { filenumber: 'R1' }, query: undefined, body: undefined };
    const found = await caches.forClient(of).find(getaccount, 'GET /R1', requested, false);
    if (text !== undefined) found?.store({ status: 200, text });
    return found?.response?.text;
  };
  return { caches, find };
};

describe('the cache of a client', () => {
  it('contains what it stored', async () => {
    const { find } = startCaches();
    await find(client, 'own');
    expect(await find(client)).toBe('own');
  });

  it.each([
    ['tenant', { tenant: 'other' }],
    ['absence of tenants', { tenant: null }],
    ['system', { system: 'RECOVERY_CONNECT' }],
    ['upstream', { url: 'https://other.example.com' }],
    ['PIN', { credentials: { apiKey: 'key', pin: '2' } }],
  ] as const)('is not that of another %s', async (_, change) => {
    const { find } = startCaches();
    await find(client, 'own');
    expect(await find({ ...client, ...change })).toBeUndefined();
  });

  it('is invalidated by a write of another tenant at the same upstream, however its URL is written', async () => {
    const { caches, find } = startCaches();
    await find(client, 'own');
    const other = caches.forClient({ ...client, tenant: 'other', url: 'HTTPS://scollect.example.com:443/' });
    const write = other.write([{ endpoint: getnotes, keys: [{ fileNumber: 'r1' }] }]);
    await write?.begin();
    expect(await find(client, 'meanwhile')).toBeUndefined();
    await write?.end(true);
    expect(await find(client)).toBeUndefined();
  });

  it('is not changed by a write that was never sent', async () => {
    const { caches, find } = startCaches();
    await find(client, 'own');
    await caches.forClient(client).write(undefined)?.end(true);
    expect(await find(client)).toBe('own');
  });
});
