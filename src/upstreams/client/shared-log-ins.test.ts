import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { hasRedis, testRedisUrl } from '../../../test/support/redis.ts';
import { createSharedProcesses, type SharedProcess } from '../../../test/support/shared-process.ts';
import { AuthFailedError, RateLimitedError, UnavailableError } from '../errors.ts';
import { login } from '../scollect/login.ts';
import type { Token } from './held-token.ts';
import { createSharedLogIns } from './shared-log-ins.ts';
import { createTokenSource } from './token.ts';

const credential = ['secret-api-key', 'secret-pin'];

/** An upstream that issues tokens with numbers, and counts its log-ins. */
const createUpstream = (endLogIn: (nth: number) => Promise<void> = async () => {}) => {
  let count = 0;
  const logIn = vi.fn(async (): Promise<Token> => {
    count += 1;
    const value = `secret-token-${count}`;
    await endLogIn(count);
    return { value, lifetime: 900 };
  });
  return { logIn };
};

const setUp = (endLogIn?: (nth: number) => Promise<void>) => {
  const processes = createSharedProcesses(testRedisUrl);
  const upstream = createUpstream(endLogIn);
  const sourceOf = ({ sharing }: SharedProcess, secrets = credential) =>
    createTokenSource(upstream.logIn, {
      shared: createSharedLogIns({ sharing, credential: secrets, call: login }),
    });
  const add = async (...args: Parameters<typeof processes.add>) => {
    const one = processes.add(...args);
    await one.isUp();
    return one;
  };
  /** Adds the token sources of some processes. */
  const addSources = (count: number) =>
    Promise.all(Array.from({ length: count }, async () => sourceOf(await add())));
  return { ...processes, ...upstream, sourceOf, add, addSources };
};

const refuse = async (): Promise<never> => {
  throw new AuthFailedError(login);
};

