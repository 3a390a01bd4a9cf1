import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { UpstreamClient } from '../../src/upstreams/client/client.ts';
import { filterOrders, getOrder } from '../../src/upstreams/recoveryconnect/orders.ts';
import { getaccount, searchbyphone } from '../../src/upstreams/scollect/accounts.ts';
import { InsertNoteline } from '../../src/upstreams/scollect/notes.ts';
import { getphones } from '../../src/upstreams/scollect/phones.ts';
import { type Answer, jwt } from '../support/upstream.ts';
import { account, connect, done, note, R1000, recoveryConnect, scollect } from './connected.ts';

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

  it('fail each with an error of its own after the same tries, and the next read calls again', async () => {
    let calls = 0;
    const { client } = await scollect(() => {
      calls += 1;
      return calls <= 3 ? 'reset' : account;
    });
    const read = () => client.call(getaccount, R1000);
    const failed = await Promise.allSettled([read(), read(), read()]);
    const reasons = failed.map((one) => one.status === 'rejected' && one.reason);
    expect(reasons).toMatchObject(
      Array(3).fill({ name: 'UnavailableError', call: { operation: 'getaccount' } }),
    );
    expect([new Set(reasons).size, calls]).toEqual([3, 3]);
    expect(await read()).toEqual({ filenumber: 'R1000' });
    expect(calls).toBe(4);
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
      () => ({ json: { data: [{ id: 1 }], warnings: ['Data of today is incomplete'] } }),
      { token: 't' },
    );
    const heard: string[] = [];
    const read = (name: string) =>
      client.call(filterOrders, { params: {} }, { onWarning: (_, text) => heard.push(`${name}: ${text}`) });
    await Promise.all([read('one'), read('other')]);
    expect(heard.sort()).toEqual(['one: Data of today is incomplete', 'other: Data of today is incomplete']);
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

  it('continue for the others when one caller cancels', async () => {
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
    ['executed', done],
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
