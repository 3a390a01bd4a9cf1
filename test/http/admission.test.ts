import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Authenticate, UnauthenticatedError } from '../../src/auth/authentication.ts';
import type { RateLimits } from '../../src/http/request-limits.ts';
import type { Caller } from '../../src/operation/caller.ts';
import { callerWith } from '../support/caller.ts';
import { noRateLimits, startGateway } from '../support/gateway.ts';

const url = 'http://gateway/graphql';

interface Question {
  readonly address?: string;
  readonly tenant?: string;
  readonly caller?: string;
  readonly token?: string;
  readonly path?: string;
}

/** A gateway behind a proxy, whose callers name themselves. */
const start = async (rateLimits: Partial<RateLimits>) => {
  const authenticate: Authenticate = ({ headers }): Caller => {
    const token = headers.get('authorization') ?? 'good';
    if (token !== 'good') throw new UnauthenticatedError('No.', 'Bearer error="invalid_token"');
    return { ...callerWith(), id: headers.get('x-caller') ?? 'a', tenant: headers.get('x-tenant') };
  };
  const access = { authenticate, trustedProxies: 1, rateLimits: { ...noRateLimits, ...rateLimits } };
  const { gateway, calls, metrics } = await startGateway({ access });
  const ask = ({ address = '198.51.100.1', tenant, caller = 'a', token, path }: Question = {}) =>
    gateway.fetch(path === undefined ? url : `http://gateway${path}`, {
      method: path === undefined ? 'POST' : 'GET',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': address,
        'x-caller': caller,
        ...(tenant !== undefined && { 'x-tenant': tenant }),
        ...(token !== undefined && { authorization: token }),
      },
      ...(path === undefined && {
        body: JSON.stringify({ query: '{ account(fileNumber: "R1") { status } }' }),
      }),
    });
  const askTimes = async (times: number, question?: Question): Promise<number[]> => {
    const statuses: number[] = [];
    for (let asked = 0; asked < times; asked += 1) statuses.push((await ask(question)).status);
    return statuses;
  };
  return { gateway, ask, askTimes, calls, metrics };
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const minute = 60_000;

describe('one request too many in a minute', () => {
  it.each(['perCaller', 'perAddress'] as const)(
    'is answered with 429, and nothing is sent (%s)',
    async (limit) => {
      const { ask, askTimes, calls } = await start({ [limit]: 2 });
      expect(await askTimes(2)).toEqual([200, 200]);
      const response = await ask();
      expect(response.status).toBe(429);
      expect(response.headers.get('retry-after')).toBe('60');
      expect(await response.json()).toEqual({
        errors: [
          {
            message: 'Too many requests: ask again later.',
            extensions: { code: 'RATE_LIMITED', retryAfter: 60 },
          },
        ],
      });
      expect(calls()).toHaveLength(2);
    },
  );

  it('tells how long to wait, and is answered then', async () => {
    const { ask, askTimes } = await start({ perCaller: 1 });
    await ask();
    vi.advanceTimersByTime(minute - 20_500);
    expect((await ask()).headers.get('retry-after')).toBe('21');
    vi.advanceTimersByTime(20_500);
    expect(await askTimes(2)).toEqual([200, 429]);
  });

  it('is not read', async () => {
    const { gateway, ask } = await start({ perAddress: 1 });
    await ask();
    const pull = vi.fn();
    const body = new ReadableStream({ pull }, { highWaterMark: 0 });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.1' };
    const options = { method: 'POST', headers, body, duplex: 'half' };
    expect((await gateway.fetch(url, options as RequestInit)).status).toBe(429);
    expect(pull).not.toHaveBeenCalled();
  });

  it('is counted', async () => {
    const { askTimes, metrics } = await start({ perAddress: 1 });
    await askTimes(3);
    expect(await metrics.read()).toContain('recollect_refusals_total{reason="rate_limit"} 2');
  });
});

