import { describe, expect, it, vi } from 'vitest';
import { AuthFailedError, UnavailableError } from '../errors.ts';
import { login } from '../scollect/login.ts';
import type { Token } from './held-token.ts';
import { createTokenSource } from './token.ts';

/**
 * Creates a token source with a controlled clock. Each log-in ends as configured; each token contains the number of its
 * log-in.
 */
const setUp = (logInAs: (nth: number) => Error | undefined = () => undefined, lifetime = 900) => {
  let time = 1_700_000_000_000;
  let count = 0;
  const logIn = vi.fn(async (): Promise<Token> => {
    count += 1;
    const error = logInAs(count);
    if (error) throw error;
    return { value: `token ${count}`, lifetime };
  });
  const tokens = createTokenSource(logIn, { now: () => time });
  const wait = (seconds: number): void => {
    time += seconds * 1000;
  };
  const failure = () => tokens.get().catch((error: unknown) => error);
  /** Reports a new token as refused, as an upstream would that accepts none. */
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

describe('log-in with refused credentials', () => {
  it('is repeated after pauses that double up to one minute', async () => {
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

  it('calls during the pause fail immediately, each with its own error object', async () => {
    const { logIn, failure } = setUp(refused);
    const first = await failure();
    const later = await Promise.all(Array.from({ length: 200 }, failure));
    expect(later).toMatchObject(Array(200).fill({ name: 'AuthFailedError', call: { operation: 'login' } }));
    expect(new Set([first, ...later]).size).toBe(201);
    expect(logIn).toHaveBeenCalledTimes(1);
  });

  it('concurrent calls share one log-in and one pause', async () => {
    const { logIn, wait, failure } = setUp(refused);
    const all = await Promise.all(Array.from({ length: 200 }, failure));
    expect(all).toMatchObject(Array(200).fill({ name: 'AuthFailedError' }));
    wait(1);
    await Promise.all(Array.from({ length: 200 }, failure));
    expect(logIn).toHaveBeenCalledTimes(2);
  });

  it('a successful log-in resets the pause', async () => {
    const { tokens, logIn, wait, failure } = setUp((nth) => (nth === 4 ? undefined : refused()));
    for (const seconds of [1, 2, 4]) {
      await failure();
      wait(seconds);
    }
    expect(await tokens.get()).toBe('token 4');
    // The token has expired, and the credentials are refused for the first time since.
    wait(900);
    await failure();
    wait(1);
    await failure();
    expect(logIn).toHaveBeenCalledTimes(6);
  });

  it('an unavailable upstream causes no pause', async () => {
    const { logIn, failure } = setUp(() => new UnavailableError(login));
    for (let n = 0; n < 3; n += 1) expect(await failure()).toMatchObject({ name: 'UnavailableError' });
    expect(logIn).toHaveBeenCalledTimes(3);
  });

  it('an unavailable upstream after the pause causes no further pause', async () => {
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

describe('a token that is refused directly after its log-in', () => {
  it('is not replaced during the pause', async () => {
    const { tokens, logIn, wait, refuseNew } = setUp();
    expect(await refuseNew()).toBe(true);
    expect(logIn).toHaveBeenCalledTimes(2);
    wait(0.999);
    expect(await refuseNew()).toBe(false);
    // Other calls may still be accepted with the token.
    expect(await tokens.get()).toBe('token 2');
    expect(logIn).toHaveBeenCalledTimes(2);
    wait(0.001);
    expect(await refuseNew()).toBe(true);
    expect(logIn).toHaveBeenCalledTimes(3);
  });

  it('is replaced after pauses that double up to one minute', async () => {
    const { wait, refuseNew } = setUp();
    expect(await refuseNew()).toBe(true);
    for (const seconds of pauses) {
      wait(seconds - 0.001);
      expect(await refuseNew()).toBe(false);
      wait(0.001);
      expect(await refuseNew()).toBe(true);
    }
  });

  it('200 refused calls cause one log-in and one pause', async () => {
    const { tokens, logIn, wait, refuseNew } = setUp();
    const all = await Promise.all(Array.from({ length: 200 }, () => tokens.get()));
    const again = all.map((token) => tokens.replace(token));
    // The first caller tries the token, and the others learn that it is refused too.
    expect(await again[0]).toBe('token 2');
    tokens.reportTrial(false);
    expect(await Promise.all(again)).toEqual(['token 2', ...Array(199).fill(null)]);
    expect(logIn).toHaveBeenCalledTimes(2);
    wait(1);
    expect(await refuseNew()).toBe(true);
    expect(logIn).toHaveBeenCalledTimes(3);
  });

  it('counts once if its refusal is reported 200 times', async () => {
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

  it('an accepted token resets the pause', async () => {
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

  it('is renewed before it expires, also during a pause', async () => {
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

  it('its replacement serves all waiting calls as soon as it is accepted', async () => {
    const { tokens, logIn } = setUp();
    const token = await tokens.get();
    const again = Array.from({ length: 200 }, () => tokens.replace(token));
    const others = Promise.all(again.slice(1));
    expect(await Promise.race([others, again[0]])).toBe('token 2');
    tokens.reportTrial(true);
    // Immediately, without a timer.
    const soon = new Promise((resolve) => setImmediate(resolve, 'not yet'));
    expect(await Promise.race([others, soon])).toEqual(Array(199).fill('token 2'));
    expect(logIn).toHaveBeenCalledTimes(2);
  });

  it('other calls wait for the first trial for a limited time', async () => {
    const { tokens } = setUp();
    const token = await tokens.get();
    const again = [tokens.replace(token), tokens.replace(token)];
    expect(await Promise.all(again)).toEqual(['token 2', 'token 2']);
  });

  it('other calls continue if the first trial has no result', async () => {
    const { tokens } = setUp();
    const token = await tokens.get();
    const again = [tokens.replace(token), tokens.replace(token)];
    await again[0];
    tokens.reportTrial(undefined);
    expect(await again[1]).toBe('token 2');
  });
});
