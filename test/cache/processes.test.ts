import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { run } from '../support/process.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { LocalUpstream } from '../support/upstream.ts';

const patiently = { timeout: 30_000, interval: 50 };

const account = '{ account(fileNumber: "R1001") { client } }';
const note =
  'mutation { addNote(input: { fileNumber: "R1001", collectorName: "A", body: "B" }) { __typename } }';

const startProcess = async (scollect: LocalUpstream, env: Record<string, string>) => {
  const running = run('main.js', {
    PORT: '0',
    AUTH_DISABLED: 'true',
    SCOLLECT_URL: scollect.url,
    SCOLLECT_API_KEY: 'key',
    SCOLLECT_PIN: 'pin',
    STORE_URL: `file:${join(temporaryFolder(), 'gateway.db')}`,
    CACHE: '{"getaccount": 60, "getnotes": 60}',
    ...env,
  });
  const url = await running.line(/Recollect is ready at (\S+)/);
  const query = async (document: string) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document }),
    });
    const { data, extensions } = (await response.json()) as { data: object; extensions?: object };
    return { data, isCached: response.headers.get('age') !== null && 'asOf' in (extensions ?? {}) };
  };
  const cacheMetrics = async (): Promise<string[]> =>
    (await (await fetch(new URL('/metrics', url))).text())
      .split('\n')
      .filter((line) => line.startsWith('recollect_cache_total'));
  return { ...running, query, cacheMetrics };
};

describe('a gateway with CACHE', () => {
  it('has series of its operations from the start, and warns that it must be the only process', async () => {
    const gateway = await startProcess(await startCorpusUpstream('scollect'), {});
    await gateway.line(/(reads are cached in the memory of this process)/);
    expect(await gateway.cacheMetrics()).toEqual([
      'recollect_cache_total{operation="getaccount",result="hit"} 0',
      'recollect_cache_total{operation="getaccount",result="miss"} 0',
      'recollect_cache_total{operation="getnotes",result="hit"} 0',
      'recollect_cache_total{operation="getnotes",result="miss"} 0',
    ]);
    await gateway.query(account);
    expect(await gateway.query(account)).toMatchObject({ isCached: true });
    expect((await gateway.cacheMetrics()).slice(0, 2)).toEqual([
      'recollect_cache_total{operation="getaccount",result="hit"} 1',
      'recollect_cache_total{operation="getaccount",result="miss"} 1',
    ]);
  });

  it('does not start with an operation that must not be cached', async () => {
    const { ended } = run('main.js', { PORT: '0', CACHE: '{"getpayments": 5}' });
    expect(await ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('CACHE: getpayments is never cached: payments are decided by'),
    });
  });

  it.skipIf(!hasRedisServer)(
    'shares it with others through Redis, and a write of one ends it for all',
    async () => {
      const { url: REDIS_URL } = await startRedisServer();
      const scollect = await startCorpusUpstream('scollect');
      const env = { REDIS_URL, STORE_KEY: randomBytes(32).toString('hex') };
      const [one, other] = [await startProcess(scollect, env), await startProcess(scollect, env)];
      await vi.waitFor(async () => {
        await one.query(account);
        expect(await other.query(account)).toMatchObject({ isCached: true });
      }, patiently);
      await other.query(note);
      const calls = scollect.calls().length;
      expect(await one.query(account)).toMatchObject({ isCached: false });
      expect(scollect.calls().length).toBe(calls + 1);
    },
  );
});
