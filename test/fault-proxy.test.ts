import { once } from 'node:events';
import { createServer, Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { type FaultProxy, startFaultProxy, type Trouble } from './support/fault-proxy.ts';

const large = Buffer.alloc(5 * 1024 * 1024, 'recollect');

interface Setup {
  readonly proxy: FaultProxy;
  /** The bodies of all requests that reached the server. */
  readonly received: string[];
  /** How many connections reached it. */
  readonly accepted: () => number;
  /** How much it wrote of endless answers. */
  readonly written: () => number;
  /** Asks over at most one connection, which is kept alive, and gives the answer's body or how the call failed. */
  readonly ask: (path?: string, body?: Buffer) => Promise<string>;
}

/** A server, a proxy before it, and a client, until the test ends. */
const setUp = async (trouble: Trouble = { kind: 'none' }): Promise<Setup> => {
  const received: string[] = [];
  let accepted = 0;
  let written = 0;
  const endless = function* (): Generator<Buffer> {
    for (;;) {
      written += large.length;
      yield large;
    }
  };
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    received.push(body);
    if (request.url === '/bye') response.setHeader('connection', 'close');
    if (request.url === '/echo') response.end(body);
    else if (request.url === '/large') response.end(large);
    else if (request.url === '/endless') Readable.from(endless()).pipe(response);
    else if (request.url === '/broken') request.socket.resetAndDestroy();
    else response.end('hello');
  }).on('connection', () => {
    accepted += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startFaultProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  proxy.set(trouble);
  const dispatcher = new Agent({ connections: 1, headersTimeout: 500, bodyTimeout: 500 });
  onTestFinished(async () => {
    await dispatcher.destroy();
    await proxy.close();
    server.closeAllConnections();
    server.close();
  });
  const ask = async (path = '/', body?: Buffer): Promise<string> => {
    try {
      const answer = await request(proxy.url + path, {
        dispatcher,
        ...(body === undefined ? {} : { method: 'POST', body }),
      });
      return await answer.body.text();
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    }
  };
  return { proxy, received, accepted: () => accepted, written: () => written, ask };
};

interface Heard {
  readonly bytes: Buffer;
  readonly end: 'FIN' | 'RST' | 'none';
}

/** What the bare socket of a client hears after it sent one request, at most for so long. */
const hear = async ({ proxy }: Setup, path = '/', milliseconds = 5_000): Promise<Heard> => {
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const end = Promise.race([
    once(socket, 'end').then(
      () => 'FIN' as const,
      (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? ('RST' as const) : ('none' as const)),
    ),
    pause(milliseconds, 'none' as const),
  ]);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: upstream\r\n\r\n`);
  const how = await end;
  socket.destroy();
  return { bytes: Buffer.concat(chunks), end: how };
};

/** Whether it holds before long. */
const soon = (isSo: () => boolean) => expect.poll(isSo, { interval: 5 }).toBe(true);

test('Without trouble everything passes, over the same connections', async () => {
  const { proxy, ask, accepted } = await setUp();
  expect(await ask()).toBe('hello');
  expect(await ask('/large')).toBe(large.toString());
  expect(await ask('/echo', large)).toBe(large.toString());
  expect(proxy.seen).toEqual({ exchanges: 3, open: 1, connections: 1 });
  expect(accepted()).toBe(1);
});

test('Without trouble the end of either side passes', async () => {
  const { proxy, ask, accepted } = await setUp();
  expect(await ask('/bye')).toBe('hello');
  await soon(() => proxy.seen.open === 0);
  expect(await ask('/broken')).toBe('ECONNRESET');
  await soon(() => proxy.seen.open === 0);
  expect(await ask()).toBe('hello');
  expect(accepted()).toBe(3);
});

test('A client of node:http keeps its connection', async () => {
  const { proxy } = await setUp();
  const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ask = async (path: string): Promise<Buffer> => {
    const [answer] = (await once(httpGet(proxy.url + path, { agent }), 'response')) as [IncomingMessage];
    return buffer(answer);
  };
  expect((await ask('/large')).equals(large)).toBe(true);
  expect(String(await ask('/'))).toBe('hello');
  expect(proxy.seen).toEqual({ exchanges: 2, open: 1, connections: 1 });
  proxy.set({ kind: 'reset-reused' });
  await expect(ask('/')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(String(await ask('/'))).toBe('hello');
});

test('An answer waits for a client that does not read', async () => {
  const { proxy, written } = await setUp();
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1').pause();
  onTestFinished(() => {
    socket.destroy();
  });
  socket.write('GET /endless HTTP/1.1\r\nhost: upstream\r\n\r\n');
  /** What the server has written when it could not continue for a while. */
  const standstill = async (): Promise<number> => {
    for (let before = -1; before !== written(); ) {
      before = written();
      await pause(100);
    }
    return written();
  };
  await soon(() => written() > 0);
  const before = await standstill();
  socket.resume();
  await soon(() => written() > 2 * before);
  socket.pause();
  await standstill();
});

test('A reset at connect', async () => {
  const setup = await setUp({ kind: 'reset-at-connect' });
  expect(await hear(setup)).toEqual({ bytes: Buffer.alloc(0), end: 'RST' });
  expect(await setup.ask()).toBe('ECONNRESET');
  expect(setup.proxy.seen).toEqual({ exchanges: 0, open: 0, connections: 2 });
  expect(setup.accepted()).toBe(0);
});

test('A reset on a request, of which nothing arrives', async () => {
  const setup = await setUp({ kind: 'reset-on-request' });
  expect(await hear(setup)).toEqual({ bytes: Buffer.alloc(0), end: 'RST' });
  expect(await setup.ask('/echo', Buffer.from('lost'))).toBe('ECONNRESET');
  expect(setup.proxy.seen).toEqual({ exchanges: 2, open: 0, connections: 2 });
  expect(setup.received).toEqual([]);
});

test.each([0, 1, 20, 1_000_000])('A reset after %i bytes', async (bytes) => {
  const setup = await setUp({ kind: 'reset-after', bytes });
  const heard = await hear(setup, '/large');
  expect([heard.bytes.length, heard.end]).toEqual([bytes, 'RST']);
  expect(await setup.ask('/large')).toBe('ECONNRESET');
  expect(setup.received).toHaveLength(2);
  await soon(() => setup.proxy.seen.open === 0);
});

test.each([0, 20, 1_000_000])('A close after %i bytes', async (bytes) => {
  const setup = await setUp({ kind: 'close-after', bytes });
  const heard = await hear(setup, '/large');
  expect([heard.bytes.length, heard.end]).toEqual([bytes, 'FIN']);
  expect(await setup.ask('/large')).toBe('UND_ERR_SOCKET');
  expect(setup.received).toHaveLength(2);
  await soon(() => setup.proxy.seen.open === 0);
});

test('Bytes count within each answer', async () => {
  const setup = await setUp();
  // The client's answers are as long as this one.
  const { length } = (await hear(setup, '/', 200)).bytes;
  setup.proxy.set({ kind: 'reset-after', bytes: length + 1 });
  for (let asked = 0; asked < 3; asked += 1) expect(await setup.ask()).toBe('hello');
  expect(await setup.ask('/large')).toBe('ECONNRESET');
  expect(setup.proxy.seen).toMatchObject({ exchanges: 5, connections: 2 });
});

test('A stall, which lasts for those that lost bytes', async () => {
  const setup = await setUp({ kind: 'stall' });
  expect(await hear(setup, '/', 300)).toEqual({ bytes: Buffer.alloc(0), end: 'none' });
  const asked = setup.ask();
  await soon(() => setup.proxy.seen.exchanges === 2);
  setup.proxy.set({ kind: 'none' });
  expect(await asked).toBe('UND_ERR_HEADERS_TIMEOUT');
  expect(setup.received).toEqual([]);
  expect(await setup.ask()).toBe('hello');
});

test('A stall amidst an answer, and an upstream that ends during one', async () => {
  const setup = await setUp({ kind: 'drip', milliseconds: 20 });
  const asked = setup.ask('/bye');
  await soon(() => setup.received.length === 1);
  setup.proxy.set({ kind: 'stall' });
  expect(await asked).toBe('UND_ERR_HEADERS_TIMEOUT');
  await soon(() => setup.proxy.seen.open === 0);
});

test.each([0, 1_000_000])('A stall after %i bytes', async (bytes) => {
  const setup = await setUp({ kind: 'stall-after', bytes });
  const heard = await hear(setup, '/large', 500);
  expect([heard.bytes.length, heard.end]).toEqual([bytes, 'none']);
  expect(await setup.ask('/large')).toBe(bytes > 0 ? 'UND_ERR_BODY_TIMEOUT' : 'UND_ERR_HEADERS_TIMEOUT');
  expect(setup.received).toHaveLength(2);
});

test('An answer that drips, until it may flow', async () => {
  const setup = await setUp({ kind: 'drip', milliseconds: 10 });
  const { bytes } = await hear(setup, '/large', 200);
  expect(bytes.length).toBeGreaterThan(2);
  expect(bytes.length).toBeLessThan(25);
  setup.proxy.set({ kind: 'drip', milliseconds: 60_000 });
  const asked = setup.ask('/large');
  await soon(() => setup.received.length === 2);
  setup.proxy.set({ kind: 'none' });
  expect(await asked).toBe(large.toString());
});

test('Latency keeps the order, and delays chunks side by side', async () => {
  const { proxy, ask } = await setUp({ kind: 'latency', milliseconds: 100 });
  const began = performance.now();
  expect(await ask()).toBe('hello');
  expect(performance.now() - began).toBeGreaterThan(95);
  expect(await ask('/echo', large)).toBe(large.toString());
  // One after another its chunks would take longer.
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(proxy.seen.connections).toBe(1);
});

test('A connection that is reset as it is reused', async () => {
  const { proxy, ask, received } = await setUp({ kind: 'reset-reused' });
  expect(await ask('/echo', Buffer.from('first'))).toBe('first');
  expect(await ask('/echo', Buffer.from('second'))).toBe('ECONNRESET');
  expect(await ask('/echo', Buffer.from('third'))).toBe('third');
  expect(received).toEqual(['first', 'third']);
  expect(proxy.seen).toEqual({ exchanges: 3, open: 1, connections: 2 });
});

test.each<[Trouble, string, number]>([
  [{ kind: 'reset-at-connect' }, 'ECONNRESET', 1],
  [{ kind: 'reset-on-request' }, 'ECONNRESET', 1],
  [{ kind: 'reset-reused' }, 'ECONNRESET', 1],
  [{ kind: 'reset-after', bytes: 20 }, 'ECONNRESET', 2],
  [{ kind: 'close-after', bytes: 20 }, 'UND_ERR_SOCKET', 2],
  [{ kind: 'stall' }, 'UND_ERR_HEADERS_TIMEOUT', 1],
  [{ kind: 'stall-after', bytes: 20 }, 'UND_ERR_HEADERS_TIMEOUT', 2],
])('A connection that was kept alive gets $kind too', async (trouble, failure, calls) => {
  const { proxy, ask, received } = await setUp();
  expect(await ask()).toBe('hello');
  proxy.set(trouble);
  expect(await ask()).toBe(failure);
  expect(proxy.seen).toMatchObject({ exchanges: 2, connections: 1 });
  expect(received).toHaveLength(calls);
  proxy.set({ kind: 'none' });
  expect(await ask()).toBe('hello');
  expect(proxy.seen).toEqual({ exchanges: 3, open: 1, connections: 2 });
});

test('Refused connections, and the same port later', async () => {
  const { proxy, ask } = await setUp();
  expect(await ask()).toBe('hello');
  await proxy.refuse();
  await proxy.refuse();
  expect(proxy.seen.open).toBe(0);
  // The client learns that its connection was closed, and fails to open another.
  await pause(20);
  expect(await ask()).toBe('ECONNREFUSED');
  await proxy.resume();
  await proxy.resume();
  expect(await ask()).toBe('hello');
  expect(proxy.seen).toEqual({ exchanges: 2, open: 1, connections: 2 });
});

test('An upstream that refuses connections resets them', async () => {
  const { proxy } = await setUp();
  const before = await startFaultProxy(proxy.url);
  onTestFinished(() => before.close());
  await proxy.refuse();
  await expect(request(before.url)).rejects.toMatchObject({ code: 'ECONNRESET' });
  await soon(() => before.seen.open === 0);
});
