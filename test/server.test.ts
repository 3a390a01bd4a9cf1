import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type GatewayServer, serve } from '../src/http/server.ts';
import { collectGarbage } from './support/collect-garbage.ts';

const start = async (answer: RequestListener): Promise<GatewayServer> => {
  const server = await serve(answer, { port: 0, host: '127.0.0.1' });
  onTestFinished(() => {
    server.cut();
    void server.stop();
  });
  return server;
};

/** A client with one connection, which it keeps. */
const openClient = ({ address: { port } }: GatewayServer) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const sockets = new Set<Socket>();
  return {
    get: async (): Promise<{ readonly text: string; readonly connection: string | undefined }> => {
      const request = get({ port, host: '127.0.0.1', agent }).once('socket', (socket) => sockets.add(socket));
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return { text: await text(response), connection: response.headers.connection };
    },
    /** Over how many connections it has asked. */
    connections: () => sockets.size,
  };
};

/** A bare connection to the server, what came over it, and when it was closed. */
const openSocket = async ({ address: { port } }: GatewayServer) => {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk;
  });
  // However it is closed.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return { socket, received: () => received, closed: once(socket, 'close') };
};

/** A server that answers on request of the test only. */
const startHolding = async () => {
  const held: ServerResponse[] = [];
  let onHeld = (): void => {};
  const server = await start((_, response) => {
    held.push(response);
    onHeld();
  });
  const received = (): Promise<ServerResponse> =>
    new Promise((resolve) => {
      onHeld = () => {
        const response = held.shift();
        if (response) resolve(response);
      };
      onHeld();
    });
  return { server, received };
};

const isRefused = async ({ address: { port } }: GatewayServer): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
};

/** Whether something has happened by now. */
const watch = (event: Promise<unknown>): (() => boolean) => {
  let has = false;
  void event.then(() => {
    has = true;
  });
  return () => has;
};

const answerAtOnce: RequestListener = (_, response) => void response.end('answer');

