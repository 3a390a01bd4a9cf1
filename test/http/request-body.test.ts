import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorLog, startGateway } from '../support/gateway.ts';
import { serveRaw } from '../support/raw-http.ts';

const body = JSON.stringify({ query: '{ account(fileNumber: "R1001") { client } }' });

const start = async () => {
  const errors: unknown[] = [];
  const started = await startGateway({ log: errorLog((fields) => errors.push(fields)) });
  const { port } = await serveRaw(started);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ports = new Set<number | undefined>();
  /** Sends a body in chunks, without its length, over one connection. */
  const send = async (chunks: readonly string[]): Promise<{ status: number; body: string }> => {
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const sent = request({ port, host: '127.0.0.1', agent, method: 'POST', path: '/graphql', headers });
    const responded = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).once('error', reject);
    });
    sent.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => ports.add(socket.localPort));
      else ports.add(socket.localPort);
    });
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
    const response = await responded;
    return { status: response.statusCode ?? 0, body: await text(response) };
  };
  return { ...started, port, send, errors, ports };
};

describe('a body without a length', () => {
  it('is read, by graphql-yoga or directly', async () => {
    const { send, metrics } = await start();
    for (const direct of [0, 1]) {
      const response = await send([body.slice(0, 5), body.slice(5), ' ']);
      expect(response).toMatchObject({ status: 200, body: expect.stringContaining('"client"') });
      expect(await metrics.read()).toContain(`\nrecollect_fast_path_queries_total ${direct}\n`);
    }
  });

  it('may be a megabyte, and no more; the connection remains usable', async () => {
    const { send, ports, calls } = await start();
    const filler = ' '.repeat(1_000_000 - body.length);
    expect((await send([body, filler])).status).toBe(200);
    for (const beyond of [' ', ' '.repeat(3_000_000)]) {
      expect(await send([body, filler, beyond])).toMatchObject({
        status: 413,
        body: expect.stringContaining('REQUEST_ENTITY_TOO_LARGE'),
      });
    }
    expect((await send([body])).status).toBe(200);
    expect(ports.size).toBe(1);
    expect(calls()).toHaveLength(2);
  });

  it('that is not complete is not executed', async () => {
    const { port, send, errors, calls, lives } = await start();
    const socket = connect(port, '127.0.0.1');
    const head =
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(`${head}${body.length.toString(16)}\r\n${body}\r\n`, () => socket.destroy());
    await closed;
    expect((await send([body])).status).toBe(200);
    expect([calls().length, lives.count(), errors]).toEqual([1, 0, []]);
  });
});
