import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DeadlineError } from '../../src/lib/deadline.ts';
import type { HttpOptions } from '../../src/upstreams/client/http.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { answerJson, chunk, get, head, oneConnection, post, serveRaw } from './raw-server.ts';

/** A server that handles the first request as given, answers each further one with its number, and a pool for it. */
const setUp = async (first: (socket: Socket) => void, options: Partial<HttpOptions> = {}) => {
  const server = await serveRaw((socket, nth) => (nth === 1 ? first(socket) : answerJson(socket, { nth })));
  const http = oneConnection(server.url, options);
  return { http, server };
};

const every = (milliseconds: number, act: () => void, socket: Socket): void => {
  const timer = setInterval(act, milliseconds);
  socket.once('close', () => clearInterval(timer));
};

const never = (): void => {};

describe('an answer', () => {
  it('is its status, its headers and its JSON', async () => {
    const { http } = await setUp((socket) => socket.write(`${head(8, 'X-One: 1\r\n')}{"a": 1}`));
    const reply = await http.send(get);
    expect(reply).toEqual({ status: 200, headers: { 'content-length': '8', 'x-one': '1' }, json: { a: 1 } });
  });

  it.each([
    ['whose length is stated', (socket: Socket) => socket.write(`${head(1000)}"${'a'.repeat(998)}"`)],
    [
      'in chunks',
      (socket: Socket) =>
        socket.write(Buffer.concat([head(), chunk(`"${'a'.repeat(998)}"`), chunk('')].map(Buffer.from))),
    ],
  ])('may have just as many bytes as it may (%s)', async (_, answer) => {
    const { http } = await setUp(answer, { maxResponseBytes: 1000 });
    expect((await http.send(get)).json).toBe('a'.repeat(998));
  });

  it('keeps characters whole that are cut where its chunks end', async () => {
    const text = 'ü€😀é'.repeat(20);
    const { http } = await setUp((socket) => {
      const bytes = [...Buffer.from(JSON.stringify(text))].map((byte) => chunk(Buffer.of(byte)));
      socket.write(head());
      for (const one of bytes) socket.write(one);
      socket.write(chunk(''));
    });
    expect((await http.send(get)).json).toBe(text);
  });

  it('that is compressed without being requested is not decompressed, and no JSON', async () => {
    // A small answer that would be a large one.
    const compressed = gzipSync(JSON.stringify('a'.repeat(100_000)));
    const { http } = await setUp(
      (socket) => {
        socket.write(head(compressed.length, 'content-encoding: gzip\r\n'));
        socket.write(compressed);
      },
      { maxResponseBytes: 10_000 },
    );
    expect(await http.send(get)).toMatchObject({ status: 200, json: undefined });
  });

  it.each(['', '<h1>no</h1>', '{"a": 1'])('that is not JSON is none (%s)', async (body) => {
    const { http } = await setUp((socket) => socket.write(head(body.length) + body));
    expect(await http.send(get)).toMatchObject({ status: 200, json: undefined });
  });

  it('is the last of several heads, the others of which only announce it', async () => {
    const { http } = await setUp((socket) => {
      socket.write('HTTP/1.1 102 Processing\r\nretry-after: 9\r\n\r\n');
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
      answerJson(socket, { a: 1 });
    });
    const { status, headers, json } = await http.send(get);
    expect({ status, headers, json }).toEqual({
      status: 200,
      headers: { 'content-length': '7' },
      json: { a: 1 },
    });
    expect((await http.send(get)).json).toEqual({ nth: 2 });
  });
});

const brokenOff: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['nothing', never],
  ['a part of the head', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-le')],
  ['the head', (socket) => socket.write(head(100))],
  ['a part of the body', (socket) => socket.write(`${head(100)}{"a": `)],
  ['some chunks', (socket) => socket.write(Buffer.concat([head(), chunk('[1')].map(Buffer.from)))],
];

