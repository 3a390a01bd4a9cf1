import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { UpstreamClient } from '../../src/upstreams/client/client.ts';
import type { UpstreamError } from '../../src/upstreams/errors.ts';
import { getOrder } from '../../src/upstreams/recoveryconnect/orders.ts';
import { getaccount } from '../../src/upstreams/scollect/accounts.ts';
import { InsertNoteline } from '../../src/upstreams/scollect/notes.ts';
import { type Answer, jwt, startUpstream } from '../support/upstream.ts';
import { account, callAll, connect, done, note, R1000, recoveryConnect, scollect } from './connected.ts';

describe('a token', () => {
  it('is got by one log-in for calls that wait at the same time', async () => {
    const { upstream, client, logIns } = await scollect(() => account);
    await callAll(client);
    expect(logIns()).toBe(1);
    expect(upstream.calls()).toHaveLength(50);
  });

  const refusals: [string, Answer][] = [
    ['HTTP 401', { status: 401, json: { msg: 'Token has expired' } }],
    ['HTTP 422', { status: 422, json: { msg: 'Signature verification failed' } }],
    ['a 401 inside a 200', { json: { result: [{ error: 'Token has expired' }, 401], state: 'SUCCESS' } }],
  ];

  describe.each(refusals)('refused by %s', (_, refusal) => {
    it('is asked for anew, once, and the read repeated', async () => {
      let refused = 0;
      const { client, logIns } = await scollect(({ headers }) => {
        if (headers['authorization'] !== `Bearer ${jwt({ iat: 0, exp: 900, n: 1 })}`) return account;
        refused += 1;
        return refusal;
      });
      expect(await client.call(getaccount, R1000)).toEqual({ filenumber: 'R1000' });
      expect([logIns(), refused]).toEqual([2, 1]);
    });

    it('is asked for anew once by any number of calls', async () => {
      const { client, logIns } = await scollect(({ headers }) =>
        headers['authorization'] === `Bearer ${jwt({ iat: 0, exp: 900, n: 1 })}` ? refusal : account,
      );
      await callAll(client);
      expect(logIns()).toBe(2);
    });

    it('twice ends the call', async () => {
      const { upstream, client, logIns } = await scollect(() => refusal);
      await expect(client.call(getaccount, R1000)).rejects.toMatchObject({
        name: 'AuthFailedError',
        retryable: false,
      });
      expect([logIns(), upstream.calls().length]).toEqual([2, 2]);
    });

    it('permits another attempt of a write, which was not executed', async () => {
      let attempts = 0;
      const { client } = await scollect(() => {
        attempts += 1;
        return attempts === 1 ? refusal : done;
      });
      expect(await client.call(InsertNoteline, { params: {}, body: note })).toMatch('successfully');
      expect(attempts).toBe(2);
    });
  });

  it('that was given is used as it is, and its refusal ends the call', async () => {
    const { upstream, client } = await recoveryConnect(
      () => ({ status: 401, json: { message: 'Unauthenticated.' } }),
      { token: 'given' },
    );
    await expect(client.call(getOrder, { params: { order_id: '1' } })).rejects.toMatchObject({
      name: 'AuthFailedError',
    });
    // There is no other one to try.
    expect(upstream.received.map(({ headers }) => headers['authorization'])).toEqual(['Bearer given']);
  });

  it('of RecoveryConnect is got by user name and password', async () => {
    const credentials = { username: 'user', password: 'secret' };
    const { upstream, client } = await recoveryConnect(
      ({ path }) =>
        path.endsWith('/auth')
          ? { json: { access_token: 't', expires_in: 3600 } }
          : { json: { data: { id: 1 } } },
      credentials,
    );
    await client.call(getOrder, { params: { order_id: '1' } });
    expect(upstream.received[0]).toMatchObject({ path: '/api/v140/auth', body: credentials });
    expect(upstream.received[1]?.headers['authorization']).toBe('Bearer t');
  });

  it.each([
    [
      'a 401 inside a 200',
      { json: { result: [{ error: 'Invalid API Credentials.' }, 401], state: 'SUCCESS' } },
    ],
    ['HTTP 401', { status: 401, json: { msg: 'Bad credentials' } }],
    ['HTTP 400', { status: 400, html: 'Bad Request' }],
  ] satisfies [string, Answer][])('is not had for wrong credentials (%s)', async (_, answer) => {
    const upstream = await startUpstream(() => answer);
    const { SCOLLECT } = connect({ scollect: { url: upstream.url, apiKey: 'CANARY', pin: 'CANARY' } });
    const error = await SCOLLECT.call(getaccount, R1000).catch((thrown: unknown) => thrown as UpstreamError);
    expect(error).toMatchObject({
      name: 'AuthFailedError',
      message: "Scollect refused the gateway's credentials (POST /login).",
    });
    expect(upstream.received).toHaveLength(1);
  });
});

