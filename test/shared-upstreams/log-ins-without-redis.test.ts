import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Token } from '../../src/upstreams/client/held-token.ts';
import { createSharedLogIns } from '../../src/upstreams/client/shared-log-ins.ts';
import { createTokenSource } from '../../src/upstreams/client/token.ts';
import { AuthFailedError } from '../../src/upstreams/errors.ts';
import { login } from '../../src/upstreams/scollect/login.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { createSharedProcesses } from '../support/shared-process.ts';

/** The longest that a request may wait for Redis and another process: the tests allow for a slow machine. */
const boundMs = 15_000;

const setUp = async (logInMs = 0) => {
  const server = await startRedisServer();
  const { add, openInspector } = createSharedProcesses(server.url);
  let count = 0;
  const logIn = vi.fn(async (): Promise<Token> => {
    count += 1;
    const value = `token ${count}`;
    await sleep(logInMs);
    return { value, lifetime: 900 };
  });
  const addSource = async () => {
    const process = add();
    await process.isUp();
    const shared = createSharedLogIns({ sharing: process.sharing, credential: ['pin'], call: login });
    return { ...process, source: createTokenSource(logIn, { shared }) };
  };
  return { server, logIn, addSource, openInspector };
};

describe.skipIf(!hasRedisServer)('log-ins of processes whose Redis fails', () => {
  it('a Redis that is down: each process logs in itself, at once', async () => {
    const { server, logIn, addSource } = await setUp();
    const [one, other] = [await addSource(), await addSource()];
    await server.kill();
    await vi.waitUntil(() => !one.sharing.redis.isUp() && !other.sharing.redis.isUp(), { timeout: 30_000 });
    expect([await one.source.get(), await other.source.get()]).toEqual(['token 1', 'token 2']);
    expect(await one.source.replace('token 1')).toBe('token 3');
    expect(logIn).toHaveBeenCalledTimes(3);
    await vi.waitUntil(() => one.failures.includes('token'), { timeout: 30_000 });
  });

  it('a Redis that is down: refused log-ins pause as without Redis', async () => {
    const { server, logIn, addSource } = await setUp();
    const { source, sharing } = await addSource();
    await server.kill();
    await vi.waitUntil(() => !sharing.redis.isUp(), { timeout: 30_000 });
    logIn.mockRejectedValue(new AuthFailedError(login));
    for (let n = 0; n < 5; n += 1) await expect(source.get()).rejects.toThrow(AuthFailedError);
    expect(logIn).toHaveBeenCalledTimes(1);
  });

  it('a Redis that hangs: a request waits for a limited time', async () => {
    const { server, logIn, addSource } = await setUp();
    const { source, failures } = await addSource();
    server.hang();
    const begin = performance.now();
    expect(await source.get()).toBe('token 1');
    expect(performance.now() - begin).toBeLessThan(boundMs);
    expect(await source.replace('token 1')).toBe('token 2');
    expect(logIn).toHaveBeenCalledTimes(2);
    expect(failures).toContain('token');
    server.resume();
  });

  it('a Redis that ends during the log-in of another process: the waiting process logs in itself', async () => {
    const { server, logIn, addSource } = await setUp(2000);
    const [one, other] = [await addSource(), await addSource()];
    const both = [one.source.get(), other.source.get()];
    await vi.waitUntil(() => logIn.mock.calls.length === 1, { timeout: 30_000 });
    await server.kill();
    expect(new Set(await Promise.all(both))).toEqual(new Set(['token 1', 'token 2']));
  });

  it('a Redis that was emptied or restarted: processes keep their tokens, and share the next one', async () => {
    const { server, logIn, addSource, openInspector } = await setUp();
    const [one, other] = [await addSource(), await addSource()];
    expect(await one.source.get()).toBe('token 1');
    const { client, keys } = await openInspector();
    await vi.waitUntil(async () => (await keys()).length === 1, { timeout: 30_000 });
    await client.flushall();
    expect([one.source.current(), await one.source.get()]).toEqual(['token 1', 'token 1']);
    expect(await other.source.get()).toBe('token 2');
    await server.kill();
    await server.start();
    await Promise.all([one.isUp(), other.isUp()]);
    expect(await Promise.all([one.source.get(), other.source.get()])).toEqual(['token 1', 'token 2']);
    expect(await one.source.replace('token 1')).toBe('token 3');
    expect(await other.source.replace('token 2')).toBe('token 3');
    expect(logIn).toHaveBeenCalledTimes(3);
  });
});
