import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drip, endless } from '../../src/sandbox/faults/deliveries.ts';
import type { FaultSwitch } from '../../src/sandbox/faults/switches.ts';
import { type Delivery, html, json, serve } from '../../src/sandbox/server.ts';
import { type Caller, parse, startCaller } from './caller.ts';
import { type Exchange, exchange, parts } from './raw.ts';
import { exchangeLogIn, exchangeWrite, type System, samples, systems, write } from './samples.ts';

type Fault = Omit<FaultSwitch, 'operation' | 'system'>;

const start = async (system: System, fault: Fault) => {
  const caller = await startCaller();
  const { operation, logIn, count } = samples[system];
  const before = await count(caller);
  caller.sandbox.faults.set([
    { ...fault, operation },
    { ...fault, operation: logIn },
  ]);
  return { caller, carriedOut: async () => (await count(caller)) - before };
};

const lengthIn = (head: string): number => Number(/^content-length: (\d+)$/im.exec(head)?.[1]);

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const calls: readonly (readonly [
  System,
  what: string,
  call: (caller: Caller, system: System) => Exchange,
  carriedOut: number,
])[] = systems.flatMap((system) => [
  [system, 'a write', exchangeWrite, 1],
  [system, 'a log-in', exchangeLogIn, 0],
]);

describe.each(calls)('of %s, %s', (system, _, call, writes) => {
  it('reset-in-headers', async () => {
    const { caller, carriedOut } = await start(system, { fault: 'reset-in-headers' });
    const { received, ended } = call(caller, system);
    expect(await ended).toBe('ECONNRESET');
    expect(received()).toBe('HTTP/1.1 200 OK\r\ncontent-type: application/json');
    expect(await carriedOut()).toBe(writes);
  });

  it('reset-in-body', async () => {
    const { caller, carriedOut } = await start(system, { fault: 'reset-in-body' });
    const { received, ended } = call(caller, system);
    expect(await ended).toBe('ECONNRESET');
    const [head, body] = parts(received());
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(body).toHaveLength(Math.floor(lengthIn(head) / 2));
    expect(await carriedOut()).toBe(writes);
  });

  it('stall-in-body', async () => {
    const { caller, carriedOut } = await start(system, { fault: 'stall-in-body' });
    const { received, size, ended } = call(caller, system);
    await expect.poll(() => received(1)).toBeDefined();
    const [head, body] = parts(received());
    expect(body).toHaveLength(Math.floor(lengthIn(head) / 2));
    const before = size();
    expect(await Promise.race([ended, pause(150)])).toBeUndefined();
    expect(size()).toBe(before);
    expect(await carriedOut()).toBe(writes);
  });

  it('drip', async () => {
    const { caller, carriedOut } = await start(system, { fault: 'drip', milliseconds: 1 });
    const begin = performance.now();
    const { received, ended } = call(caller, system);
    await expect.poll(() => received(1)).toBeDefined();
    expect(parse(parts(received())[1])).toBeUndefined();
    expect(await carriedOut()).toBe(writes);
    expect(await ended).toBe('closed');
    const [head, body] = parts(received());
    expect(body).toHaveLength(lengthIn(head));
    expect(parse(body)).toBeDefined();
    // A timer may be a little early.
    expect(performance.now() - begin).toBeGreaterThan(body.length * 0.9);
  });

  it('endless', async () => {
    const { caller, carriedOut } = await start(system, { fault: 'endless' });
    const { received, leave } = call(caller, system);
    // More than any buffer on the way holds.
    await expect.poll(() => received(50_000_000), { timeout: 20_000 }).toBeDefined();
    const [head, body] = parts(received());
    expect(head).toMatch(/^transfer-encoding: chunked$/im);
    expect(head).not.toMatch(/content-length/i);
    const [, begun = ''] = /^[\da-f]+\r\n(.*)\r\n[\da-f]+\r\n {1000}/.exec(body) ?? [];
    expect(parse(begun)).toBeUndefined();
    expect(parse(`${begun}}`)).toBeDefined();
    expect(await carriedOut()).toBe(writes);
    leave();
  });
});

describe.each(systems)('closing the sandbox, %s', (system) => {
  it.each<Fault>([{ fault: 'stall-in-body' }, { fault: 'drip', milliseconds: 300 }, { fault: 'endless' }])(
    'ends $fault at once',
    async (fault) => {
      const { caller } = await start(system, fault);
      const { received, ended } = exchangeWrite(caller, system);
      await expect.poll(() => received(1)).toBeDefined();
      const begin = performance.now();
      await caller.sandbox.close();
      await ended;
      expect(performance.now() - begin).toBeLessThan(1000);
    },
  );
});

describe('a client of an endless response', () => {
  it('does not delay other clients', async () => {
    const { caller } = await start('Scollect', { fault: 'endless' });
    const { received } = exchangeWrite(caller, 'Scollect');
    await expect.poll(() => received(1)).toBeDefined();
    expect((await write(caller, 'RecoveryConnect')).status).toBe(200);
  });
});

/** Serves one answer in a way of its own, and lets the test look at the server's end of it. */
const serveOnce = async (delivery: Delivery) => {
  let served: ServerResponse | undefined;
  const look: Delivery = (answer, response) => {
    served = response;
    delivery(answer, response);
  };
  const { url, close } = await serve(
    {
      respond: () => ({ answer: json({ text: 'abc' }), delivery: look }),
      bodyTooLarge: () => html('large', 413),
      broken: () => html('broken', 500),
    },
    '127.0.0.1',
    0,
  );
  onTestFinished(close);
  const response = (): ServerResponse => {
    if (!served) throw new Error('Nothing has been served');
    return served;
  };
  return { url, response };
};

describe('a response in parts', () => {
  it('is not written faster than the client reads', async () => {
    const { url, response } = await serveOnce(endless);
    const { pause: takeNothing, received } = exchange(url, 'GET', undefined);
    await expect.poll(() => received(1)).toBeDefined();
    takeNothing();
    const { socket } = response();
    const isHeldBack = async () => {
      const written = socket?.bytesWritten;
      await pause(100);
      return socket?.bytesWritten === written;
    };
    // Once the buffers on the way are full.
    await expect.poll(isHeldBack, { timeout: 10_000 }).toBe(true);
    expect(socket?.writableLength).toBeLessThan(2 ** 20);
  });

  it.each([
    ['drip', drip(1)],
    ['endless', endless],
  ])('%s stops when the client disconnects', async (_, delivery) => {
    const { url, response } = await serveOnce(delivery);
    const { leave, received } = exchange(url, 'GET', undefined);
    await expect.poll(() => received(1)).toBeDefined();
    leave();
    const left = response();
    await expect.poll(() => left.req.socket.destroyed).toBe(true);
    const sent: unknown[] = [];
    left.write = (chunk: unknown) => sent.push(chunk) > 0;
    await pause(50);
    expect(sent).toEqual([]);
  });

  it('has no body for HEAD', async () => {
    const { url } = await serveOnce(endless);
    const { received, ended } = exchange(url, 'HEAD', undefined);
    expect(await ended).toBe('closed');
    expect(parts(received())).toEqual([expect.stringMatching(/content-length: 14$/m), '']);
  });
});