describe('the limit of a caller', () => {
  it.each<readonly [string, Question]>([
    ['another caller', { caller: 'b' }],
    ['a caller of that name of another tenant', { tenant: 't2' }],
    ['a caller of that name of no tenant', {}],
    ['a caller and a tenant whose names make the same text', { tenant: 't', caller: '1a' }],
  ])('is not that of %s', async (_, other) => {
    const { askTimes } = await start({ perCaller: 1 });
    expect(await askTimes(2, { tenant: 't1', caller: 'a' })).toEqual([200, 429]);
    expect(await askTimes(2, other)).toEqual([200, 429]);
  });

  it('holds from wherever they ask', async () => {
    const { askTimes } = await start({ perCaller: 1 });
    expect(await askTimes(1, { address: '198.51.100.1' })).toEqual([200]);
    expect(await askTimes(1, { address: '198.51.100.2' })).toEqual([429]);
  });
});

describe('the limit of an address', () => {
  it('holds whoever asks, and is not that of another', async () => {
    const { askTimes } = await start({ perAddress: 1 });
    expect(await askTimes(1, { caller: 'a' })).toEqual([200]);
    expect(await askTimes(1, { caller: 'b' })).toEqual([429]);
    expect(await askTimes(1, { address: '198.51.100.2' })).toEqual([200]);
  });

  it('of IPv6 is that of its whole network', async () => {
    const { askTimes } = await start({ perAddress: 1 });
    expect(await askTimes(1, { address: '2001:db8::1' })).toEqual([200]);
    expect(await askTimes(1, { address: '2001:db8::ffff:0:1' })).toEqual([429]);
    expect(await askTimes(1, { address: '2001:db8:0:1::1' })).toEqual([200]);
  });

  it('counts requests for the page of GraphiQL separately', async () => {
    const { gateway, askTimes } = await start({ perAddress: 2 });
    const open = async () => {
      const headers = { accept: 'text/html', 'x-forwarded-for': '198.51.100.1' };
      return (await gateway.fetch(url, { headers })).status;
    };
    expect([await open(), await open(), await open()]).toEqual([200, 200, 429]);
    expect(await askTimes(3)).toEqual([200, 200, 429]);
  });

  it.each(['/health', '/ready', '/metrics'])('does not count for %s', async (path) => {
    const { askTimes } = await start({ perAddress: 1, perCaller: 1 });
    expect(await askTimes(3, { path })).toEqual([200, 200, 200]);
  });
});

describe('failed authentications', () => {
  it('beyond the limit end in 429, for a minute and for that address', async () => {
    const { askTimes } = await start({ failuresPerAddress: 2 });
    expect(await askTimes(4, { token: 'bad' })).toEqual([401, 401, 429, 429]);
    expect(await askTimes(1, { token: 'bad', address: '198.51.100.2' })).toEqual([401]);
    vi.advanceTimersByTime(minute);
    expect(await askTimes(1, { token: 'bad' })).toEqual([401]);
  });

  it('do not reject callers with a valid token', async () => {
    const { askTimes } = await start({ failuresPerAddress: 1 });
    await askTimes(3, { token: 'bad' });
    expect(await askTimes(3, { token: 'good' })).toEqual([200, 200, 200]);
  });

  it('are the only ones that count', async () => {
    const { askTimes } = await start({ failuresPerAddress: 1 });
    expect(await askTimes(3)).toEqual([200, 200, 200]);
  });
});

describe('the limit of an address, and requests that are not admitted', () => {
  it.each<readonly [string, Partial<RateLimits>, Question]>([
    ['a bad token', { perAddress: 2 }, { token: 'bad' }],
    ['a caller beyond its own limit', { perAddress: 2, perCaller: 1 }, { caller: 'b' }],
  ])('are counted apart: %s', async (_, limits, question) => {
    const { askTimes } = await start(limits);
    await askTimes(5, question);
    expect(await askTimes(1, { caller: 'a' })).toEqual([200]);
  });
});
