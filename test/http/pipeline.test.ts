import type { RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type GatewayServer, type ServerOptions, serve } from '../../src/http/server.ts';
import { openRaw, type RawResponse, written } from '../support/raw-connection.ts';

const start = async (
  answer: RequestListener,
  options: Partial<ServerOptions> = {},
): Promise<GatewayServer> => {
  const server = await serve(answer, { port: 0, host: '127.0.0.1', ...options });
  onTestFinished(() => {
    server.cut();
    void server.stop();
  });
  return server;
};

const requestFor = (name: string, headers: readonly string[] = []): string =>
  written({ target: `/${name}`, headers, body: `{"name":"${name}"}` });

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(5);
};

/** Long enough for what must not happen. */
const aWhile = (): Promise<void> => pause(150);

/** A server that records which requests are executed, and responds to each when the test calls `answer`. */
const startHolding = async (options: Partial<ServerOptions> = {}) => {
  const begun: string[] = [];
  const responses = new Map<string, ServerResponse>();
  const server = await start(async (request, response) => {
    try {
      await text(request);
    } catch {
      return;
    }
    const name = request.url?.slice(1) ?? '';
    begun.push(name);
    responses.set(name, response);
  }, options);
  return {
    server,
    begun,
    hasBegun: (name: string) => until(() => responses.has(name)),
    /** Ends the response to a request, if nothing is given with its name. */
    answer: (name: string, body = name) => void responses.get(name)?.end(body),
    response: (name: string) => responses.get(name),
    open: () => openRaw(server.address.port),
  };
};

const bodiesOf = (responses: readonly RawResponse[]): string[] => responses.map(({ body }) => body);
const connectionsOf = (responses: readonly RawResponse[]) =>
  responses.map(({ headers }) => headers['connection']);

describe('requests that are sent at once over one connection', () => {
  it('are executed one after the other, and answered in their order', async () => {
    const { begun, hasBegun, answer, open } = await startHolding();
    const { socket, responses } = await open();
    socket.write(['a', 'b', 'c'].map((name) => requestFor(name)).join(''));
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      await hasBegun(name);
      await aWhile();
      expect(begun).toHaveLength(index + 1);
      answer(name);
    }
    const answered = await responses(3);
    expect(bodiesOf(answered)).toEqual(['a', 'b', 'c']);
    expect(connectionsOf(answered)).toEqual(['keep-alive', 'keep-alive', 'keep-alive']);
  });

  it('are not executed after the one after which the client wants the connection closed', async () => {
    const { begun, hasBegun, answer, open } = await startHolding();
    const { socket, received, closed } = await open();
    socket.write(requestFor('a', ['Connection: close']) + requestFor('b'));
    await hasBegun('a');
    answer('a');
    await closed;
    expect(begun).toEqual(['a']);
    expect(received()).toMatch(/a$/);
  });

  it('are not executed if the client leaves before', async () => {
    const { server, begun, hasBegun, open } = await startHolding();
    const { socket } = await open();
    socket.write(requestFor('a') + requestFor('b'));
    await hasBegun('a');
    socket.destroy();
    await until(() => server.connections() === 0);
    await aWhile();
    expect(begun).toEqual(['a']);
  });

  it('are all answered, however many they are', async () => {
    let begun = 0;
    const server = await start(async (request, response) => {
      await text(request);
      begun += 1;
      response.end(request.url);
    });
    const { socket, responses } = await openRaw(server.address.port);
    const names = Array.from({ length: 3000 }, (_, index) => `n${index}`);
    socket.write(names.map((name) => requestFor(name)).join(''));
    expect(bodiesOf(await responses(names.length))).toEqual(names.map((name) => `/${name}`));
    expect(begun).toBe(names.length);
  });

  it('are not read from the connection beyond a few while the first one is executed', async () => {
    const { hasBegun, open } = await startHolding();
    const { socket } = await open();
    socket.write(requestFor('a'));
    await hasBegun('a');
    const chunk = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2000);
    const most = 64_000_000;
    let sent = 0;
    // Until neither the system nor the gateway takes any more.
    for (let refused = 0; refused < 20 && sent < most; sent += chunk.length) {
      if (!socket.write(chunk)) {
        refused += 1;
        await pause(5);
      }
      if (socket.writableLength === 0) refused = 0;
    }
    await aWhile();
    // What the system holds of it aside, the rest stays with the client.
    expect(socket.writableLength).toBeGreaterThan(0);
    expect(sent).toBeLessThan(most);
  });
});