describe('an exchange without a whole answer', () => {
  const ends: readonly (readonly [string, (socket: Socket) => void])[] = [
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['a close', (socket) => socket.end()],
  ];
  const losses = ends.flatMap(([end, cut]) =>
    brokenOff.map(([what, write]) => [end, what, write, cut] as const),
  );

  it.each(losses)('that ends in %s after %s is lost, and may have been sent', async (_, __, write, cut) => {
    const { http, server } = await setUp((socket) => {
      write(socket);
      // What was written is to be read before.
      setTimeout(() => cut(socket), 30);
    });
    await expect(http.send(post)).rejects.toMatchObject({
      name: 'TransportError',
      loss: 'lost',
      mayBeSent: true,
    });
    expect(server.requests).toHaveLength(1);
    expect((await http.send(get)).json).toEqual({ nth: 2 });
  });

  it.each([
    // HTTP allows it; undici takes it for a fault.
    ['begins with a 100 that nobody asked for', `HTTP/1.1 100 Continue\r\n\r\n${head(2)}{}`],
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['states two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n1'],
    ['contains a chunk without a length', `${head()}xyz\r\n`],
  ])('whose answer %s is lost, and may have been sent', async (_, answer) => {
    const { http } = await setUp((socket) => socket.write(answer));
    await expect(http.send(get)).rejects.toMatchObject({ loss: 'lost', mayBeSent: true });
    expect((await http.send(get)).json).toEqual({ nth: 2 });
  });

  it.each(brokenOff)('is cut at its limit where only %s came', async (_, write) => {
    const { http, server } = await setUp(write, { timeoutMs: 300 });
    const begin = performance.now();
    await expect(http.send(get)).rejects.toMatchObject({ loss: 'timeout', mayBeSent: true });
    expect(performance.now() - begin).toBeGreaterThan(290);
    await vi.waitFor(() => expect(server.firstIsClosed()).toBe(true));
    expect((await http.send(get)).json).toEqual({ nth: 2 });
  });

  it.each([
    ['bytes', (socket: Socket) => every(20, () => socket.write('a'), socket), head(900)],
    [
      'lines of its head',
      (socket: Socket) => every(20, () => socket.write('a: 1\r\n'), socket),
      head().slice(0, -2),
    ],
    ['chunks', (socket: Socket) => every(20, () => socket.write(chunk('a')), socket), head()],
  ])('is cut at its limit however long the answer drips (%s)', async (_, drip, begin) => {
    const { http, server } = await setUp(
      (socket) => {
        socket.write(begin);
        drip(socket);
      },
      { timeoutMs: 400 },
    );
    await expect(http.send(get)).rejects.toMatchObject({ loss: 'timeout', mayBeSent: true });
    await vi.waitFor(() => expect(server.firstIsClosed()).toBe(true));
    expect((await http.send(get)).json).toEqual({ nth: 2 });
  });

  it('is cancelled as soon as its head states too large a length', async () => {
    const { http, server } = await setUp((socket) => socket.write(head(1001)), { maxResponseBytes: 1000 });
    await expect(http.send(get)).rejects.toMatchObject({ loss: 'tooLarge', mayBeSent: true });
    await vi.waitFor(() => expect(server.firstIsClosed()).toBe(true));
    expect((await http.send(get)).json).toEqual({ nth: 2 });
  });

  it('is given up as soon as too much came', async () => {
    let written = 0;
    const endless = (socket: Socket): void => {
      socket.write(head());
      const more = chunk('a'.repeat(10_000));
      const write = (): void => {
        written += 10_000;
      };
      every(1, () => socket.write(more, write), socket);
    };
    const { http, server } = await setUp(endless, { maxResponseBytes: 1_000_000 });
    await expect(http.send(get)).rejects.toMatchObject({ loss: 'tooLarge', mayBeSent: true });
    await vi.waitFor(() => expect(server.firstIsClosed()).toBe(true));
    expect(written).toBeLessThan(20_000_000);
    expect((await http.send(get)).json).toEqual({ nth: 2 });
  });

  it('is cancelled if concurrent responses already use four times the limit', async () => {
    const almost = `"${'a'.repeat(898)}"`;
    const held: Socket[] = [];
    const server = await serveRaw((socket, nth) => {
      held.push(socket);
      // All but the last character of each of the first five.
      socket.write(nth <= 5 ? head(900) + almost.slice(0, -1) : head(900) + almost);
    });
    const http = oneConnection(server.url, { connections: 5, maxResponseBytes: 1000 });
    const endings = Promise.allSettled(Array.from({ length: 5 }, () => http.send(get)));
    await vi.waitFor(() => expect(held.filter(({ closed }) => closed)).toHaveLength(1));
    for (const socket of held) if (!socket.closed) socket.write('"');
    const lost = (await endings).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(lost).toMatchObject([{ loss: 'crowded', mayBeSent: true }]);
    // Each that ends leaves its room to others.
    for (let n = 0; n < 10; n += 1) expect((await http.send(get)).status).toBe(200);
  });

  it('of an ordinary answer may be an eighth of a large one', async () => {
    const { http } = await setUp((socket) => answerJson(socket, 'a'.repeat(124)), { maxResponseBytes: 1000 });
    const ordinary = { ...get, isLarge: false };
    await expect(http.send(ordinary)).rejects.toMatchObject({ loss: 'tooLarge' });
    expect((await http.send(ordinary)).json).toEqual({ nth: 2 });
  });

  it('is given up where it has more values than any answer, however short they are', async () => {
    const dense = `[${'{},'.repeat(2_000_001)}0]`;
    const { http } = await setUp((socket) => socket.write(head(dense.length) + dense), {
      maxResponseBytes: 10_000_000,
    });
    await expect(http.send(get)).rejects.toMatchObject({ loss: 'tooLarge' });
    expect((await http.send(get)).json).toEqual({ nth: 2 });
  });

  it('over a connection that was kept and had gone is lost, and not sent again', async () => {
    const server = await serveRaw((socket, nth) => answerJson(socket, { nth }));
    const proxy = await startFaultProxy(server.url);
    onTestFinished(() => proxy.close());
    const http = oneConnection(proxy.url);
    await http.send(get);
    proxy.set({ kind: 'reset-reused' });
    await expect(http.send(post)).rejects.toMatchObject({ loss: 'lost', mayBeSent: true });
    expect([proxy.seen.exchanges, server.requests.length]).toEqual([2, 1]);
    expect((await http.send(get)).json).toEqual({ nth: 2 });
  });
});

