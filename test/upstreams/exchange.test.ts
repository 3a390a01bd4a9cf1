import { setTimeout as pause } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { LightAbortSignal } from '../../src/lib/abort-signal.ts';
import { TimeoutQueue } from '../../src/lib/timeout-queue.ts';
import { Exchange, ResponseSpace } from '../../src/upstreams/client/exchange.ts';
import { TransportError } from '../../src/upstreams/client/transport-error.ts';
import { collectGarbage } from '../support/collect-garbage.ts';

const connection = { aborted: false, abort: () => {} } as unknown as Dispatcher.DispatchController;

const bytes = 1000;

const begin = (
  end: (exchange: Exchange, signal: LightAbortSignal) => void,
  controller = connection,
  timeoutMs = 60_000,
) => {
  const space = new ResponseSpace(bytes);
  const signal = new LightAbortSignal();
  const settled: unknown[] = [];
  const resolve = (reply: unknown): void => void settled.push(reply);
  const reject = (error: unknown): void => void settled.push(error);
  const request = { signal, parse: JSON.parse };
  const limits = { timeouts: new TimeoutQueue(timeoutMs), maxBytes: bytes, space };
  const exchange = new Exchange(request, limits, resolve, reject);
  exchange.onRequestStart(connection);
  exchange.onResponseStart(controller, 200, { 'x-part': 'head' });
  exchange.onResponseData(connection, Buffer.from('{"a":1}'));
  end(exchange, signal);
  return { exchange, space, settled, held: [request, resolve, reject].map((each) => new WeakRef(each)) };
};

const ends: readonly (readonly [string, (exchange: Exchange, signal: LightAbortSignal) => void, unknown])[] =
  [
    [
      'its answer',
      (exchange) => exchange.onResponseEnd(),
      { status: 200, headers: { 'x-part': 'head' }, json: { a: 1 } },
    ],
    [
      'a lost connection',
      (exchange) => exchange.onResponseError(connection, new Error('reset')),
      expect.any(TransportError),
    ],
    ['nobody who waits', (_, signal) => signal.abort(), expect.any(TransportError)],
  ];

describe('an exchange', () => {
  it('lets go of the raw headers of its answer, which hold all that they came in with', () => {
    const controller: Dispatcher.DispatchController = { ...connection, rawHeaders: [Buffer.from('x-part')] };
    const { settled } = begin((exchange) => exchange.onResponseEnd(), controller);
    expect(controller.rawHeaders).toBeNull();
    expect(settled).toMatchObject([{ headers: { 'x-part': 'head' } }]);
  });
});

describe('an exchange whose time passes', () => {
  const block = (milliseconds: number): void => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  };

  it('ends with its answer where that came while the process was busy', async () => {
    const { exchange, settled } = begin(() => {}, connection, 100);
    block(300);
    await new Promise<void>((resolve) => {
      // Behind the timers that are late, as what has come over a connection.
      setTimeout(() => setImmediate(resolve), 0);
    });
    exchange.onResponseEnd();
    await pause(400);
    expect(settled).toMatchObject([{ status: 200 }]);
  });

  it('fails where no answer came', async () => {
    const { settled } = begin(() => {}, connection, 50);
    block(200);
    while (settled.length === 0) await pause(10);
    expect(settled).toMatchObject([{ loss: 'timeout' }]);
  });
});

describe('an exchange that has ended', () => {
  it.each(ends)('with %s is settled once, whatever comes later', (_, end, outcome) => {
    const { exchange, settled } = begin((one, signal) => {
      end(one, signal);
      signal.abort();
    });
    exchange.onResponseData(connection, Buffer.from('more'));
    exchange.onResponseEnd();
    exchange.onResponseError(connection, new Error('late'));
    expect(settled).toEqual([outcome]);
  });

  it.each(ends)('with %s gives back the room of its answer', (_, end) => {
    expect(begin(end).space.take(bytes)).toBe(true);
  });

  it.each(ends)('with %s holds nothing of it, however long it is held itself', async (_, end) => {
    const { exchange, held } = begin(end);
    await pause(10);
    collectGarbage();
    expect(held.map((each) => each.deref())).toEqual([undefined, undefined, undefined]);
    expect(exchange).toBeInstanceOf(Exchange);
  });
});
