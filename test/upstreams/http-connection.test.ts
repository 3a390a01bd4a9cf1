import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { answerJson, get, oneConnection, post, serveRaw } from './raw-server.ts';

// It sleeps for good, so that nobody accepts what the system takes in its stead.
const sleeper = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });`;

/** A port at which so many wait already that further connections are neither made nor refused. */
const fullPort = async (): Promise<number> => {
  const worker = new Worker(sleeper, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const sockets = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await worker.terminate();
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  return port;
};

describe('an exchange that has no connection', () => {
  it.each([
    ['is refused', async () => `http://127.0.0.1:${await freePort()}`],
    ['has no address', async () => 'http://does-not-exist.invalid'],
  ])('that %s fails, and was certainly not sent', async (_, address) => {
    const http = oneConnection(await address());
    for (const request of [get, post]) {
      await expect(http.send(request)).rejects.toMatchObject({
        name: 'TransportError',
        loss: 'lost',
        mayBeSent: false,
      });
    }
  });

  it('that nobody accepts fails at its time limit, and was certainly not sent', async () => {
    const http = oneConnection(`http://127.0.0.1:${await fullPort()}`, { timeoutMs: 300 });
    await expect(http.send(post)).rejects.toMatchObject({ loss: 'timeout', mayBeSent: false });
  });

  it('since another has it waits until its limit, and is never sent', async () => {
    const server = await serveRaw((socket, nth) => {
      if (nth > 1) answerJson(socket, { nth });
    });
    const http = oneConnection(server.url, { timeoutMs: 300 });
    const both = await Promise.allSettled([http.send(get), http.send(post)]);
    expect(both).toMatchObject([
      { reason: { loss: 'timeout', mayBeSent: true } },
      { reason: { loss: 'timeout', mayBeSent: false } },
    ]);
    expect((await http.send(get)).json).toEqual({ nth: 2 });
    expect(server.requests.map((text) => text.slice(0, 4))).toEqual(['GET ', 'GET ']);
  });

  it('since another has it and is given up meanwhile is never sent', async () => {
    const leaving = new AbortController();
    let release = (): void => {};
    const server = await serveRaw((socket, nth) => {
      release = () => answerJson(socket, { nth });
      if (nth === 1) leaving.abort();
      else release();
    });
    const http = oneConnection(server.url);
    const first = http.send(get);
    const given = http.send({ ...post, signal: leaving.signal });
    await expect(given).rejects.toMatchObject({ loss: 'left', mayBeSent: false });
    release();
    expect((await first).json).toEqual({ nth: 1 });
    expect((await http.send(get)).json).toEqual({ nth: 2 });
    expect(server.requests.map((text) => text.slice(0, 4))).toEqual(['GET ', 'GET ']);
  });
});

describe('a pool that is closed', () => {
  it('waits for the exchanges in flight, and then has no connection', async () => {
    const server = await serveRaw((socket, nth) => setTimeout(() => answerJson(socket, { nth }), 100));
    const http = oneConnection(server.url);
    const inFlight = http.send(get);
    await http.close();
    expect((await inFlight).json).toEqual({ nth: 1 });
    await expect(http.send(get)).rejects.toMatchObject({ loss: 'lost', mayBeSent: false });
    expect(server.requests).toHaveLength(1);
  });
});
