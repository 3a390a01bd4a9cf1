import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { UpstreamError } from '../../src/errors.ts';
import type { UpstreamClient } from '../../src/upstreams/client.ts';
import { filterOrders, getOrder } from '../../src/upstreams/recoveryconnect/orders.ts';
import { deleteBorrowerPhone } from '../../src/upstreams/recoveryconnect/phones.ts';
import { getaccount, searchbyphone } from '../../src/upstreams/scollect/accounts.ts';
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

/** Reads of which no two are equal, at one moment. */
const callAll = (client: UpstreamClient): Promise<unknown[]> =>
  Promise.all(
    Array.from({ length: 50 }, (_, n) => client.call(getaccount, { params: { filenumber: `R${n}` } })),
  );

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

describe('equal reads at one moment', () => {
  /** A Scollect that holds its answers to reads, in which it counts them, until all are released. */
  const held = async (outcome: Answer = done) => {
    const gates: (() => void)[] = [];
    const { upstream, client } = await scollect(async ({ path }) => {
      if (path === '/InsertNoteline') return outcome;
      const nth = gates.length + 1;
      await new Promise<void>((open) => gates.push(open));
      return { json: { result: [{ filenumber: 'R1000', nth }], state: 'SUCCESS' } };
    });
    const arrived = (count: number) => vi.waitFor(() => expect(gates).toHaveLength(count));
    const release = (): void => {
      for (const open of gates) open();
    };
    return { upstream, client, arrived, release };
  };

  it('are one call, and one answer for each', async () => {
    const { upstream, client, arrived, release } = await held();
    const reads = Array.from({ length: 20 }, () => client.call(getaccount, R1000));
    await arrived(1);
    release();
    expect(await Promise.all(reads)).toEqual(Array(20).fill({ filenumber: 'R1000', nth: 1 }));
    expect(upstream.calls()).toEqual(['/getaccount/R1000']);
  });

  it('are not remembered', async () => {
    const { upstream, client } = await scollect(() => account);
    await client.call(getaccount, R1000);
    await client.call(getaccount, R1000);
    expect(upstream.calls()).toHaveLength(2);
  });

  it.each<readonly [string, (client: UpstreamClient) => Promise<unknown>[]]>([
    ['operation', (client) => [client.call(getaccount, R1000), client.call(getphones, R1000)]],
    [
      'path parameter',
      (client) =>
        ['R1', 'R2', 'R1/R2'].map((filenumber) => client.call(getaccount, { params: { filenumber } })),
    ],
    [
      'body',
      (client) =>
        ['1', '2'].map((PhoneNumber) => client.call(searchbyphone, { params: {}, body: { PhoneNumber } })),
    ],
  ])('are not those that differ in their %s', async (_, read) => {
    const { upstream, client } = await scollect(() => account);
    const reads = read(client);
    await Promise.allSettled(reads);
    expect(upstream.calls()).toHaveLength(reads.length);
  });

  it('are not those that differ in their query', async () => {
    const { upstream, client } = await recoveryConnect(() => ({ json: { data: [] } }), { token: 't' });
    const queries = [{ ids: '1' }, { ids: '2' }, { ids: '1', page: '2' }, {}];
    await Promise.all(queries.map((query) => client.call(filterOrders, { params: {}, query })));
    expect(upstream.calls()).toHaveLength(4);
  });

  it('fail each with an error of its own, and the next read calls again', async () => {
    let calls = 0;
    const { client } = await scollect(() => {
      calls += 1;
      return calls === 1 ? 'reset' : account;
    });
    const read = () => client.call(getaccount, R1000);
    const failed = await Promise.allSettled([read(), read(), read()]);
    const reasons = failed.map((one) => one.status === 'rejected' && one.reason);
    expect(reasons).toMatchObject(
      Array(3).fill({ name: 'UnavailableError', call: { operation: 'getaccount' } }),
    );
    expect(new Set(reasons).size).toBe(3);
    expect(await read()).toEqual({ filenumber: 'R1000' });
    expect(calls).toBe(2);
  });

  it('fail by what the answer says each with an error of its own', async () => {
    const { upstream, client } = await scollect(() => ({ status: 403, json: {} }));
    const read = () => client.call(getaccount, R1000).catch((error: unknown) => error);
    const [one, other] = await Promise.all([read(), read()]);
    expect([one, other]).toMatchObject([{ name: 'RejectedError' }, { name: 'RejectedError' }]);
    expect(one).not.toBe(other);
    expect(upstream.calls()).toHaveLength(1);
  });

  it('hear the warnings each', async () => {
    const { upstream, client } = await recoveryConnect(
      () => ({ json: { data: [{ id: 1 }], warnings: ['Read only until noon'] } }),
      { token: 't' },
    );
    const heard: string[] = [];
    const read = (name: string) =>
      client.call(filterOrders, { params: {} }, { onWarning: (_, text) => heard.push(`${name}: ${text}`) });
    await Promise.all([read('one'), read('other')]);
    expect(heard.sort()).toEqual(['one: Read only until noon', 'other: Read only until noon']);
    expect(upstream.calls()).toHaveLength(1);
  });

  it('repeat the call whose token is refused once for all', async () => {
    const { upstream, client, logIns } = await scollect(({ headers }) =>
      headers['authorization'] === `Bearer ${jwt({ iat: 0, exp: 900, n: 1 })}`
        ? { status: 401, json: {} }
        : account,
    );
    await Promise.all(Array.from({ length: 20 }, () => client.call(getaccount, R1000)));
    expect([logIns(), upstream.calls().length]).toEqual([2, 2]);
  });

  it('go on for the others when one of them is given up', async () => {
    const { upstream, client, arrived, release } = await held();
    const leaving = new AbortController();
    const left = client.call(getaccount, R1000, { signal: leaving.signal });
    const stays = client.call(getaccount, R1000);
    await arrived(1);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'UnavailableError' });
    release();
    expect(await stays).toEqual({ filenumber: 'R1000', nth: 1 });
    expect(upstream.calls()).toHaveLength(1);
  });

  it('end at the upstream when all of them are given up, and a later read is not one of them', async () => {
    const closed = vi.fn();
    const arrived = vi.fn();
    const server = createServer((request, response) => {
      request.socket.once('close', closed);
      arrived();
      if (arrived.mock.calls.length > 1) response.end(JSON.stringify({ data: { id: 1 } }));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { RECOVERY_CONNECT: client } = connect({
      recoveryConnect: { url: `http://127.0.0.1:${port}`, token: 't' },
    });
    const leaving = [new AbortController(), new AbortController()];
    const order = { params: { order_id: '1' } };
    const reads = leaving.map(({ signal }) => client.call(getOrder, order, { signal }));
    const failed = Promise.allSettled(reads);
    await vi.waitFor(() => expect(arrived).toHaveBeenCalledOnce());
    for (const one of leaving) one.abort();
    const later = client.call(getOrder, order);
    expect(await failed).toMatchObject(Array(2).fill({ reason: { name: 'UnavailableError' } }));
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
    expect(await later).toEqual({ id: 1 });
    expect(arrived).toHaveBeenCalledTimes(2);
  });

  it.each<readonly [string, Answer]>([
    ['carried out', done],
    ['declined', { status: 403, json: {} }],
    ['of unknown outcome', 'reset'],
  ])('are not those with a write in between (%s)', async (_, outcome) => {
    const { client, arrived, release } = await held(outcome);
    const before = client.call(getaccount, R1000);
    await arrived(1);
    await client.call(InsertNoteline, { params: {}, body: note }).catch(() => {});
    const after = [client.call(getaccount, R1000), client.call(getaccount, R1000)];
    await arrived(2);
    release();
    expect(await before).toMatchObject({ nth: 1 });
    expect(await Promise.all(after)).toMatchObject([{ nth: 2 }, { nth: 2 }]);
  });
});

describe('equal writes at one moment', () => {
  it('are sent each', async () => {
    const { upstream, client } = await scollect(() => done);
    const write = () => client.call(InsertNoteline, { params: {}, body: note });
    await Promise.all([write(), write(), write()]);
    expect(upstream.calls()).toEqual(['/InsertNoteline', '/InsertNoteline', '/InsertNoteline']);
  });
});

describe('a write that must be asked for before it is sent', () => {
  const note = { params: {}, body: { filenumber: 'R1', collectorname: 'c', logmessage: 'm' } };
  const done: Answer = { json: { result: { success: 'Noteline inserted successfully' }, state: 'SUCCESS' } };
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
    await client.call(InsertNoteline, note, { beforeSending });
    expect(order).toEqual(['asked after 1', '/InsertNoteline', 'asked after 3', '/InsertNoteline']);
  });

  it('is not sent where that fails', async () => {
    const { upstream, client } = await scollect(() => done);
    const beforeSending = () => Promise.reject(new Error('not any more'));
    await expect(client.call(InsertNoteline, note, { beforeSending })).rejects.toThrow('not any more');
    expect(upstream.calls()).toEqual([]);
  });
});