/** What is no request, and how it is answered by itself. */
const broken = [
  ['no HTTP', 'nonsense\r\n\r\n', 400],
  ['another version of HTTP', 'GET / HTTP/9.9\r\n\r\n', 400],
  ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  ['a chunk without a size', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
  ['headers that are too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['headers that are far too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(500_000)}\r\n\r\n`, 431],
  ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
] as const;

describe('what is no request', () => {
  it.each(broken)('is answered with a status, and its connection closed: %s', async (_, sent, status) => {
    const server = await start((request, response) => {
      text(request).then(
        () => response.end(),
        () => {},
      );
    });
    const { socket, responses, closed } = await openRaw(server.address.port);
    socket.write(sent);
    await closed;
    expect(await responses(1)).toMatchObject([
      { status, body: '', headers: { connection: 'close', 'x-content-type-options': 'nosniff' } },
    ]);
  });

  it.each(broken)('leaves the request before it its response: %s', async (_, sent) => {
    const { begun, hasBegun, answer, open } = await startHolding();
    const { socket, responses, closed } = await open();
    socket.write(requestFor('a') + sent);
    await hasBegun('a');
    await aWhile();
    answer('a');
    await closed;
    const answered = await responses(1);
    expect(begun).toEqual(['a']);
    expect(bodiesOf(answered)).toEqual(['a']);
    expect(answered[0]).toMatchObject({ status: 200, headers: { connection: 'close' } });
  });

  it('leaves all requests before it their responses', async () => {
    const { begun, hasBegun, answer, open } = await startHolding();
    const { socket, responses, closed } = await open();
    socket.write(`${requestFor('a')}${requestFor('b')}nonsense\r\n\r\n`);
    for (const name of ['a', 'b']) {
      await hasBegun(name);
      answer(name);
    }
    await closed;
    const answered = await responses(2);
    expect(begun).toEqual(['a', 'b']);
    expect(bodiesOf(answered)).toEqual(['a', 'b']);
    expect(connectionsOf(answered)).toEqual(['keep-alive', 'close']);
  });

  it('leaves a response that has begun its end', async () => {
    const { hasBegun, answer, response, open } = await startHolding();
    const { socket, received, closed } = await open();
    socket.write(requestFor('a'));
    await hasBegun('a');
    response('a')?.writeHead(200, { 'content-length': 16 }).write('half and ');
    await until(() => received().includes('half'));
    socket.write('nonsense\r\n\r\n');
    await aWhile();
    answer('a', 'a half.');
    await closed;
    expect(received()).toMatch(/half and a half\.$/);
  });
});

describe('a request that arrives too slowly', () => {
  const receiveTimeoutMs = 300;

  it.each([
    ['its headers', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Le'],
    ['its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{'],
    ['its chunks', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n'],
  ])('is answered with 408, and its connection closed: %s', async (_, sent) => {
    const { begun, open } = await startHolding({ receiveTimeoutMs });
    const { socket, responses, closed } = await open();
    socket.write(sent);
    await closed;
    expect(await responses(1)).toMatchObject([{ status: 408, headers: { connection: 'close' } }]);
    expect(begun).toEqual([]);
  });

  it('leaves the request before it its response', async () => {
    const { begun, hasBegun, answer, open } = await startHolding({ receiveTimeoutMs });
    const { socket, responses, closed } = await open();
    socket.write(`${requestFor('a')}POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{`);
    await hasBegun('a');
    await pause(receiveTimeoutMs * 2);
    answer('a');
    await closed;
    expect(begun).toEqual(['a']);
    expect(bodiesOf(await responses(1))).toEqual(['a']);
  });

  it('does not concern one that takes long to be answered', async () => {
    const { hasBegun, answer, open } = await startHolding({ receiveTimeoutMs });
    const { socket, responses } = await open();
    socket.write(requestFor('a'));
    await hasBegun('a');
    await pause(receiveTimeoutMs * 3);
    answer('a');
    expect(await responses(1)).toMatchObject([{ status: 200, body: 'a' }]);
  });

  it('is closed without a response where one has been given already', async () => {
    const server = await start((_, response) => void response.writeHead(401).end(), { receiveTimeoutMs });
    const { socket, responses, closed } = await openRaw(server.address.port);
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{');
    await closed;
    expect((await responses(2)).map(({ status }) => status)).toEqual([401]);
  });

  it('is closed without a response where nothing was sent', async () => {
    const { open } = await startHolding({ receiveTimeoutMs });
    const { received, closed } = await open();
    await closed;
    expect(received()).toBe('');
  });
});

describe('a connection without a request', () => {
  it('is kept for as long as its setting says, which responses repeat', async () => {
    const server = await start((_, response) => void response.end(), { keepAliveTimeoutMs: 3000 });
    const { socket, responses } = await openRaw(server.address.port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await responses(1))[0]?.headers['keep-alive']).toBe('timeout=3');
    // Headers of the next request have less time than that: it begins with them.
    await pause(1500);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await responses(2)).toHaveLength(2);
  });

  it('is closed after that', async () => {
    const server = await start((_, response) => void response.end(), { keepAliveTimeoutMs: 100 });
    const { socket, responses, closed } = await openRaw(server.address.port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await responses(1);
    await closed;
  });

  it('may be idle for longer than a request may take to arrive', async () => {
    const options = { keepAliveTimeoutMs: 30_000, receiveTimeoutMs: 200 };
    const server = await start((_, response) => void response.end(), options);
    const { socket, responses } = await openRaw(server.address.port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await responses(1);
    await pause(1000);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await responses(2)).toHaveLength(2);
  });

  it('is kept for 75 seconds unless set, in which a whole request has 30 to arrive', async () => {
    const server = await start((_, response) => void response.end());
    const { socket, responses } = await openRaw(server.address.port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await responses(1))[0]?.headers['keep-alive']).toBe('timeout=75');
  });
});

describe('connections beyond the limit', () => {
  it('are closed at once, and counted; a place is free when another one is closed', async () => {
    let dropped = 0;
    const onConnectionDropped = (): void => {
      dropped += 1;
    };
    const server = await start((_, response) => void response.end('ok'), {
      maxConnections: 2,
      onConnectionDropped,
    });
    const open = () => openRaw(server.address.port);
    const [one, two] = [await open(), await open()];
    await until(() => server.connections() === 2);
    const three = await open();
    await three.closed;
    expect({ dropped, received: three.received(), open: server.connections() }).toEqual({
      dropped: 1,
      received: '',
      open: 2,
    });
    for (const { socket, responses } of [one, two]) {
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(bodiesOf(await responses(1))).toEqual(['ok']);
    }
    one.socket.destroy();
    await until(() => server.connections() === 1);
    const four = await open();
    four.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(bodiesOf(await four.responses(1))).toEqual(['ok']);
    expect(dropped).toBe(1);
  });
});

describe('a server that is stopped', () => {
  it('answers the requests that it has received, closes the connection after the last, and executes no others', async () => {
    const { server, begun, hasBegun, answer, open } = await startHolding();
    const { socket, responses, closed } = await open();
    socket.write(requestFor('a') + requestFor('b') + requestFor('c'));
    await hasBegun('a');
    const stopped = server.stop();
    // At first it accepts connections that are established already.
    await aWhile();
    socket.write(requestFor('d'));
    for (const name of ['a', 'b', 'c']) {
      await hasBegun(name);
      await aWhile();
      answer(name);
    }
    await closed;
    await stopped;
    const answered = await responses(3);
    expect(begun).toEqual(['a', 'b', 'c']);
    expect(bodiesOf(answered)).toEqual(['a', 'b', 'c']);
    expect(connectionsOf(answered)).toEqual(['keep-alive', 'keep-alive', 'close']);
  });

  it('executes nothing that comes after the only request of a connection', async () => {
    const { server, begun, hasBegun, answer, open } = await startHolding();
    const { socket, responses, closed } = await open();
    socket.write(requestFor('a'));
    await hasBegun('a');
    const stopped = server.stop();
    // At first it accepts connections that are established already.
    await aWhile();
    socket.write(requestFor('b'));
    await aWhile();
    answer('a');
    await closed;
    await stopped;
    expect(begun).toEqual(['a']);
    expect(await responses(1)).toMatchObject([{ body: 'a', headers: { connection: 'close' } }]);
  });

  const large = 'x'.repeat(8_000_000);

  it.each([
    ['is being sent', true],
    ['is not sent yet', false],
  ])(
    'sends a large response that %s whole to a slow client, whatever that sends meanwhile',
    async (_, isSent) => {
      const { server, begun, hasBegun, answer, open } = await startHolding();
      const { socket, responses, received, closed } = await open();
      socket.write(requestFor('a'));
      await hasBegun('a');
      socket.pause();
      if (isSent) answer('a', large);
      await aWhile();
      const stopped = server.stop();
      await aWhile();
      socket.write(requestFor('b') + requestFor('c', ['X: y']));
      await aWhile();
      if (!isSent) answer('a', large);
      await aWhile();
      socket.write(`POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n${'d'.repeat(400_000)}`);
      await pause(1000);
      socket.resume();
      if (isSent) {
        // Its response said nothing of the end, so that one more is answered, with the end.
        await hasBegun('b');
        answer('b');
      }
      await closed;
      await stopped;
      const answered = await responses(1);
      expect(answered[0]?.body.length).toBe(large.length);
      expect(begun).toEqual(isSent ? ['a', 'b'] : ['a']);
      expect(answered).toHaveLength(begun.length);
      expect(answered.at(-1)?.headers['connection']).toBe('close');
      expect(received().length).toBeGreaterThan(large.length);
    },
  );
});