describe('a server', () => {
  it('is not started on a port that is taken', async () => {
    const { address } = await start(answerAtOnce);
    const taken = serve(answerAtOnce, { port: address.port, host: '127.0.0.1' });
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('keeps connections while it is not stopped', async () => {
    const server = await start(answerAtOnce);
    const client = openClient(server);
    for (let asked = 0; asked < 3; asked += 1) {
      expect(await client.get()).toEqual({ text: 'answer', connection: 'keep-alive' });
    }
    expect(client.connections()).toBe(1);
    expect(server.isStopping()).toBe(false);
  });
});

describe('a server that announces its stop', () => {
  it('accepts connections, and closes only those from before after their next responses', async () => {
    const server = await start(answerAtOnce);
    const client = openClient(server);
    await client.get();
    server.announceStop();
    expect(server.isStopping()).toBe(true);
    const later = openClient(server);
    const connectionsOf = async ({ get: request }: typeof client) => [
      (await request()).connection,
      (await request()).connection,
    ];
    expect(await connectionsOf(client)).toEqual(['close', 'keep-alive']);
    expect(await connectionsOf(later)).toEqual(['keep-alive', 'keep-alive']);
    const stopped = server.stop();
    while (!(await isRefused(server))) await pause(1);
    expect((await later.get()).connection).toBe('close');
    await stopped;
  });
});

describe('a server that is stopped', () => {
  it('accepts no new connections as soon as it has accepted those that are established', async () => {
    const { server, received } = await startHolding();
    const asked = openClient(server).get();
    const response = await received();
    const stopped = server.stop();
    expect(server.isStopping()).toBe(true);
    while (!(await isRefused(server))) await pause(1);
    response.end('answer');
    await stopped;
    expect((await asked).text).toBe('answer');
  });

  it('answers requests over connections that it has not accepted yet', async () => {
    const server = await start(answerAtOnce);
    const clients = Array.from({ length: 20 }, () => openClient(server));
    // The system establishes connections while the server is busy.
    const asked = clients.map((client) => client.get());
    await new Promise((resolve) => {
      process.nextTick(resolve);
    });
    const stopped = server.stop();
    expect((await Promise.all(asked)).map(({ text: body }) => body)).toEqual(clients.map(() => 'answer'));
    await stopped;
  });

  it('accepts connections as long as the event loop is busy', async () => {
    const server = await start(answerAtOnce);
    let turns = 60;
    const keepBusy = (): void => {
      const end = performance.now() + 1;
      while (performance.now() < end);
      turns -= 1;
      if (turns > 0) setImmediate(keepBusy);
    };
    setImmediate(keepBusy);
    const stopped = server.stop();
    while (turns > 30) await nextTurn();
    expect((await openClient(server).get()).text).toBe('answer');
    while (!(await isRefused(server))) await pause(1);
    await stopped;
  });

  it('answers requests in flight, then closes their connections and stops', async () => {
    const { server, received } = await startHolding();
    const { socket, received: read, closed } = await openSocket(server);
    socket.write('GET / HTTP/1.1\r\nHost: it\r\n\r\n');
    const response = await received();
    const stopped = server.stop();
    const hasStopped = watch(stopped);
    // Longer than idle connections are kept.
    await pause(900);
    expect(hasStopped()).toBe(false);
    response.end('answer');
    await closed;
    await stopped;
    expect(read()).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*connection: close\r\n(?:.*\r\n)*answer$/i);
  });

  it('ends an answer that has begun, and closes its connection too', async () => {
    const { server, received } = await startHolding();
    const { socket, received: read, closed } = await openSocket(server);
    socket.write('GET / HTTP/1.1\r\nHost: it\r\n\r\n');
    const response = await received();
    response.writeHead(200, { 'content-length': 16 }).write('half and ');
    while (!read().includes('half')) await once(socket, 'data');
    const stopped = server.stop();
    await pause(900);
    response.end('a half.');
    await closed;
    await stopped;
    expect(read()).toMatch(/half and a half\.$/);
  });

  it('closes idle connections by itself', async () => {
    const server = await start(answerAtOnce);
    const { socket, received, closed } = await openSocket(server);
    socket.write('GET / HTTP/1.1\r\nHost: it\r\n\r\n');
    while (!received().includes('answer')) await once(socket, 'data');
    await server.stop();
    await closed;
  });

  it('closes connections over which nothing ever came by itself', async () => {
    const server = await start(answerAtOnce);
    const { closed } = await openSocket(server);
    await server.stop();
    await closed;
  });

  // The client cannot know yet that the server is being stopped.
  it('answers what comes over an idle connection right after, and closes that', { retry: 3 }, async () => {
    const server = await start(answerAtOnce);
    const client = openClient(server);
    await client.get();
    const stopped = server.stop();
    while (!(await isRefused(server))) await pause(1);
    expect(await client.get()).toEqual({ text: 'answer', connection: 'close' });
    expect(client.connections()).toBe(1);
    await stopped;
  });

  it('answers what comes in parts', { retry: 3 }, async () => {
    const server = await start(async (request, response) => {
      response.end(`took ${await text(request)}`);
    });
    const { socket, received: read, closed } = await openSocket(server);
    const head = 'POST / HTTP/1.1\r\nHost: it\r\nContent-Length: 7\r\n';
    socket.write(head);
    await pause(50);
    const stopped = server.stop();
    await pause(200);
    socket.write('\r\nit ');
    await pause(900);
    socket.write('all.');
    await closed;
    await stopped;
    expect(read()).toMatch(/connection: close\r\n(?:.*\r\n)*7?.*took it all\./i);
  });

  it('waits for the rest of a body until it is cut', async () => {
    const server = await start((request, response) => {
      request.on('end', () => void response.end('answer')).resume();
    });
    const { socket, closed } = await openSocket(server);
    socket.write('POST / HTTP/1.1\r\nHost: it\r\nContent-Length: 7\r\n\r\nit ');
    await pause(50);
    const stopped = server.stop();
    const hasStopped = watch(stopped);
    await pause(900);
    expect(hasStopped()).toBe(false);
    server.cut();
    await stopped;
    await closed;
  });

  it('waits for the rest of headers no longer than until it is cut', async () => {
    const server = await start(answerAtOnce);
    const { socket, closed } = await openSocket(server);
    socket.write('POST / HTTP/1.1\r\nHost: it\r\nContent-Le');
    await pause(50);
    const stopped = server.stop();
    await pause(900);
    server.cut();
    await stopped;
    await closed;
  });
});

describe('a connection that is closed', () => {
  it('is kept until the next one is, so that the shape of sockets is not forgotten; none before it is', async () => {
    const sockets: WeakRef<Socket>[] = [];
    const server = await start(({ socket }, response) => {
      sockets.push(new WeakRef(socket));
      response.end();
    });
    for (const _ of [1, 2, 3]) {
      const { socket, closed } = await openSocket(server);
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      await closed;
    }
    const isKept = (): boolean[] => sockets.map((socket) => socket.deref() !== undefined);
    await expect
      .poll(
        async () => {
          await pause(10);
          collectGarbage();
          return isKept();
        },
        { timeout: 5000 },
      )
      .toEqual([false, false, true]);
  });
});

describe('a client that does not read its response', () => {
  const large = Buffer.alloc(64 * 1024 * 1024, 'x');

  const startStalling = async () => {
    let stalled = 0;
    const server = await serve((_, response) => response.end(large), {
      port: 0,
      host: '127.0.0.1',
      writeTimeoutMs: 1000,
      onStall: () => {
        stalled += 1;
      },
    });
    onTestFinished(() => {
      server.cut();
      void server.stop();
    });
    return { ...server, stalled: () => stalled };
  };

  it('is disconnected', async () => {
    const { address, stalled } = await startStalling();
    const socket = connect(address.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    while (stalled() === 0) await pause(50);
    expect(stalled()).toBe(1);
  });

  it('is not disconnected while it takes some of it, however slowly', async () => {
    const { address, stalled } = await startStalling();
    const socket = connect(address.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    let received = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    const closed = once(socket, 'close');
    for (let round = 0; round < 10; round += 1) {
      socket.pause();
      await pause(300);
      // As much as makes the kernel take more of the response from the gateway.
      const enough = received + 1024 * 1024;
      socket.resume();
      while (received < enough) await pause(1);
    }
    socket.resume();
    await closed;
    expect(received).toBeGreaterThan(large.length);
    expect(stalled()).toBe(0);
  });
});
