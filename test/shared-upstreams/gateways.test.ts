import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { type Running, run } from '../support/process.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { samplesIn } from '../support/samples.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Answer, jwt, startUpstream } from '../support/upstream.ts';

/** Starting gateways takes its time where others are at work. */
const timeout = 120_000;

const waits = { timeout: 60_000, interval: 50 };

const success = (result: unknown): Answer => ({ json: { result, state: 'SUCCESS' } });

/** A slow Scollect that counts log-ins, and its calls at a time without log-ins. */
const startSlowScollect = async (delayMs: number, refuses = false) => {
  let isSlow = true;
  const state = { calls: 0, peak: 0, logIns: 0 };
  const { url } = await startUpstream(async ({ path }) => {
    if (path === '/login') {
      state.logIns += 1;
      await sleep(delayMs);
      if (refuses) return { status: 401, json: { result: 'Invalid credentials', state: 'FAILURE' } };
      return success({ access_token: jwt({ iat: 1000, exp: 1900, jti: state.logIns }) });
    }
    state.calls += 1;
    state.peak = Math.max(state.peak, state.calls);
    if (isSlow) await sleep(delayMs);
    state.calls -= 1;
    return success([{ filenumber: path.split('/').at(-1), clientname: 'Acme' }]);
  });
  return {
    url,
    state,
    hurry: () => {
      isSlow = false;
    },
  };
};

interface Gateway extends Running {
  readonly url: URL;
  /** Reads as many accounts as it is asked for, in one request; returns the number of those that it got. */
  read(accounts: number): Promise<number>;
  valueOf(metric: string, labels?: Readonly<Record<string, string>>): Promise<number | undefined>;
}

/** Starts gateways that share a Redis and an upstream. */
const createGateways = (scollect: string, redis: string, limit: number) => {
  const key = randomBytes(32).toString('hex');
  let number = 0;
  return async (): Promise<Gateway> => {
    const running = run('main.js', {
      PORT: '0',
      AUTH_DISABLED: 'true',
      SCOLLECT_URL: scollect,
      SCOLLECT_API_KEY: 'the-api-key',
      SCOLLECT_PIN: 'the-pin',
      STORE_URL: `file:${temporaryFolder()}/gateway.db`,
      STORE_KEY: key,
      REDIS_URL: redis,
      UPSTREAM_MAX_CONCURRENCY: `${limit}`,
      UPSTREAM_TIMEOUT_MS: '20000',
      REQUEST_TIMEOUT_MS: '30000',
    });
    const url = new URL(await running.line(/^Recollect is ready at (\S+)$/m));
    return {
      ...running,
      url,
      read: async (accounts) => {
        const fields = Array.from({ length: accounts }, () => {
          number += 1;
          return `a${number}: account(fileNumber: "R${number}") { client }`;
        });
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: `{ ${fields.join(' ')} }` }),
        });
        const { data } = (await response.json()) as { data: Record<string, { client: string } | null> };
        return Object.values(data).filter((account) => account?.client === 'Acme').length;
      },
      valueOf: async (metric, labels = {}) => {
        const text = await (await fetch(new URL('/metrics', url))).text();
        return samplesIn(text).find(
          (sample) =>
            sample.name === metric &&
            Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
        )?.value;
      },
    };
  };
};

const slotsOf = (gateway: Gateway) =>
  gateway.valueOf('recollect_upstream_slots', { upstream: 'SCOLLECT' }).then((slots) => slots ?? 0);

describe.skipIf(!hasRedisServer)('two gateways that share a Redis', () => {
  it('log in once, and never have more calls in flight than the limit', { timeout }, async () => {
    const redis = await startRedisServer();
    const { url, state } = await startSlowScollect(150);
    const start = createGateways(url, redis.url, 4);
    const gateways = await Promise.all([start(), start()]);
    const counts = await Promise.all(gateways.flatMap((gateway) => [gateway.read(30), gateway.read(30)]));
    expect(counts).toEqual([30, 30, 30, 30]);
    expect(state).toEqual({ calls: 0, peak: 4, logIns: 1 });
  });

  it('kill -9 of one: the other gets the whole limit', { timeout }, async () => {
    const redis = await startRedisServer();
    const { url, state, hurry } = await startSlowScollect(300);
    const start = createGateways(url, redis.url, 6);
    const [one, other] = await Promise.all([start(), start()]);
    const read = other.read(90);
    const lost = one.read(90).catch(() => null);
    await vi.waitUntil(async () => (await slotsOf(one)) === 3 && (await slotsOf(other)) === 3, waits);
    one.process.kill('SIGKILL');
    await one.ended;
    await vi.waitUntil(async () => (await slotsOf(other)) === 6, waits);
    hurry();
    expect(await read).toBe(90);
    expect(state.peak).toBeLessThanOrEqual(6);
    await lost;
  });

  it('kill -9 during the log-in: the other logs in', { timeout }, async () => {
    const redis = await startRedisServer();
    const { url, state } = await startSlowScollect(2000);
    const start = createGateways(url, redis.url, 4);
    const [one, other] = await Promise.all([start(), start()]);
    const lost = one.read(1).catch(() => null);
    await vi.waitUntil(() => state.logIns === 1, waits);
    const read = other.read(1);
    one.process.kill('SIGKILL');
    expect(await read).toBe(1);
    expect(state.logIns).toBe(2);
    await lost;
  });

  it('a wrong PIN: both make one attempt', { timeout }, async () => {
    const redis = await startRedisServer();
    const { url, state } = await startSlowScollect(20, true);
    const start = createGateways(url, redis.url, 4);
    const gateways = await Promise.all([start(), start()]);
    expect(await Promise.all(gateways.map((gateway) => gateway.read(3)))).toEqual([0, 0]);
    expect(state.logIns).toBe(1);
  });

  it('Redis ends, hangs and is back: every read is answered, without a restart', { timeout }, async () => {
    const redis = await startRedisServer();
    const { url, state } = await startSlowScollect(20);
    const start = createGateways(url, redis.url, 8);
    const [one, other] = await Promise.all([start(), start()]);
    const readAll = () => Promise.all([one.read(20), other.read(20)]);
    expect(await readAll()).toEqual([20, 20]);

    redis.hang();
    expect(await readAll()).toEqual([20, 20]);
    redis.resume();
    await redis.kill();
    expect(await readAll()).toEqual([20, 20]);
    // The leases of both have ended.
    await vi.waitUntil(async () => (await slotsOf(one)) === 4 && (await slotsOf(other)) === 4, waits);
    expect(await readAll()).toEqual([20, 20]);

    await redis.start();
    // Without calls, half of the slots are left in Redis.
    await vi.waitUntil(async () => (await slotsOf(one)) + (await slotsOf(other)) < 8, waits);
    expect(await readAll()).toEqual([20, 20]);
    expect(state.peak).toBeLessThanOrEqual(8);
    expect(state.logIns).toBe(1);
  });

  it('a gateway that stops leaves its slots to the other', { timeout }, async () => {
    const redis = await startRedisServer();
    const { url } = await startSlowScollect(100);
    const start = createGateways(url, redis.url, 4);
    const [one, other] = await Promise.all([start(), start()]);
    await Promise.all([one.read(4), other.read(4)]);
    one.process.kill('SIGTERM');
    expect((await one.ended).code).toBe(0);
    const reading = other.read(60);
    await vi.waitUntil(async () => (await slotsOf(other)) === 4, waits);
    expect(await reading).toBe(60);
  });
});
