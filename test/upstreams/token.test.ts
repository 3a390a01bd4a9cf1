import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Token } from '../../src/upstreams/client/held-token.ts';
import { createTokenSource, fixedToken, lifetimeOf } from '../../src/upstreams/client/token.ts';
import { AuthFailedError } from '../../src/upstreams/errors.ts';
import { login } from '../../src/upstreams/scollect/login.ts';
import { jwt } from '../support/upstream.ts';

const counting = (lifetime: number | null) => {
  let count = 0;
  return vi.fn(async (): Promise<Token> => {
    count += 1;
    return { value: `token ${count}`, lifetime };
  });
};

describe('a token source', () => {
  it('logs in once for any number of waiting callers', async () => {
    const logIn = counting(900);
    const tokens = createTokenSource(logIn);
    const values = await Promise.all(Array.from({ length: 200 }, () => tokens.get()));
    expect(new Set(values)).toEqual(new Set(['token 1']));
    expect(logIn).toHaveBeenCalledTimes(1);
  });

  it('renews a token before its end', async () => {
    let now = 0;
    const tokens = createTokenSource(counting(900), { now: () => now });
    await tokens.get();
    now = 869_000;
    expect(await tokens.get()).toBe('token 1');
    now = 871_000;
    expect(await tokens.get()).toBe('token 2');
  });

  it.each([
    ['forward', 86_400_000],
    ['back', -86_400_000],
  ])('is not affected if the wall clock is set %s by a day', async (_, step) => {
    const tokens = createTokenSource(counting(900));
    const set = vi.spyOn(Date, 'now').mockReturnValue(Date.now());
    onTestFinished(() => set.mockRestore());
    await tokens.get();
    set.mockReturnValue(Date.now() + step);
    expect(await tokens.get()).toBe('token 1');
  });

  it('holds off a log-in for as long as before, if the wall clock is set back', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let isRefused = true;
    const failure = new AuthFailedError(login);
    const tokens = createTokenSource(async () => {
      if (isRefused) throw failure;
      return { value: 'token', lifetime: null };
    });
    await expect(tokens.get()).rejects.toThrow(AuthFailedError);
    isRefused = false;
    await expect(tokens.get()).rejects.toThrow(AuthFailedError);
    vi.advanceTimersByTime(2000);
    vi.setSystemTime(Date.now() - 86_400_000);
    expect(await tokens.get()).toBe('token');
  });

  it('gives at once what it has, and nothing that it would have to wait for', async () => {
    let now = 0;
    const tokens = createTokenSource(counting(900), { now: () => now });
    expect(tokens.current()).toBeUndefined();
    await tokens.get();
    expect(tokens.current()).toBe('token 1');
    now = 871_000;
    expect(tokens.current()).toBeUndefined();
  });

  it('keeps most of a short life', async () => {
    let now = 0;
    const tokens = createTokenSource(counting(10), { now: () => now });
    await tokens.get();
    now = 8_900;
    expect(await tokens.get()).toBe('token 1');
    now = 9_100;
    expect(await tokens.get()).toBe('token 2');
  });

  it('keeps a token of unknown life until it is refused', async () => {
    let now = 0;
    const tokens = createTokenSource(counting(null), { now: () => now });
    await tokens.get();
    now = 1e12;
    expect(await tokens.get()).toBe('token 1');
    expect(await tokens.replace('token 1')).toBe('token 2');
    expect(await tokens.get()).toBe('token 2');
  });

  it('does not drop a new token for the refusal of the old one', async () => {
    const tokens = createTokenSource(counting(900));
    await tokens.get();
    await tokens.replace('token 1');
    tokens.reportTrial(true);
    expect(await tokens.replace('token 1')).toBe('token 2');
    expect(await tokens.get()).toBe('token 2');
  });

  it('tries again after a log-in that failed', async () => {
    const logIn = vi.fn<() => Promise<Token>>();
    logIn.mockRejectedValueOnce(new Error('down')).mockResolvedValue({ value: 'token', lifetime: 900 });
    const tokens = createTokenSource(logIn);
    await expect(tokens.get()).rejects.toThrow('down');
    expect(await tokens.get()).toBe('token');
  });
});

describe('a token that was given', () => {
  it('is the only one, whatever is said of it', async () => {
    const tokens = fixedToken('given');
    expect(await tokens.replace('given')).toBeNull();
    tokens.reportTrial(false);
    expect(await tokens.get()).toBe('given');
  });
});

describe('lifetimeOf', () => {
  const now = 1_742_222_907_000;
  it.each([
    ['measured on the clock of the issuer', jwt({ iat: 1000, exp: 1900 }), 900],
    ['measured on the own clock without iat', jwt({ exp: now / 1000 + 60 }), 60],
    ['unknown without exp', jwt({ iat: 1000 }), null],
    ['unknown when over already', jwt({ exp: 1000 }), null],
    ['unknown of a token that is no JWT', 'opaque', null],
    ['unknown of claims that are no object', `a.${Buffer.from('null').toString('base64url')}.c`, null],
  ])('is %s', (_, token, lifetime) => {
    expect(lifetimeOf(token, now)).toBe(lifetime);
  });
});
