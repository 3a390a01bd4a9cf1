import { describe, expect, it, vi } from 'vitest';
import { AuthFailedError, UnavailableError } from '../errors.ts';
import { login } from '../scollect/login.ts';
import { createTokenSource, type Token } from './token.ts';

/** A source whose log-ins end as told, each token with the number of its log-in, and the time that it is told. */
const setUp = (logInAs: (nth: number) => Error | undefined = () => undefined, lifetime = 900) => {
  let time = 1_700_000_000_000;
  let count = 0;
  const logIn = vi.fn(async (): Promise<Token> => {
    count += 1;
    const error = logInAs(count);
    if (error) throw error;
    return { value: `token ${count}`, lifetime };
  });
  const tokens = createTokenSource(logIn, () => time);
  const wait = (seconds: number): void => {
    time += seconds * 1000;
  };
  const failure = () => tokens.get().catch((error: unknown) => error);
  /** Has a token refused that was got just now, as by a system that takes none. */
  const refuseNew = async (): Promise<boolean> => {
    const another = await tokens.replace(await tokens.get());
    if (another === null) return false;
    tokens.reportTrial(false);
    return true;
  };
  return { tokens, logIn, wait, failure, refuseNew };
};

const pauses = [1, 2, 4, 8, 16, 32, 60, 60];
const refused = (): Error => new AuthFailedError(login);

describe('credentials that are refused', () => {
  it('are tried once, and again after pauses that grow up to a minute', async () => {
    const { logIn, wait, failure } = setUp(refused);
    for (const [n, seconds] of pauses.entries()) {
      expect(await failure()).toMatchObject({ name: 'AuthFailedError', call: { operation: 'login' } });
      expect(logIn).toHaveBeenCalledTimes(n + 1);
      wait(seconds - 0.001);
      await failure();
      expect(logIn).toHaveBeenCalledTimes(n + 1);
      wait(0.001);
    }
  });

  it('fail each call in the pause at once with an error of its own', async () => {
    const { logIn, failure } = setUp(refused);
    const first = await failure();
    const later = await Promise.all(Array.from({ length: 200 }, failure));
    expect(later).toMatchObject(Array(200).fill({ name: 'AuthFailedError', call: { operation: 'login' } }));
    expect(new Set([first, ...later]).size).toBe(201);
    expect(logIn).toHaveBeenCalledTimes(1);
  });

  it('are tried once, and held off for one pause, by any number of calls at one moment', async () => {
    const { logIn, wait, failure } = setUp(refused);
    const all = await Promise.all(Array.from({ length: 200 }, failure));
    expect(all).toMatchObject(Array(200).fill({ name: 'AuthFailedError' }));
    wait(1);
    await Promise.all(Array.from({ length: 200 }, failure));
    expect(logIn).toHaveBeenCalledTimes(2);
  });

  it('are taken for good again once they were taken', async () => {
    const { tokens, logIn, wait, failure } = setUp((nth) => (nth === 4 ? undefined : refused()));
    for (const seconds of [1, 2, 4]) {
      await failure();
      wait(seconds);
    }
    expect(await tokens.get()).toBe('token 4');
    // The token has ended, and now they are refused for the first time since.
    wait(900);
    await failure();
    wait(1);
    await failure();
    expect(logIn).toHaveBeenCalledTimes(6);
  });

  it('are not what a log-in fails for that gets no answer', async () => {
    const { logIn, failure } = setUp(() => new UnavailableError(login));
    for (let n = 0; n < 3; n += 1) expect(await failure()).toMatchObject({ name: 'UnavailableError' });
    expect(logIn).toHaveBeenCalledTimes(3);
  });

  it('are not what holds the next log-in off where one got no answer after the pause', async () => {
    const { tokens, logIn, wait, failure } = setUp((nth) =>
      nth === 1 ? refused() : nth === 2 ? new UnavailableError(login) : undefined,
    );
    await failure();
    wait(1);
    expect(await failure()).toMatchObject({ name: 'UnavailableError' });
    expect(await tokens.get()).toBe('token 3');
    expect(logIn).toHaveBeenCalledTimes(3);
  });
});

