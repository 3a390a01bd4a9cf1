import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { freePort } from '../support/free-port.ts';
import { type Running, run } from '../support/process.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { samplesIn } from '../support/samples.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { jwtSecret, tokenFor } from '../support/token.ts';

const timeout = 120_000;
const patiently = { timeout: 60_000, interval: 50 };

/** Contains a character that a URL encodes. */
const password = 'canary/pass word';
const secrets = [password, encodeURIComponent(password), 'redis://'];

const lost = 'Redis is not available: this process counts for itself until it is back';
const found = 'Redis is available again';

interface Reply {
  readonly status: number;
  readonly retryAfter: string | null;
}

interface Gateway extends Running {
  readonly url: URL;
  /** Sends a request of a caller over a new connection. */
  ask(caller: string): Promise<Reply>;
  /** Returns the sum of the values of a metric. */
  metric(name: string): Promise<number>;
  isReady(): Promise<boolean>;
  /** Stops it, and returns all that it has printed. */
  output(): Promise<string>;
}

/** Gateways with this key recognize each other. */
const sharedKey = (): Record<string, string> => ({ STORE_KEY: randomBytes(32).toString('hex') });

const startProcess = async (env: Record<string, string>): Promise<Gateway> => {
  const scollect = await startCorpusUpstream('scollect');
  const running = run('main.js', {
    PORT: '0',
    AUTH_JWT_SECRET: jwtSecret,
    SCOLLECT_URL: scollect.url,
    SCOLLECT_API_KEY: 'key',
    SCOLLECT_PIN: 'pin',
    STORE_URL: `file:${join(temporaryFolder(), 'gateway.db')}`,
    RATE_LIMIT_PER_ADDRESS: '0',
    AUDIT_LOG: 'off',
    ...env,
  });
  const url = new URL(await running.line(/^Recollect is ready at (\S+)$/m));
  const get = (path: string) => fetch(new URL(path, url), { headers: { connection: 'close' } });
  return {
    ...running,
    url,
    ask: async (caller) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokenFor({ sub: caller, scope: 'accounts:read' })}`,
          connection: 'close',
        },
        body: JSON.stringify({ query: '{ account(fileNumber: "R1001") { client } }' }),
      });
      const text = await response.text();
      if (response.status === 200) expect(JSON.parse(text)).toMatchObject({ data: { account: {} } });
      return { status: response.status, retryAfter: response.headers.get('retry-after') };
    },
    metric: async (name) =>
      samplesIn(await (await get('/metrics')).text())
        .filter((sample) => sample.name === name)
        .reduce((sum, { value }) => sum + value, 0),
    isReady: async () => (await get('/ready')).status === 200,
    output: async () => {
      running.process.kill('SIGTERM');
      const { stdout, stderr } = await running.ended;
      return `${stdout}${stderr}`;
    },
  };
};

/** Sends requests of a caller to gateways in turn, and checks the replies. Returns how many each has admitted. */
const admitted = async (gateways: readonly Gateway[], caller: string, count: number): Promise<number[]> => {
  const counts = gateways.map(() => 0);
  for (let n = 0; n < count; n += 1) {
    const index = n % gateways.length;
    const { status, retryAfter } = (await gateways[index]?.ask(caller)) ?? {};
    expect([200, 429]).toContain(status);
    if (status === 200) counts[index] = (counts[index] ?? 0) + 1;
    else expect(retryAfter).toMatch(/^(?:[1-9]|[1-5]\d|60)$/);
  }
  return counts;
};

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

const becomes = (gateway: Gateway, isUp: 0 | 1): Promise<void> =>
  vi.waitFor(async () => expect(await gateway.metric('recollect_redis_up')).toBe(isUp), patiently);

const timesIn = (output: string, message: string): number => output.split(message).length - 1;

const expectNoSecret = (output: string, port: string): void => {
  for (const secret of [...secrets, `127.0.0.1:${port}`]) expect(output).not.toContain(secret);
};

describe.skipIf(!hasRedisServer)('gateways with REDIS_URL', { timeout }, () => {
  it('count the requests of a caller together, whatever happens to Redis in between', async () => {
    const redis = await startRedisServer(password);
    const env = { ...sharedKey(), REDIS_URL: redis.url, RATE_LIMIT_PER_CALLER: '10' };
    const gateways = [await startProcess(env), await startProcess(env)];
    const all = (isUp: 0 | 1) => Promise.all(gateways.map((gateway) => becomes(gateway, isUp)));
    await all(1);
    // Below 100, a limit is exact.
    expect(total(await admitted(gateways, 'ann', 24))).toBe(10);
    // Another caller has a limit of its own.
    expect(total(await admitted(gateways, 'ben', 4))).toBe(4);

    redis.hang();
    // One command of a process, or its connection, ends by its timeout: none of the requests fails.
    expect(await admitted(gateways, 'cid', 24)).toEqual([10, 10]);
    await all(0);
    redis.resume();
    await all(1);
    expect(total(await admitted(gateways, 'dan', 24))).toBe(10);

    await redis.kill();
    await all(0);
    expect(await admitted(gateways, 'eve', 24)).toEqual([10, 10]);
    expect(await Promise.all(gateways.map((gateway) => gateway.isReady()))).toEqual([true, true]);
    await redis.start();
    await all(1);
    expect(total(await admitted(gateways, 'fay', 24))).toBe(10);
    // What each has admitted is reported to the new Redis: nobody gets a second limit.
    expect(total(await admitted(gateways, 'eve', 4))).toBe(0);

    const { port } = new URL(redis.url);
    for (const gateway of gateways) {
      expect(await gateway.metric('recollect_redis_failures_total')).toBeGreaterThan(0);
      expectNoSecret(await (await fetch(new URL('/metrics', gateway.url))).text(), port);
      const output = await gateway.output();
      // The second loss is in the same minute, so that it may be left out.
      expect(timesIn(output, lost)).toBeGreaterThan(0);
      expect(timesIn(output, lost)).toBeLessThan(3);
      expect(timesIn(output, found)).toBe(timesIn(output, lost));
      expectNoSecret(output, port);
    }
  });

  it('start and serve while Redis is down, and use it once it is there', async () => {
    const redis = await startRedisServer(password);
    await redis.kill();
    const gateway = await startProcess({ REDIS_URL: redis.url, RATE_LIMIT_PER_CALLER: '5' });
    await gateway.line(new RegExp(`(${lost})`));
    expect(await gateway.isReady()).toBe(true);
    expect(await gateway.metric('recollect_redis_up')).toBe(0);
    expect(await admitted([gateway], 'ann', 8)).toEqual([5]);
    await redis.start();
    await becomes(gateway, 1);
    await gateway.line(new RegExp(`(${found})`));
    expect(await admitted([gateway], 'ben', 8)).toEqual([5]);
    const output = await gateway.output();
    expect(timesIn(output, lost)).toBe(1);
    expect(timesIn(output, found)).toBe(1);
    expectNoSecret(output, new URL(redis.url).port);
  });

  it('serve with a wrong password, which is reported without it', async () => {
    const { url } = await startRedisServer(password);
    const wrong = url.replace(encodeURIComponent(password), 'canary-wrong');
    const gateway = await startProcess({ REDIS_URL: wrong });
    await gateway.line(new RegExp(`(${lost})`));
    expect(await gateway.ask('ann')).toMatchObject({ status: 200 });
    const output = await gateway.output();
    expectNoSecret(output, new URL(url).port);
    expect(output).not.toContain('canary-wrong');
  });
});

describe.skipIf(!hasRedisServer)('two workers with REDIS_URL', { timeout }, () => {
  it('admit the whole limit together, and half of it each without Redis', async () => {
    const redis = await startRedisServer(password);
    const gateway = await startProcess({
      WORKERS: '2',
      REDIS_URL: redis.url,
      RATE_LIMIT_PER_CALLER: '10',
      UPSTREAM_MAX_CONCURRENCY: '8',
    });
    // Of an equal share, each worker would admit half.
    await vi.waitFor(async () => expect(await gateway.metric('recollect_redis_up')).toBe(1), patiently);
    expect(await admitted([gateway], 'ann', 24)).toEqual([10]);
    await redis.kill();
    await vi.waitFor(async () => expect(await gateway.metric('recollect_redis_up')).toBe(0), patiently);
    const [count = 0] = await admitted([gateway], 'ben', 60);
    // Connections are spread over both.
    expect(count).toBe(10);
    // When the leases have ended, each worker has half of the slots.
    await vi.waitFor(async () => expect(await gateway.metric('recollect_upstream_slots')).toBe(8), patiently);
    expectNoSecret(await gateway.output(), new URL(redis.url).port);
  });
});

describe('CACHE with two workers', () => {
  const env = { PORT: '0', AUTH_DISABLED: 'true', WORKERS: '2', CACHE: '{"getaccount": 5}' };

  it('is rejected at the start without REDIS_URL', async () => {
    const { code, stderr } = await run('main.js', env).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('CACHE: expected REDIS_URL too, or one worker');
  });

  it('is accepted with it, also while Redis is down', async () => {
    const folder = temporaryFolder();
    const own = { STORE_URL: `file:${join(folder, 'gateway.db')}` };
    const gateway = run('main.js', { ...env, ...own, REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    await gateway.line(/^Recollect is ready at (\S+)$/m);
  });
});
