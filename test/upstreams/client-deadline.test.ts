import { getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRequestLives } from '../../src/request/request-life.ts';
import { getOrder } from '../../src/upstreams/recoveryconnect/orders.ts';
import { getaccount } from '../../src/upstreams/scollect/accounts.ts';
import { InsertNoteline } from '../../src/upstreams/scollect/notes.ts';
import type { UpstreamSettings } from '../../src/upstreams/upstreams.ts';
import { startUpstream } from '../support/upstream.ts';
import { account, connect, done, note, R1000, scollect } from './connected.ts';
import { answerJson, serveRaw } from './raw-server.ts';

/** What the calls of a request are given that may take so long. */
const request = (timeoutMs: number) => {
  const life = createRequestLives(timeoutMs).begin();
  onTestFinished(life.end);
  return { deadline: life.deadline, signal: life.signal };
};

/** A Scollect that holds its answers until they are released, then and later with an account or a note. */
const held = async (settings: Partial<UpstreamSettings> = {}) => {
  let release = (): void => {};
  const gate = new Promise<void>((open) => {
    release = open;
  });
  const one = await scollect(async ({ path }) => {
    await gate;
    return path === '/InsertNoteline' ? done : account;
  }, settings);
  const arrived = (count: number) => vi.waitFor(() => expect(one.upstream.calls()).toHaveLength(count));
  return { ...one, release, arrived };
};

const write = { params: {}, body: note };
const passed = { name: 'UpstreamTimeoutError', retryable: true };

describe('a write whose deadline passes', () => {
  it('before it begins is sent to nobody', async () => {
    const { client, upstream } = await scollect(() => done);
    const { deadline } = request(0);
    await vi.waitFor(() => expect(deadline.signal.aborted).toBe(true));
    await expect(client.call(InsertNoteline, write, { deadline })).rejects.toMatchObject(passed);
    expect(upstream.calls()).toEqual([]);
  });

  it.each([false, true])(
    'while it waits for its place is sent to nobody (outlives it: %s)',
    async (outlives) => {
      const { client, upstream, release, arrived } = await held({ maxConcurrency: 1 });
      const first = client.call(getaccount, R1000);
      await arrived(1);
      const options = { ...request(100), outlivesDeadline: outlives };
      await expect(client.call(InsertNoteline, write, options)).rejects.toMatchObject(passed);
      release();
      await first;
      // Its place is another's now.
      await client.call(getaccount, R1000);
      expect(upstream.calls()).toEqual(['/getaccount/R1000', '/getaccount/R1000']);
    },
  );

  it.each([false, true])(
    'while it waits for a log-in is sent to nobody (outlives it: %s)',
    async (outlives) => {
      let logIns = 0;
      let answer = (): void => {};
      const upstream = await startUpstream(async ({ path }) => {
        if (path !== '/login') return done;
        logIns += 1;
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return { json: { result: { access_token: 'opaque' }, state: 'SUCCESS' } };
      });
      const { SCOLLECT } = connect({ scollect: { url: upstream.url, apiKey: 'a', pin: 'b' } });
      const options = { ...request(200), outlivesDeadline: outlives };
      await expect(SCOLLECT.call(InsertNoteline, write, options)).rejects.toMatchObject(passed);
      // The log-in continues, and the next call uses its token.
      await vi.waitFor(() => expect(logIns).toBe(1));
      answer();
      expect(await SCOLLECT.call(InsertNoteline, write)).toMatch('successfully');
      expect([logIns, upstream.calls()]).toEqual([1, ['/InsertNoteline']]);
    },
  );

  it('while something is asked before it is sent is sent to nobody', async () => {
    const { client, upstream } = await scollect(() => done);
    let sending = Promise.resolve();
    const beforeSending = (): Promise<void> => {
      sending = new Promise((resolve) => setTimeout(resolve, 300));
      return sending;
    };
    const options = { ...request(100), beforeSending };
    await expect(client.call(InsertNoteline, write, options)).rejects.toMatchObject(passed);
    await sending;
    // What was sent after this one has arrived: so would it have.
    await client.call(InsertNoteline, write);
    expect(upstream.calls()).toHaveLength(1);
  });

  it('while it is in flight has an unknown outcome, and continues', async () => {
    const { client, upstream, release } = await held();
    const ended = vi.fn();
    const written = client.call(InsertNoteline, write, { ...request(300), onCall: () => ended });
    await expect(written).rejects.toMatchObject({ name: 'OutcomeUnknownError', retryable: false });
    expect(ended).not.toHaveBeenCalled();
    release();
    await vi.waitFor(() => expect(ended).toHaveBeenCalledExactlyOnceWith(200, 'ok'));
    expect(upstream.calls()).toEqual(['/InsertNoteline']);
  });

  it('while it is in flight is awaited by a caller with a later deadline', async () => {
    const { client, upstream, release, arrived } = await held();
    const options = request(200);
    const written = client.call(InsertNoteline, write, { ...options, outlivesDeadline: true });
    await arrived(1);
    await vi.waitFor(() => expect(options.deadline.signal.aborted).toBe(true));
    release();
    expect(await written).toMatch('successfully');
    expect(upstream.calls()).toEqual(['/InsertNoteline']);
  });
});