describe('a token that is refused straight after its log-in', () => {
  it('is not replaced again before the pause is over', async () => {
    const { tokens, logIn, wait, refuseNew } = setUp();
    expect(await refuseNew()).toBe(true);
    expect(logIn).toHaveBeenCalledTimes(2);
    wait(0.999);
    expect(await refuseNew()).toBe(false);
    // Others may be taken with it all the same.
    expect(await tokens.get()).toBe('token 2');
    expect(logIn).toHaveBeenCalledTimes(2);
    wait(0.001);
    expect(await refuseNew()).toBe(true);
    expect(logIn).toHaveBeenCalledTimes(3);
  });

  it('is replaced after pauses that grow up to a minute', async () => {
    const { wait, refuseNew } = setUp();
    expect(await refuseNew()).toBe(true);
    for (const seconds of pauses) {
      wait(seconds - 0.001);
      expect(await refuseNew()).toBe(false);
      wait(0.001);
      expect(await refuseNew()).toBe(true);
    }
  });

  it('costs one log-in and one pause, however many calls it is refused to', async () => {
    const { tokens, logIn, wait, refuseNew } = setUp();
    const all = await Promise.all(Array.from({ length: 200 }, () => tokens.get()));
    const again = all.map((token) => tokens.replace(token));
    // The first one tries it, and the others hear that it is no better.
    expect(await again[0]).toBe('token 2');
    tokens.reportTrial(false);
    expect(await Promise.all(again)).toEqual(['token 2', ...Array(199).fill(null)]);
    expect(logIn).toHaveBeenCalledTimes(2);
    wait(1);
    expect(await refuseNew()).toBe(true);
    expect(logIn).toHaveBeenCalledTimes(3);
  });

  it('counts once, however often that is told', async () => {
    const { tokens, wait, refuseNew } = setUp();
    await tokens.replace(await tokens.get());
    for (let n = 0; n < 200; n += 1) tokens.reportTrial(false);
    wait(1);
    expect(await refuseNew()).toBe(true);
    wait(1.999);
    expect(await refuseNew()).toBe(false);
    wait(0.001);
    expect(await refuseNew()).toBe(true);
  });

  it('is forgotten once another one was taken', async () => {
    const { tokens, wait, refuseNew } = setUp();
    for (const seconds of [1, 2, 4]) {
      await refuseNew();
      wait(seconds);
    }
    expect(await tokens.replace(await tokens.get())).not.toBeNull();
    tokens.reportTrial(true);
    expect(await refuseNew()).toBe(true);
    wait(0.999);
    expect(await refuseNew()).toBe(false);
    wait(0.001);
    expect(await refuseNew()).toBe(true);
  });

  it('is renewed at its own end all the same', async () => {
    const { tokens, wait, refuseNew } = setUp(undefined, 10);
    for (const seconds of [1, 2, 4, 8]) {
      await refuseNew();
      wait(seconds);
    }
    expect(await refuseNew()).toBe(true);
    const held = await tokens.get();
    wait(8.9);
    expect(await tokens.get()).toBe(held);
    wait(0.2);
    expect(await tokens.get()).not.toBe(held);
  });

  it('keeps the others waiting no longer than until it is taken, and then serves them all', async () => {
    const { tokens, logIn } = setUp();
    const token = await tokens.get();
    const again = Array.from({ length: 200 }, () => tokens.replace(token));
    const others = Promise.all(again.slice(1));
    expect(await Promise.race([others, again[0]])).toBe('token 2');
    tokens.reportTrial(true);
    // At once: no timer is waited for.
    const soon = new Promise((resolve) => setImmediate(resolve, 'not yet'));
    expect(await Promise.race([others, soon])).toEqual(Array(199).fill('token 2'));
    expect(logIn).toHaveBeenCalledTimes(2);
  });

  it('keeps the others waiting for a while only, where the first one does not end', async () => {
    const { tokens } = setUp();
    const token = await tokens.get();
    const again = [tokens.replace(token), tokens.replace(token)];
    expect(await Promise.all(again)).toEqual(['token 2', 'token 2']);
  });

  it('lets the others go on where the first one failed otherwise', async () => {
    const { tokens } = setUp();
    const token = await tokens.get();
    const again = [tokens.replace(token), tokens.replace(token)];
    await again[0];
    tokens.reportTrial(undefined);
    expect(await again[1]).toBe('token 2');
  });
});