/** A Scollect that takes only the tokens from the n-th log-in on. */
const takingFrom = async (settings: Parameters<typeof scollect>[1] = {}) => {
  let first = 1;
  const isTaken = (authorization: unknown) =>
    Array.from({ length: 10 }, (_, n) => `Bearer ${jwt({ iat: 0, exp: 900, n: n + first })}`).includes(
      `${authorization}`,
    );
  const one = await scollect(
    ({ headers }) => (isTaken(headers['authorization']) ? account : { status: 401, json: {} }),
    settings,
  );
  const takeFrom = (n: number): void => {
    first = n;
  };
  return { ...one, takeFrom };
};

/** A clock that stands: no pause ends, however slow this machine is, and no token expires before the test says so. */
const stopClock = (): ((milliseconds: number) => void) => {
  let time = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => time);
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  return (milliseconds) => {
    time += milliseconds;
  };
};

const readAll = (client: UpstreamClient, count: number) =>
  Promise.allSettled(
    Array.from({ length: count }, (_, n) => client.call(getaccount, { params: { filenumber: `R${n}` } })),
  );

const failures = (settled: readonly PromiseSettledResult<unknown>[]): string[] =>
  settled.flatMap((one) => (one.status === 'rejected' ? [`${one.reason}`] : []));

describe('the end of a token', () => {
  it.each([200, 10])('that is refused costs one log-in and no read of 200 (%i at a time)', async (places) => {
    const { client, logIns, takeFrom, upstream } = await takingFrom({ maxConcurrency: places });
    await client.call(getaccount, R1000);
    takeFrom(2);
    expect(failures(await readAll(client, 200))).toEqual([]);
    expect(logIns()).toBe(2);
    expect(upstream.calls().length).toBeLessThanOrEqual(1 + 2 * 200);
  });

  it('that is known before costs one log-in, and nothing is refused', async () => {
    const pass = stopClock();
    const { client, logIns, takeFrom, upstream } = await takingFrom();
    await client.call(getaccount, R1000);
    takeFrom(2);
    pass(871_000);
    expect(failures(await readAll(client, 200))).toEqual([]);
    expect([logIns(), upstream.calls().length]).toEqual([2, 201]);
  });
});

describe('a system that refuses every token', () => {
  it('is asked little more often than it is called, and logged in to twice', async () => {
    stopClock();
    const { client, logIns, takeFrom, upstream } = await takingFrom();
    takeFrom(1000);
    for (let n = 0; n < 100; n += 1) {
      await expect(client.call(getaccount, R1000)).rejects.toMatchObject({ name: 'AuthFailedError' });
    }
    expect(upstream.calls().length).toBeLessThanOrEqual(120);
    expect(logIns()).toBe(2);
  });

  it('is asked little more often by many calls at one moment, and logged in to twice', async () => {
    stopClock();
    const { client, logIns, takeFrom, upstream } = await takingFrom();
    takeFrom(1000);
    expect(failures(await readAll(client, 100))).toHaveLength(100);
    expect(upstream.calls().length).toBeLessThanOrEqual(120);
    expect(logIns()).toBe(2);
  });

  it('lets a log-in whose credentials are refused be, for a while', async () => {
    stopClock();
    const upstream = await startUpstream(() => ({ status: 401, json: { msg: 'Bad credentials' } }));
    const { SCOLLECT } = connect({ scollect: { url: upstream.url, apiKey: 'a', pin: 'b' } });
    expect(failures(await readAll(SCOLLECT, 50))).toHaveLength(50);
    expect(failures(await readAll(SCOLLECT, 50))).toHaveLength(50);
    expect(upstream.received).toHaveLength(1);
  });
});
