import { describe, expect, it } from 'vitest';
import { getOrder } from '../../src/upstreams/recoveryconnect/orders.ts';
import { deleteBorrowerPhone } from '../../src/upstreams/recoveryconnect/phones.ts';
import { getaccount } from '../../src/upstreams/scollect/accounts.ts';
import { InsertNoteline } from '../../src/upstreams/scollect/notes.ts';
import { getphones } from '../../src/upstreams/scollect/phones.ts';
import { type Answer, jwt, startUpstream } from '../support/upstream.ts';
import { account, connect, done, note, R1000, scollect } from './connected.ts';

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

describe('a call that gets no answer', () => {
  const dead = 'http://127.0.0.1:9';

  it('without a connection was certainly not executed', async () => {
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
    ['reset', 'UnavailableError', 3],
    ['silence', 'UpstreamTimeoutError', 1],
  ] as const)(
    'but a %s fails as a read and is of unknown outcome as a write',
    async (answer, name, tries) => {
      const { upstream, client } = await scollect(() => answer, {
        timeoutMs: answer === 'silence' ? 300 : 5000,
      });
      await expect(client.call(getaccount, R1000)).rejects.toMatchObject({ name, retryable: true });
      await expect(client.call(InsertNoteline, { params: {}, body: note })).rejects.toMatchObject({
        name: 'OutcomeUnknownError',
        retryable: false,
      });
      // What ended may be asked for again, what takes too long not; a write is sent once.
      expect(upstream.calls()).toEqual(['/InsertNoteline', ...Array(tries).fill('/getaccount/R1000')]);
    },
  );

  it('at first is answered by a later try', async () => {
    const answers: Answer[] = ['reset', { status: 503, html: 'no' }, account];
    const { upstream, client } = await scollect(() => answers.shift() ?? 'reset');
    expect(await client.call(getaccount, R1000)).toEqual({ filenumber: 'R1000' });
    expect(upstream.calls()).toHaveLength(3);
  });

  it('for want of a place ends at the same limit, and was not sent', async () => {
    const { upstream, client } = await scollect(() => 'silence', { timeoutMs: 300, maxConcurrency: 1 });
    const begin = performance.now();
    const calls = await Promise.allSettled([client.call(getaccount, R1000), client.call(getphones, R1000)]);
    expect(calls).toMatchObject([
      { status: 'rejected', reason: { name: 'UpstreamTimeoutError' } },
      { status: 'rejected', reason: { name: 'OverloadedError', retryable: true } },
    ]);
    expect(performance.now() - begin).toBeGreaterThan(290);
    expect(upstream.calls()).toEqual(['/getaccount/R1000']);
  });

  it('since too many wait for a place ends at once', async () => {
    const { upstream, client } = await scollect(() => 'silence', {
      timeoutMs: 1000,
      maxConcurrency: 1,
      maxWaiting: 1,
    });
    const calls = ['R1', 'R2', 'R3'].map((filenumber) => client.call(getaccount, { params: { filenumber } }));
    const all = Promise.allSettled(calls);
    const [, , third = Promise.resolve()] = calls;
    await expect(third).rejects.toMatchObject({ name: 'OverloadedError' });
    // The first two are still in flight and in the queue.
    expect(client.state()).toMatchObject({ inFlight: 1, waiting: 1 });
    await all;
    expect(upstream.calls()).toHaveLength(1);
  });

  it('is rejected after repeated failures of its upstream, with the time of the next attempt', async () => {
    const { upstream, client } = await scollect(() => ({ status: 500, json: {} }));
    for (let n = 0; n < 5; n += 1) {
      await expect(client.call(getaccount, R1000)).rejects.toMatchObject({ name: 'UnavailableError' });
    }
    const open = { name: 'CircuitOpenError', retryable: true, retryAfter: 1 };
    await expect(client.call(getaccount, R1000)).rejects.toMatchObject(open);
    await expect(client.call(InsertNoteline, { params: {}, body: note })).rejects.toMatchObject(open);
    expect([upstream.calls().length, client.state()?.breaker]).toEqual([5, 'open']);
  });

  it('since the answer is too large fails as a read and is of unknown outcome as a write', async () => {
    const large: Answer = { json: { result: 'a'.repeat(2000) } };
    const { upstream, client } = await scollect(() => large, { maxResponseBytes: 8000 });
    await expect(client.call(getaccount, R1000)).rejects.toMatchObject({
      name: 'BadResponseError',
      retryable: false,
    });
    await expect(client.call(InsertNoteline, { params: {}, body: note })).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
    });
    expect(upstream.calls()).toEqual(['/InsertNoteline', '/getaccount/R1000']);
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

describe('a write that must be asked for before it is sent', () => {
  const expired: Answer = { status: 401, json: { msg: 'Token has expired' } };

  it('is asked for after each log-in, right before each exchange', async () => {
    const order: string[] = [];
    const answers = [expired, done];
    const { upstream, client } = await scollect(({ path }) => {
      order.push(path);
      return answers.shift() ?? 'reset';
    });
    const beforeSending = async () => {
      order.push(`asked after ${upstream.received.length}`);
    };
    await client.call(InsertNoteline, { params: {}, body: note }, { beforeSending });
    expect(order).toEqual(['asked after 1', '/InsertNoteline', 'asked after 3', '/InsertNoteline']);
  });

  it('is not sent where that fails', async () => {
    const { upstream, client } = await scollect(() => done);
    const beforeSending = () => Promise.reject(new Error('not any more'));
    await expect(client.call(InsertNoteline, { params: {}, body: note }, { beforeSending })).rejects.toThrow(
      'not any more',
    );
    expect(upstream.calls()).toEqual([]);
  });
});
