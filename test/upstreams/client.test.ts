import { describe, expect, it, onTestFinished } from 'vitest';
import type { UpstreamError } from '../../src/errors.ts';
import { getOrder } from '../../src/upstreams/recoveryconnect/orders.ts';
import { deleteBorrowerPhone } from '../../src/upstreams/recoveryconnect/phones.ts';
import { getaccount } from '../../src/upstreams/scollect/accounts.ts';
import { InsertNoteline } from '../../src/upstreams/scollect/notes.ts';
import { getphones } from '../../src/upstreams/scollect/phones.ts';
import { closeUpstreams, createUpstreams, type UpstreamSettings } from '../../src/upstreams/upstreams.ts';
import { type Answer, jwt, type Received, startUpstream } from '../support/upstream.ts';

const connect = (settings: Partial<UpstreamSettings>) => {
  const upstreams = createUpstreams({ timeoutMs: 5000, maxConcurrency: 32, ...settings });
  onTestFinished(() => closeUpstreams(upstreams));
  return upstreams;
};

const note = { filenumber: 'R1000', collectorname: 'mall', logmessage: 'Test' };
const done: Answer = { json: { result: { success: 'Noteline inserted successfully' }, state: 'SUCCESS' } };
const account: Answer = { json: { result: [{ filenumber: 'R1000' }], state: 'SUCCESS' } };

/** A Scollect whose n-th log-in gives `token n`, and the rest as told. */
const scollect = async (
  answer: (request: Received) => Answer | Promise<Answer>,
  settings: Partial<UpstreamSettings> = {},
) => {
  let logIns = 0;
  const upstream = await startUpstream((request) => {
    if (request.path !== '/login') return answer(request);
    logIns += 1;
    return { json: { result: { access_token: jwt({ iat: 0, exp: 900, n: logIns }) }, state: 'SUCCESS' } };
  });
  const credentials = { apiKey: 'the key', pin: 'the pin' };
  const { SCOLLECT: client } = connect({ scollect: { url: upstream.url, ...credentials }, ...settings });
  return { upstream, client, logIns: () => logIns };
};

const recoveryConnect = async (
  answer: (request: Received) => Answer,
  credentials: { token: string } | { username: string; password: string },
) => {
  const upstream = await startUpstream(answer);
  const { RECOVERY_CONNECT: client } = connect({ recoveryConnect: { url: upstream.url, ...credentials } });
  return { upstream, client };
};

const R1000 = { params: { filenumber: 'R1000' } };

describe('a call', () => {
  it('carries the token, asks for JSON and fills the path in', async () => {
    const { upstream, client } = await scollect(() => account);
    await client.call(getaccount, { params: { filenumber: 'A/../B 1' } });
    const [logIn, call] = upstream.received;
    expect(logIn).toMatchObject({
      method: 'POST',
      body: { apikey: 'the key', pin: 'the pin' },
      headers: { accept: 'application/json', 'content-type': 'application/json' },
    });
    expect(call).toMatchObject({ method: 'GET', path: '/getaccount/A%2F..%2FB%201', body: undefined });
    expect(call?.headers).toMatchObject({
      accept: 'application/json',
      authorization: `Bearer ${jwt({ iat: 0, exp: 900, n: 1 })}`,
    });
    expect(call?.headers).not.toHaveProperty('content-type');
  });

  it('keeps the path that the address of its upstream has', async () => {
    const upstream = await startUpstream(() => ({ json: { data: { id: 1 } } }));
    const { RECOVERY_CONNECT: client } = connect({
      recoveryConnect: { url: `${upstream.url}/mirror/`, token: 'given' },
    });
    await client.call(getOrder, { params: { order_id: '1' } });
    expect(upstream.calls()).toEqual(['/mirror/api/v150/orders/1']);
  });

  it('with a body that is not the documented one is never sent', async () => {
    const { upstream, client } = await scollect(() => done);
    const body = { ...note, logmessage: undefined };
    // @ts-expect-error: the types say so too
    await expect(client.call(InsertNoteline, { params: {}, body })).rejects.toThrow();
    expect(upstream.calls()).toEqual([]);
  });

  it('answers null or no rows where nothing is found', async () => {
    const { client } = await scollect(() => ({ json: { result: { result: [] }, state: 'SUCCESS' } }));
    expect(await client.call(getaccount, R1000)).toBeNull();
    expect(await client.call(getphones, R1000)).toEqual([]);
  });

  it('to a system that is not configured says so', async () => {
    const { SCOLLECT } = connect({});
    await expect(SCOLLECT.call(getaccount, R1000)).rejects.toMatchObject({
      name: 'NotConfiguredError',
      message: 'Scollect is not configured (GET /getaccount/{filenumber}).',
      retryable: false,
    });
  });
});

describe('a token', () => {
  it('is got by one log-in for calls that wait at the same time', async () => {
    const { upstream, client, logIns } = await scollect(() => account);
    await Promise.all(Array.from({ length: 50 }, () => client.call(getaccount, R1000)));
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
      await Promise.all(Array.from({ length: 50 }, () => client.call(getaccount, R1000)));
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

    it('lets a write be sent again, since it was not carried out', async () => {
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
    expect(upstream.received.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer given',
      'Bearer given',
    ]);
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

describe('a call that gets no answer', () => {
  const dead = 'http://127.0.0.1:9';

  it('for want of a connection was surely not carried out', async () => {
    const { RECOVERY_CONNECT: client } = connect({ recoveryConnect: { url: dead, token: 't' } });
    const params = { order_id: '1', borrower_id: '2', phone_id: '3' };
    await expect(client.call(getOrder, { params })).rejects.toMatchObject({
      name: 'UnavailableError',
      retryable: true,
    });
    await expect(client.call(deleteBorrowerPhone, { params })).rejects.toMatchObject({
      name: 'UnavailableError',
    });
  });

  it.each([
    ['reset', 'UnavailableError'],
    ['silence', 'UpstreamTimeoutError'],
  ] as const)('but a %s fails as a read and is of unknown outcome as a write', async (answer, name) => {
    const { upstream, client } = await scollect(() => answer, { timeoutMs: 300 });
    await expect(client.call(getaccount, R1000)).rejects.toMatchObject({ name, retryable: true });
    await expect(client.call(InsertNoteline, { params: {}, body: note })).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      retryable: false,
    });
    expect(upstream.calls()).toEqual(['/InsertNoteline', '/getaccount/R1000']);
  });

  it('in time for a connection ends at the same limit', async () => {
    const { upstream, client } = await scollect(() => 'silence', { timeoutMs: 300, maxConcurrency: 1 });
    const calls = await Promise.allSettled([client.call(getaccount, R1000), client.call(getphones, R1000)]);
    expect(calls).toMatchObject([
      { status: 'rejected', reason: { name: 'UpstreamTimeoutError' } },
      { status: 'rejected', reason: { name: 'UpstreamTimeoutError' } },
    ]);
    // The other one waited for a connection, and was never sent.
    expect(upstream.calls()).toHaveLength(1);
  });

  it('because its caller left is cancelled as a read, never as a write', async () => {
    const leaving = new AbortController();
    const { client } = await scollect(async () => {
      leaving.abort();
      await new Promise((resolve) => setTimeout(resolve, 100));
      return done;
    });
    const options = { signal: leaving.signal };
    expect(await client.call(InsertNoteline, { params: {}, body: note }, options)).toMatch('successfully');
    await expect(client.call(getaccount, R1000, options)).rejects.toMatchObject({ name: 'UnavailableError' });
  });
});