describe.skipIf(!hasRedis)('log-ins that processes share', () => {
  it('one log-in serves all processes, at once and later', async () => {
    const { addSources, logIn } = setUp(() => sleep(100));
    const sources = await addSources(4);
    const values = await Promise.all(sources.flatMap((source) => [source.get(), source.get()]));
    expect(new Set(values)).toEqual(new Set(['secret-token-1']));
    const [later] = await addSources(1);
    expect(await later?.get()).toBe('secret-token-1');
    expect(logIn).toHaveBeenCalledTimes(1);
  });

  it('no key or value in Redis contains a secret in clear text', async () => {
    const { addSources, openInspector } = setUp();
    const sources = await addSources(2);
    await Promise.all(sources.map((source) => source.get()));
    const { client, keys } = await openInspector();
    await vi.waitUntil(async () => (await keys()).length === 1, { timeout: 30_000 });
    const [key = ''] = await keys();
    const value = await client.getBuffer(key);
    for (const secret of ['secret', 'scollect.test', ...credential]) {
      for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, -2)]) {
        expect(key).not.toContain(form);
        expect(value?.includes(form)).toBe(false);
      }
    }
    const left = await client.pttl(key);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(870_000);
  });

  it.each<[string, (setup: ReturnType<typeof setUp>) => Promise<ReturnType<typeof createTokenSource>>]>([
    ['credential', async ({ add, sourceOf }) => sourceOf(await add(), ['other', 'secret'])],
    ['tenant', async ({ add, sourceOf }) => sourceOf(await add({ tenant: 'acme' }))],
    ['address', async ({ add, sourceOf }) => sourceOf(await add({ url: 'http://other.test' }))],
    ['gateway key', async ({ add, sourceOf }) => sourceOf(await add({}, Buffer.alloc(32, 1)))],
  ])('a process with another %s has another token', async (_, other) => {
    const setup = setUp();
    const [source] = await setup.addSources(1);
    expect(await source?.get()).toBe('secret-token-1');
    expect(await (await other(setup)).get()).toBe('secret-token-2');
  });

  it('a refused token is replaced by one log-in for all', async () => {
    const { addSources, logIn } = setUp(() => sleep(50));
    const sources = await addSources(4);
    const first = await Promise.all(sources.map((source) => source.get()));
    const second = await Promise.all(sources.map((source, n) => source.replace(first[n] ?? '')));
    expect(new Set(second)).toEqual(new Set(['secret-token-2']));
    expect(logIn).toHaveBeenCalledTimes(2);
  });

  it('a token that was refused to one process is not removed if another has replaced it', async () => {
    const { addSources, logIn } = setUp();
    const [one, other] = await addSources(2);
    await one?.get();
    const old = (await other?.get()) ?? '';
    expect(await one?.replace(old)).toBe('secret-token-2');
    expect(await other?.replace(old)).toBe('secret-token-2');
    const [later] = await addSources(1);
    expect(await later?.get()).toBe('secret-token-2');
    expect(logIn).toHaveBeenCalledTimes(2);
  });

  it('ten processes with a wrong password make one log-in for each pause', async () => {
    const { addSources, logIn } = setUp(refuse);
    const sources = await addSources(10);
    const ask = () => Promise.all(sources.map((source) => source.get().catch((error: unknown) => error)));
    expect(new Set((await ask()).map((error) => (error as Error).name))).toEqual(
      new Set(['AuthFailedError']),
    );
    await ask();
    expect(logIn).toHaveBeenCalledTimes(1);
    // The next log-in is after a second, the one after that two seconds later.
    await vi.waitUntil(async () => (await ask()) && logIn.mock.calls.length > 1, { timeout: 30_000 });
    const begin = performance.now();
    await ask();
    expect(logIn).toHaveBeenCalledTimes(2);
    await vi.waitUntil(async () => (await ask()) && logIn.mock.calls.length > 2, { timeout: 30_000 });
    expect(performance.now() - begin).toBeGreaterThan(1500);
  });

  it('a rate limit of the log-in pauses all processes for as long as the upstream demands', async () => {
    const { addSources, openInspector, logIn } = setUp(async () => {
      throw new RateLimitedError(login, 20);
    });
    const sources = await addSources(2);
    const errors = await Promise.all(sources.map((source) => source.get().catch((error: unknown) => error)));
    expect(errors.map((error) => (error as RateLimitedError).retryAfter)).toEqual([20, 20]);
    const { client, key } = await openInspector();
    expect(await client.pttl(await key(/:pause$/))).toBeGreaterThan(10_000);
    expect(logIn).toHaveBeenCalledTimes(1);
  });

  it('an accepted password ends the pause and the count of refusals', async () => {
    const { addSources, openInspector } = setUp((nth) => (nth === 1 ? refuse() : Promise.resolve()));
    const [source] = await addSources(1);
    await expect(source?.get()).rejects.toThrow(AuthFailedError);
    const { keys, key } = await openInspector();
    expect(await key(/:failures$/)).not.toBe('');
    await vi.waitUntil(() => source?.get().catch(() => null), { timeout: 30_000 });
    await vi.waitUntil(async () => (await keys()).length === 1, { timeout: 30_000 });
  });

  it('an unavailable upstream causes no pause: the next process tries at once', async () => {
    const { addSources, logIn } = setUp(async (nth) => {
      if (nth === 1) throw new UnavailableError(login);
    });
    const [one, other] = await addSources(2);
    await expect(one?.get()).rejects.toThrow(UnavailableError);
    expect(await other?.get()).toBe('secret-token-2');
    expect(logIn).toHaveBeenCalledTimes(2);
  });

  it('a process that ended during its log-in is replaced after the time of its lock', async () => {
    const { addSources, openInspector, add, sourceOf, logIn } = setUp();
    const { client, key } = await openInspector();
    const ended = await add();
    // It takes the lock, and neither renews nor releases it.
    const lost = sourceOf({ ...ended, sharing: { ...ended.sharing } });
    logIn.mockImplementationOnce(() => new Promise(() => {}));
    const neverAnswered = lost.get();
    await vi.waitUntil(() => key(/:lock$/), { timeout: 30_000 });
    const lock = await key(/:lock$/);
    expect(await client.pttl(lock)).toBeLessThanOrEqual(3000);
    await (ended.sharing.redis as unknown as { close(): Promise<void> }).close();
    const [source] = await addSources(1);
    expect(await source?.get()).toBe('secret-token-1');
    expect(logIn).toHaveBeenCalledTimes(2);
    neverAnswered.catch(() => {});
  });

  it('a slow log-in keeps its lock, and the others wait for a limited time', async () => {
    let finish = (): void => {};
    const { addSources, openInspector, logIn } = setUp((nth) =>
      nth === 1
        ? new Promise((resolve) => {
            finish = resolve;
          })
        : Promise.resolve(),
    );
    const [slow, other] = await addSources(2);
    const begun = slow?.get();
    await vi.waitUntil(() => logIn.mock.calls.length === 1, { timeout: 30_000 });
    const begin = performance.now();
    expect(await other?.get()).toBe('secret-token-2');
    // Longer than the time of a lock that is not renewed.
    expect(performance.now() - begin).toBeGreaterThan(4500);
    const { keys, key } = await openInspector();
    await vi.waitUntil(async () => (await keys()).length === 2, { timeout: 30_000 });
    finish();
    expect(await begun).toBe('secret-token-1');
    await vi.waitUntil(async () => (await key(/:lock$/)) === '', { timeout: 30_000 });
    // The token that was stored in the meantime remains.
    const [later] = await addSources(1);
    expect(await later?.get()).toBe('secret-token-2');
  }, 60_000);

  it('refusals of two log-ins at a time count once', async () => {
    let end = (): void => {};
    const { addSources, openInspector, logIn } = setUp(async (nth) => {
      if (nth === 1) {
        await new Promise<void>((resolve) => {
          end = resolve;
        });
      }
      throw new AuthFailedError(login);
    });
    const [slow, other] = await addSources(2);
    const begun = slow?.get().catch((error: unknown) => error);
    await vi.waitUntil(() => logIn.mock.calls.length === 1, { timeout: 30_000 });
    await expect(other?.get()).rejects.toThrow(AuthFailedError);
    const { client, key } = await openInspector();
    // The test may be slower than the first pause.
    await client.pexpire(await key(/:pause$/), 60_000);
    end();
    expect(await begun).toBeInstanceOf(AuthFailedError);
    expect(await client.get(await key(/:failures$/))).toBe('1');
  }, 60_000);

  it.each<[string, (value: Buffer) => Buffer]>([
    ['changed', (value) => Buffer.from(value.map((byte, at) => (at === value.length - 1 ? byte ^ 1 : byte)))],
    ['foreign', () => Buffer.from('{"value":"token of another","hasLifetime":true}')],
    ['empty', () => Buffer.alloc(0)],
  ])('a value in Redis that is %s is ignored and replaced', async (_, change) => {
    const { addSources, openInspector, logIn } = setUp();
    const [source, other, later] = await addSources(3);
    await source?.get();
    const { client, keys } = await openInspector();
    await vi.waitUntil(async () => (await keys()).length === 1, { timeout: 30_000 });
    const [key = ''] = await keys();
    const value = (await client.getBuffer(key)) ?? Buffer.alloc(0);
    await client.set(key, change(value), 'PX', 60_000);
    expect(await other?.get()).toBe('secret-token-2');
    expect(await later?.get()).toBe('secret-token-2');
    expect(logIn).toHaveBeenCalledTimes(2);
  });

  it('a sealed token of another upstream, or one without an end, is ignored', async () => {
    const { addSources, add, sourceOf, openInspector } = setUp();
    const [source] = await addSources(1);
    await source?.get();
    const { client, keys } = await openInspector();
    await vi.waitUntil(async () => (await keys()).length === 1, { timeout: 30_000 });
    const [own = ''] = await keys();
    const value = (await client.getBuffer(own)) ?? Buffer.alloc(0);
    const other = sourceOf(await add({ tenant: 'acme' }));
    await other.get();
    await vi.waitUntil(async () => (await keys()).length === 2, { timeout: 30_000 });
    const foreign = (await keys()).find((key) => key !== own) ?? '';
    await client.set(foreign, value, 'PX', 60_000);
    expect(await sourceOf(await add({ tenant: 'acme' })).get()).toBe('secret-token-3');
    await client.persist(own);
    const [later] = await addSources(1);
    expect(await later?.get()).toBe('secret-token-4');
  });

  it('a value of another type is counted as a failure, and the process logs in itself', async () => {
    const { add, sourceOf, addSources, openInspector } = setUp();
    const [source] = await addSources(1);
    await source?.get();
    const { client, keys } = await openInspector();
    await vi.waitUntil(async () => (await keys()).length === 1, { timeout: 30_000 });
    const [key = ''] = await keys();
    await client.del(key);
    await client.hset(key, 'a', 'b');
    const other = await add();
    expect(await sourceOf(other).get()).toBe('secret-token-2');
    await vi.waitUntil(() => other.failures.length > 0, { timeout: 30_000 });
    expect(new Set(other.failures)).toEqual(new Set(['token']));
  });
});