describe('an exchange that is given up', () => {
  it.each([
    [undefined, 'left'],
    [new DeadlineError(), 'late'],
  ])('before it begins sends nothing (%s)', async (reason, loss) => {
    const { http, server } = await setUp(never);
    const given = http.send({ ...get, signal: AbortSignal.abort(reason) });
    await expect(given).rejects.toMatchObject({ name: 'TransportError', loss, mayBeSent: false });
    expect(server.requests).toEqual([]);
  });

  it('drops its connection, and its late answer is nobody’s', async () => {
    const leaving = new AbortController();
    const { http, server } = await setUp((socket) => {
      leaving.abort();
      setTimeout(() => answerJson(socket, { late: true }), 100);
    });
    const given = http.send({ ...get, signal: leaving.signal });
    await expect(given).rejects.toMatchObject({ loss: 'left', mayBeSent: true });
    await vi.waitFor(() => expect(server.firstIsClosed()).toBe(true));
    expect((await http.send(get)).json).toEqual({ nth: 2 });
  });

  it('after its answer keeps its connection', async () => {
    const leaving = new AbortController();
    const { http, server } = await setUp((socket) => answerJson(socket, { nth: 1 }));
    expect((await http.send({ ...get, signal: leaving.signal })).json).toEqual({ nth: 1 });
    leaving.abort();
    expect((await http.send(get)).json).toEqual({ nth: 2 });
    expect(server.connections()).toBe(1);
  });
});