describe('a read whose deadline passes', () => {
  it('before it begins is sent to nobody', async () => {
    const { client, upstream } = await scollect(() => account);
    const options = request(0);
    await vi.waitFor(() => expect(options.signal.aborted).toBe(true));
    await expect(client.call(getaccount, R1000, options)).rejects.toMatchObject(passed);
    expect(upstream.calls()).toEqual([]);
  });

  it('while it is in flight is cancelled', async () => {
    const server = await serveRaw((socket, nth) => nth > 1 && answerJson(socket, { data: { id: nth } }));
    const { RECOVERY_CONNECT: client } = connect({ recoveryConnect: { url: server.url, token: 't' } });
    const order = { params: { order_id: '2' } };
    await expect(client.call(getOrder, order, request(200))).rejects.toMatchObject(passed);
    await vi.waitFor(() => expect(server.firstIsClosed()).toBe(true));
    expect(await client.call(getOrder, order)).toEqual({ id: 2 });
  });

  it('while it is in flight continues for a caller with a later deadline', async () => {
    const { client, upstream, release, arrived } = await held();
    const first = client.call(getaccount, R1000, request(300));
    const longer = client.call(getaccount, R1000, request(20_000));
    await expect(first).rejects.toMatchObject(passed);
    await arrived(1);
    release();
    expect(await longer).toEqual({ filenumber: 'R1000' });
    expect(upstream.calls()).toEqual(['/getaccount/R1000']);
  });

  it('while it waits for its place waits on for one who waits longer', async () => {
    const { client, upstream, release, arrived } = await held({ maxConcurrency: 1 });
    const other = client.call(getaccount, { params: { filenumber: 'R1' } });
    await arrived(1);
    const first = client.call(getaccount, R1000, request(100));
    const longer = client.call(getaccount, R1000, request(20_000));
    await expect(first).rejects.toMatchObject(passed);
    release();
    await other;
    expect(await longer).toEqual({ filenumber: 'R1000' });
    expect(upstream.calls()).toEqual(['/getaccount/R1', '/getaccount/R1000']);
  });

  it('while it waits for its place is waited for by nobody', async () => {
    const { client, upstream, release, arrived } = await held({ maxConcurrency: 1 });
    const other = client.call(getaccount, { params: { filenumber: 'R1' } });
    await arrived(1);
    await expect(client.call(getaccount, R1000, request(100))).rejects.toMatchObject(passed);
    expect(client.state()).toMatchObject({ inFlight: 1, waiting: 0 });
    release();
    await other;
    expect(upstream.calls()).toEqual(['/getaccount/R1']);
  });
});

describe('the calls of one request', () => {
  it('leave nothing behind on its deadline, and are no leak to Node', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const { client } = await scollect(({ path }) => (path === '/InsertNoteline' ? done : account), {
      maxConcurrency: 2,
    });
    const options = request(20_000);
    const listens = [
      vi.spyOn(options.signal, 'addEventListener'),
      vi.spyOn(options.signal, 'removeEventListener'),
    ];
    const all = Array.from({ length: 30 }, (_, n) => [
      client.call(getaccount, { params: { filenumber: `R${n}` } }, options),
      client.call(InsertNoteline, write, options),
    ]);
    await Promise.all(all.flat());
    const [begun = [], ended = []] = listens.map(({ mock }) => mock.calls.map(([, listener]) => listener));
    expect([begun.length, new Set(begun)]).toEqual([30, new Set(ended)]);
    expect(getEventListeners(options.deadline.signal, 'abort')).toEqual([]);
    await new Promise(setImmediate);
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('do not keep those of another waiting, however many they are', async () => {
    const order: string[] = [];
    const { client } = await scollect(
      ({ path }) => {
        order.push(path);
        return account;
      },
      { maxConcurrency: 2 },
    );
    const [many, other] = [request(20_000), request(20_000)];
    const all = Array.from({ length: 300 }, (_, n) =>
      client.call(getaccount, { params: { filenumber: `R${n}` } }, many),
    );
    await client.call(getaccount, { params: { filenumber: 'other' } }, other);
    // Two were in flight before, and two may have been sent at the same moment.
    expect(order.indexOf('/getaccount/other')).toBeLessThan(6);
    await Promise.all(all);
  });

  it('that join a call of another request start it at their own turn', async () => {
    const order: string[] = [];
    const { client } = await scollect(
      ({ path }) => {
        order.push(path);
        return account;
      },
      { maxConcurrency: 2 },
    );
    const [many, other] = [request(20_000), request(20_000)];
    const all = Array.from({ length: 300 }, (_, n) =>
      client.call(getaccount, { params: { filenumber: `R${n}` } }, many),
    );
    await client.call(getaccount, { params: { filenumber: 'R299' } }, other);
    expect(order.indexOf('/getaccount/R299')).toBeLessThan(6);
    await Promise.all(all);
    expect(order).toHaveLength(300);
  });
});
