import { once } from 'node:events';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Reply } from './support/gateway.ts';
import { statesIn } from './support/ledger-states.ts';
import { type Running, run } from './support/process.ts';
import { openRaw, type RawResponse, written } from './support/raw-connection.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { type Answer, jwt, type LocalUpstream, type Received, startUpstream } from './support/upstream.ts';

/** Starting gateways takes its time where others are at work. */
const timeout = 60_000;

const query = 'query ($fileNumber: String!) { account(fileNumber: $fileNumber) { fileNumber client } }';
const addNote = `mutation ($input: AddNoteInput!) { addNote(input: $input) {
  __typename ... on MutationError { code } } }`;
const runPayment = `mutation ($input: RunPaymentInput!) { runPayment(input: $input) {
  __typename ... on RunPaymentSuccess { approvalCode } ... on MutationError { code } } }`;

interface Body {
  readonly query: string;
  readonly variables: object;
}

const readOf = (fileNumber: string): Body => ({ query, variables: { fileNumber } });

const noteOf = (body: string): Body => ({
  query: addNote,
  variables: { input: { fileNumber: 'F1', collectorName: 'Zaphod', body } },
});

const paymentOf = (idempotencyKey: string, amount = '1.00'): Body => ({
  query: runPayment,
  variables: { input: { idempotencyKey, fileNumber: 'F1', amount, paymentDate: '2030-01-02' } },
});

const success = (result: unknown): Answer => ({ json: { result, state: 'SUCCESS' } });
const logIn = success({ access_token: jwt({}) });

/** What Scollect says when all is well. */
const wellDone = ({ path, body }: Received): Answer => {
  if (path === '/login') return logIn;
  if (path === '/InsertNoteline') return success({ success: 'Noteline inserted successfully' });
  if (path !== '/run_payment_external') {
    return success([{ filenumber: path.split('/').at(-1), clientname: 'Acme' }]);
  }
  const { paymentamount } = body as { paymentamount: string };
  return { json: { result: 'APPROVED', approvalcode: `A${Number(paymentamount) * 100}`, error: '' } };
};

const newStore = (): string => {
  const folder = temporaryFolder();
  return join(folder, 'gateway.db');
};

interface Gateway extends Running {
  readonly url: URL;
}

const startGateway = async (
  scollect: LocalUpstream,
  env: Record<string, string> = {},
  storeFile = newStore(),
): Promise<Gateway> => {
  const running = run('main.js', {
    PORT: '0',
    AUTH_DISABLED: 'true',
    SCOLLECT_URL: scollect.url,
    SCOLLECT_API_KEY: 'key',
    SCOLLECT_PIN: 'pin',
    STORE_URL: `file:${storeFile}`,
    ...env,
  });
  return { ...running, url: new URL(await running.line(/^Recollect is ready at (\S+)$/m)) };
};

/** It lasts longer than idle connections are kept. */
const expectToStay = async ({ ended }: Pick<Gateway, 'ended'>): Promise<void> => {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  await pause(1000);
  expect(hasEnded).toBe(false);
};

/** How it ended, and after how many milliseconds. */
const endOf = async (gateway: Gateway): Promise<{ code: number | null; milliseconds: number }> => {
  const begin = performance.now();
  const { code, stderr } = await gateway.ended;
  expect(stderr).toBe('');
  return { code, milliseconds: performance.now() - begin };
};

/** A client with one connection, which it keeps as long as it may. */
const openClient = ({ url }: Gateway) => {
  const client = new Client(url.origin, { bodyTimeout: 0, headersTimeout: 0 });
  // It may have gone with its gateway.
  onTestFinished(() => client.destroy().catch(() => {}));
  const send = async (method: 'GET' | 'POST', path: string, body: string | null) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const {
      statusCode,
      headers: answered,
      body: text,
    } = await client.request({
      method,
      path,
      headers,
      body,
    });
    return {
      status: statusCode,
      connection: answered['connection'],
      json: (await text.json()) as Reply & Record<string, unknown>,
    };
  };
  return {
    get: (path: string) => send('GET', path, null),
    ask: (body: Body) => send('POST', url.pathname, JSON.stringify(body)),
  };
};

/** Sends a request without waiting for what comes of it. */
const sendAndLeave = ({ url }: Gateway, body: Body): ClientRequest => {
  const headers = { 'content-type': 'application/json' };
  const request = httpRequest(url, { method: 'POST', headers, agent: false });
  request.on('error', () => {}).end(JSON.stringify(body));
  return request;
};

const openSocket = async ({ url }: Gateway): Promise<Socket> => {
  const socket = connect(Number(url.port), url.hostname);
  onTestFinished(() => void socket.destroy());
  // However it is closed.
  socket.on('error', () => {}).resume();
  await once(socket, 'connect');
  return socket;
};

/** Waits until a connection is closed, in whichever way. */
const closeOf = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve());
  });

const isRefused = async (gateway: Gateway): Promise<boolean> =>
  openSocket(gateway).then(
    (socket) => {
      socket.destroy();
      return false;
    },
    (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
  );

/** Waits until the gateway accepts no connections: it says so a moment before. */
const refusal = async (gateway: Gateway): Promise<void> => {
  await gateway.line(/"msg":"(stopping)"/);
  while (!(await isRefused(gateway))) await pause(5);
};

/** Sends the signal, and waits until the gateway has begun to stop. */
const tellToStop = async (gateway: Gateway, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
  gateway.process.kill(signal);
  await refusal(gateway);
};

/** A Scollect of which some paths do not answer until they are let go. */
const startHangingScollect = async (...paths: readonly string[]) => {
  let letGo = (): void => {};
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const scollect = await startUpstream(async (request) => {
    if (paths.some((path) => request.path.startsWith(path))) await released;
    return wellDone(request);
  });
  const received = async (path: string): Promise<void> => {
    while (!scollect.received.some((one) => one.path.startsWith(path))) await pause(5);
  };
  return { ...scollect, letGo, hasReceived: received };
};

/** What one client's requests came to. */
interface Tally {
  sent: number;
  answered: number;
  refused: number;
  /** Connections that ended without a whole answer, and answers that are none. */
  readonly lost: string[];
  /** The texts and amounts that identify the writes that were answered as executed. */
  readonly written: string[];
  /** What the last answer said of its connection. */
  lastConnection: unknown;
}

/** Asks one thing after another until it is refused. */
const askOn = async (gateway: Gateway, clientNumber: number): Promise<Tally> => {
  const client = openClient(gateway);
  const tally: Tally = { sent: 0, answered: 0, refused: 0, lost: [], written: [], lastConnection: undefined };
  const bodies = (n: number): readonly [Body, written: string | null] => {
    const name = `${clientNumber}.${n}`;
    if (n % 3 === 0) return [readOf(`F${name}`), null];
    if (n % 3 === 1) return [noteOf(name), name];
    const amount = `${clientNumber * 1000 + n}.00`;
    return [paymentOf(name, amount), amount];
  };
  for (let n = 0; tally.refused === 0 && tally.lost.length === 0; n += 1) {
    const [body, written] = bodies(n);
    tally.sent += 1;
    try {
      const { status, connection, json } = await client.ask(body);
      const { account, addNote: noted, runPayment: paid } = json.data ?? {};
      const typename = (noted ?? paid)?.__typename ?? account?.client;
      if (status === 200 && /^(?:AddNoteSuccess|RunPaymentSuccess|Acme)$/.test(typename)) tally.answered += 1;
      else tally.lost.push(JSON.stringify(json));
      if (written !== null) tally.written.push(written);
      tally.lastConnection = connection;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ECONNREFUSED') tally.refused += 1;
      else tally.lost.push(`${code}: ${message}`);
    }
  }
  return tally;
};

const sumOf = (tallies: readonly Tally[], count: (tally: Tally) => number): number =>
  tallies.reduce((sum, tally) => sum + count(tally), 0);

describe('a gateway that is stopped under load', { timeout }, () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('answers everything that was sent, by %s', async (signal) => {
    const carriedOut: string[] = [];
    let calls = 0;
    const scollect = await startUpstream(async (request) => {
      const { path, body } = request;
      if (path === '/login') return logIn;
      calls += 1;
      await pause(50 + 30 * (calls % 6));
      const { logmessage, paymentamount } = (body ?? {}) as { logmessage?: string; paymentamount?: string };
      const written = logmessage ?? paymentamount;
      if (written !== undefined) carriedOut.push(written);
      return wellDone(request);
    });
    const storeFile = newStore();
    const gateway = await startGateway(scollect, {}, storeFile);
    const clients = Promise.all(Array.from({ length: 24 }, (_, n) => askOn(gateway, n + 1)));
    while (carriedOut.length < 100) await pause(20);
    gateway.process.kill(signal);
    const { code, milliseconds } = await endOf(gateway);
    const tallies = await clients;

    expect(tallies.flatMap(({ lost }) => lost)).toEqual([]);
    const [sent, answered, refused] = [
      sumOf(tallies, (tally) => tally.sent),
      sumOf(tallies, (tally) => tally.answered),
      sumOf(tallies, (tally) => tally.refused),
    ];
    process.stdout.write(`${signal}: sent ${sent}, answered ${answered}, refused ${refused}\n`);
    expect(answered + refused).toBe(sent);
    // All of them were informed that their connection ends, and could not open another.
    expect(refused).toBe(tallies.length);
    expect(tallies.map(({ lastConnection }) => lastConnection)).toEqual(tallies.map(() => 'close'));
    expect(tallies.flatMap(({ written }) => written).sort()).toEqual(carriedOut.sort());
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(10_000);
    // No line of the audit trail is lost either.
    const { stdout } = await gateway.ended;
    expect(stdout.split('\n').filter((line) => line.startsWith('{"audit":true,'))).toHaveLength(answered);
    expect([...stdout.matchAll(/"outcome":"(?:AddNote|RunPayment)Success"/g)]).toHaveLength(
      carriedOut.length,
    );
    const payments = carriedOut.filter((written) => written.endsWith('.00'));
    expect(payments.length).toBeGreaterThan(10);
    expect(statesIn(storeFile)).toEqual({ SETTLED: payments.length });
  });
});

describe('a gateway that is stopped', { timeout }, () => {
  it('logs that it stops, and how many requests are in flight', async () => {
    const scollect = await startHangingScollect('/getaccount/');
    const gateway = await startGateway(scollect);
    const asked = openClient(gateway).ask(readOf('F1'));
    await scollect.hasReceived('/getaccount/');
    await tellToStop(gateway);
    scollect.letGo();
    expect((await asked).json.data).toEqual({ account: { fileNumber: 'F1', client: 'Acme' } });
    const { stdout } = await gateway.ended;
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    const entries = lines.map((line) => JSON.parse(line) as { readonly kind?: string });
    // The row of the stand-in lacks documented keys.
    expect(entries.filter(({ kind }) => kind !== 'missing_key')).toEqual([
      expect.objectContaining({ msg: 'stopping', requests: 1, milliseconds: 10_000 }),
      expect.objectContaining({ audit: true, records: ['Account:F1'] }),
      expect.objectContaining({ msg: 'stopped', milliseconds: expect.any(Number) }),
    ]);
  });

  it.each([
    ['that are idle', 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['over which nothing ever came', ''],
  ])('closes connections %s, and does not wait for them', async (_, sent) => {
    const gateway = await startGateway(await startHangingScollect());
    const sockets = await Promise.all([1, 2, 3].map(() => openSocket(gateway)));
    for (const socket of sockets) {
      if (sent === '') continue;
      socket.write(sent);
      await once(socket, 'data');
    }
    const closed = Promise.all(sockets.map(closeOf));
    await tellToStop(gateway);
    const { code, milliseconds } = await endOf(gateway);
    await closed;
    expect(code).toBe(0);
    // What is not closed by itself is cut off half a second before the time is over.
    expect(milliseconds).toBeLessThan(8000);
  });

  it('accepts no new connections while it answers requests in flight', async () => {
    const scollect = await startHangingScollect('/getaccount/');
    const gateway = await startGateway(scollect);
    const asked = openClient(gateway).ask(readOf('F1'));
    await scollect.hasReceived('/getaccount/');
    await tellToStop(gateway);
    expect(await isRefused(gateway)).toBe(true);
    expect(scollect.calls()).toEqual(['/getaccount/F1']);
    scollect.letGo();
    expect(await asked).toMatchObject({ status: 200, connection: 'close' });
    expect((await endOf(gateway)).code).toBe(0);
  });

  // Idle connections are kept for half a second more: on a machine that is busy that may pass before it is asked.
  it('reports over an open connection that it is not ready', { retry: 3 }, async () => {
    const gateway = await startGateway(await startHangingScollect());
    const client = openClient(gateway);
    expect(await client.get('/ready')).toMatchObject({ status: 200, json: { isReady: true } });
    await tellToStop(gateway);
    expect(await client.get('/ready')).toMatchObject({
      status: 503,
      connection: 'close',
      json: { isReady: false, isStopping: true, store: 'open' },
    });
    expect((await endOf(gateway)).code).toBe(0);
  });
});

describe('a gateway that is stopped with SHUTDOWN_DELAY_MS', { timeout }, () => {
  /** Longer than a test takes. */
  const long = { SHUTDOWN_DELAY_MS: '60000' };

  /** Sends the signal, and waits until the delay has begun. */
  const announceStop = async (gateway: Gateway, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    gateway.process.kill(signal);
    await gateway.line(/"msg":"(not ready any more: stopping after the delay)"/);
  };

  it('returns 503 from /ready over a new connection, and serves other requests', async () => {
    const gateway = await startGateway(await startHangingScollect(), long);
    await announceStop(gateway);
    const client = openClient(gateway);
    expect(await client.get('/ready')).toMatchObject({
      status: 503,
      json: { isReady: false, isStopping: true, store: 'open' },
    });
    for (const fileNumber of ['F1', 'F2']) {
      expect(await openClient(gateway).ask(readOf(fileNumber))).toMatchObject({
        status: 200,
        connection: 'keep-alive',
        json: { data: { account: { fileNumber, client: 'Acme' } } },
      });
    }
    expect((await client.ask(noteOf('a note'))).json.data).toEqual({
      addNote: { __typename: 'AddNoteSuccess' },
    });
  });

  it('closes a connection that was open before after its next response, and keeps later ones', async () => {
    const gateway = await startGateway(await startHangingScollect(), long);
    const client = openClient(gateway);
    expect(await client.ask(readOf('F1'))).toMatchObject({ connection: 'keep-alive' });
    await announceStop(gateway);
    const connections: unknown[] = [];
    for (const fileNumber of ['F2', 'F3', 'F4']) {
      connections.push((await client.ask(readOf(fileNumber))).connection);
    }
    expect(connections).toEqual(['close', 'keep-alive', 'keep-alive']);
  });

  it('keeps a connection that was open before and stays idle', async () => {
    const gateway = await startGateway(await startHangingScollect(), long);
    const client = openClient(gateway);
    await client.ask(readOf('F1'));
    await announceStop(gateway);
    // Longer than idle connections are kept once new ones are refused.
    await pause(1500);
    expect(await client.ask(readOf('F2'))).toMatchObject({ status: 200, connection: 'close' });
  });

  it('then refuses new connections, answers requests in flight, and ends with exit code 0', async () => {
    const scollect = await startHangingScollect('/getaccount/');
    // The upstream does not answer before the drain has its whole time.
    const gateway = await startGateway(scollect, { SHUTDOWN_DELAY_MS: '3000', SHUTDOWN_TIMEOUT_MS: '2000' });
    await announceStop(gateway);
    expect(await isRefused(gateway)).toBe(false);
    const asked = openClient(gateway).ask(readOf('F1'));
    await scollect.hasReceived('/getaccount/');
    await refusal(gateway);
    scollect.letGo();
    expect(await asked).toMatchObject({ status: 200, json: { data: { account: { client: 'Acme' } } } });
    expect((await endOf(gateway)).code).toBe(0);
    const { stdout } = await gateway.ended;
    expect(stdout).toMatch(/"milliseconds":3000,"msg":"not ready any more/);
    expect(stdout).toMatch(/"milliseconds":2000,"msg":"stopping"/);
  });

  it('ends at once by a second signal', async () => {
    const gateway = await startGateway(await startHangingScollect(), long);
    await announceStop(gateway);
    gateway.process.kill('SIGINT');
    await endOf(gateway);
    expect(gateway.process.signalCode).toBe('SIGINT');
  });
});

/** What a mutation that adds a note came to, by the response to it. */
const resultOf = ({ status, headers, body }: RawResponse) => ({
  status,
  connection: headers['connection'],
  result: (JSON.parse(body) as Reply).data?.addNote?.__typename,
});

describe('a gateway that is stopped while one connection brings several mutations', { timeout }, () => {
  const requestFor = (body: string): string =>
    written({ headers: ['Host: localhost'], body: JSON.stringify(noteOf(body)) });
  const notesIn = ({ received }: LocalUpstream): unknown[] =>
    received
      .filter(({ path }) => path === '/InsertNoteline')
      .map(({ body }) => (body as { logmessage: string }).logmessage);

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'executes and answers those that it has received, by %s',
    async (signal) => {
      const scollect = await startHangingScollect('/InsertNoteline');
      const gateway = await startGateway(scollect);
      const { socket, responses, closed } = await openRaw(Number(gateway.url.port));
      socket.write(requestFor('first') + requestFor('second') + requestFor('third'));
      await scollect.hasReceived('/InsertNoteline');
      // A later one is begun after the response to the one before it.
      await pause(200);
      expect(notesIn(scollect)).toEqual(['first']);
      await tellToStop(gateway, signal);
      socket.write(requestFor('too late'));
      await pause(200);
      scollect.letGo();
      await closed;
      expect((await responses(3)).map(resultOf)).toEqual(
        ['keep-alive', 'keep-alive', 'close'].map((connection) => ({
          status: 200,
          connection,
          result: 'AddNoteSuccess',
        })),
      );
      expect(notesIn(scollect)).toEqual(['first', 'second', 'third']);
      expect((await endOf(gateway)).code).toBe(0);
      const { stdout } = await gateway.ended;
      expect(stdout.match(/"outcome":"AddNoteSuccess"/g)).toHaveLength(3);
    },
  );

  it('executes none that comes after the one in flight, which is answered', async () => {
    const scollect = await startHangingScollect('/InsertNoteline');
    const gateway = await startGateway(scollect);
    const { socket, responses, closed } = await openRaw(Number(gateway.url.port));
    socket.write(requestFor('first'));
    await scollect.hasReceived('/InsertNoteline');
    await tellToStop(gateway);
    await pause(200);
    socket.write(requestFor('second') + requestFor('third'));
    await pause(200);
    scollect.letGo();
    await closed;
    expect((await responses(1)).map(resultOf)).toEqual([
      { status: 200, connection: 'close', result: 'AddNoteSuccess' },
    ]);
    expect(notesIn(scollect)).toEqual(['first']);
    expect((await endOf(gateway)).code).toBe(0);
  });

  it('answers each that it executes, whatever the moment of the signal', async () => {
    const scollect = await startUpstream(async (request) => {
      if (request.path === '/InsertNoteline') await pause(5);
      return wellDone(request);
    });
    const gateway = await startGateway(scollect);
    const connections = await Promise.all(
      Array.from({ length: 10 }, () => openRaw(Number(gateway.url.port))),
    );
    for (const [index, { socket }] of connections.entries()) {
      socket.write(Array.from({ length: 60 }, (_, note) => requestFor(`${index}.${note}`)).join(''));
    }
    while (notesIn(scollect).length < 100) await pause(5);
    await tellToStop(gateway);
    for (const { closed } of connections) await closed;
    let answered = 0;
    for (const { responses } of connections) {
      const all = (await responses(60)).map(resultOf);
      expect(all.filter(({ result }) => result !== 'AddNoteSuccess')).toEqual([]);
      answered += all.length;
    }
    expect(notesIn(scollect)).toHaveLength(answered);
    expect((await endOf(gateway)).code).toBe(0);
  });
});

describe('a gateway that is stopped while it sends a large response', { timeout }, () => {
  it('sends it whole to a client that reads slowly', async () => {
    const notes = Array.from({ length: 200 }, (_, id) => ({
      id,
      filenumber: 'F1',
      logmessage: 'words '.repeat(5000),
    }));
    const scollect = await startUpstream((request) =>
      request.path.startsWith('/getnotes/') ? success(notes) : wellDone(request),
    );
    const gateway = await startGateway(scollect);
    const { socket, responses, received, closed } = await openRaw(Number(gateway.url.port));
    const document = '{ account(fileNumber: "F1") { notes(first: 200) { edges { node { body } } } } }';
    socket.write(written({ headers: ['Host: localhost'], body: JSON.stringify({ query: document }) }));
    await once(socket, 'data');
    socket.pause();
    await pause(300);
    await tellToStop(gateway);
    // Longer than idle connections are kept.
    await pause(1500);
    socket.resume();
    await closed;
    const [response] = await responses(1);
    const { data } = JSON.parse(response?.body ?? '') as Reply;
    expect(data.account.notes.edges).toHaveLength(notes.length);
    expect(received().length).toBeGreaterThan(5_000_000);
    expect((await endOf(gateway)).code).toBe(0);
  });
});

describe('a gateway that is stopped while its upstream hangs', { timeout }, () => {
  const soon = { SHUTDOWN_TIMEOUT_MS: '3000', UPSTREAM_TIMEOUT_MS: '60000', REQUEST_TIMEOUT_MS: '60000' };
  const timedOut = {
    status: 200,
    connection: 'close',
    json: {
      data: { account: null },
      errors: [{ path: ['account'], extensions: { code: 'UPSTREAM_TIMEOUT' } }],
    },
  };

  it.each([
    ['a read', '/getaccount/'],
    ['the log-in', '/login'],
  ])('over %s answers that before its time is over, and ends well', async (_, path) => {
    const scollect = await startHangingScollect(path);
    const gateway = await startGateway(scollect, soon);
    const asked = openClient(gateway).ask(readOf('F1'));
    await scollect.hasReceived(path);
    await tellToStop(gateway);
    expect(await asked).toMatchObject(timedOut);
    const { stdout } = await gateway.ended;
    expect(stdout).not.toContain('"level":50');
    expect((await endOf(gateway)).code).toBe(0);
  });

  it('answers what came over an idle connection meanwhile too', { retry: 3 }, async () => {
    const scollect = await startHangingScollect('/getaccount/');
    const gateway = await startGateway(scollect, soon);
    const client = openClient(gateway);
    await client.get('/ready');
    await tellToStop(gateway);
    expect(await client.ask(readOf('F1'))).toMatchObject(timedOut);
    expect((await endOf(gateway)).code).toBe(0);
  });

  it.each([
    ['headers', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Le'],
    [
      'a body',
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    ],
  ])('does not wait for the rest of %s that does not come', async (_, half) => {
    const gateway = await startGateway(await startHangingScollect(), soon);
    const socket = await openSocket(gateway);
    socket.write(half);
    await pause(100);
    await tellToStop(gateway);
    const { code, milliseconds } = await endOf(gateway);
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(10_000);
  });

  it('ends at its time where a write hangs, says so, and knows afterwards that its outcome is not', async () => {
    const scollect = await startHangingScollect('/run_payment_external');
    const storeFile = newStore();
    const gateway = await startGateway(scollect, soon, storeFile);
    const asked = openClient(gateway).ask(paymentOf('key 1'));
    await scollect.hasReceived('/run_payment_external');
    await tellToStop(gateway);
    // The client is answered before the time limit.
    expect((await asked).json.data.runPayment).toMatchObject({
      __typename: 'OutcomeUnknownError',
      code: 'IDEMPOTENCY_KEY_IN_USE',
    });
    const { code, milliseconds } = await endOf(gateway);
    expect(code).toBe(1);
    expect(milliseconds).toBeLessThan(10_000);
    const { stdout } = await gateway.ended;
    const errors = stdout.split('\n').filter((line) => line.includes('"level":50'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('outcomes of pending writes are not known');

    const next = await startGateway(scollect, {}, storeFile);
    // Waits until the first one is held to be dead.
    expect((await openClient(next).ask(paymentOf('key 1'))).json.data.runPayment).toMatchObject({
      __typename: 'OutcomeUnknownError',
      code: 'OUTCOME_UNKNOWN',
    });
    expect(scollect.calls()).toEqual(['/run_payment_external']);
    scollect.letGo();
  });
});

describe('a mutation whose client has left', { timeout }, () => {
  it.each([
    ['its call', '/run_payment_external'],
    ['the log-in before it', '/login'],
  ])('at %s: the gateway waits for it when it is stopped', async (_, path) => {
    const scollect = await startHangingScollect(path);
    const storeFile = newStore();
    const gateway = await startGateway(scollect, {}, storeFile);
    const request = sendAndLeave(gateway, paymentOf('key 1'));
    await scollect.hasReceived(path);
    request.destroy();
    await pause(100);
    await tellToStop(gateway);
    await expectToStay(gateway);
    scollect.letGo();
    expect((await endOf(gateway)).code).toBe(0);
    expect(scollect.calls()).toEqual(['/run_payment_external']);
    expect(statesIn(storeFile)).toEqual({ SETTLED: 1 });
  });

  it('is waited for without an idempotency key too', async () => {
    const scollect = await startHangingScollect('/InsertNoteline');
    const gateway = await startGateway(scollect);
    const request = sendAndLeave(gateway, noteOf('a note'));
    await scollect.hasReceived('/InsertNoteline');
    request.destroy();
    await pause(100);
    await tellToStop(gateway);
    await expectToStay(gateway);
    scollect.letGo();
    expect((await endOf(gateway)).code).toBe(0);
  });
});

describe('a second signal', { timeout }, () => {
  it.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
  ] as const)('ends the gateway at once: %s, then %s', async (first, second) => {
    const scollect = await startHangingScollect('/getaccount/');
    const waits = { SHUTDOWN_TIMEOUT_MS: '60000', UPSTREAM_TIMEOUT_MS: '60000', REQUEST_TIMEOUT_MS: '60000' };
    const gateway = await startGateway(scollect, waits);
    sendAndLeave(gateway, readOf('F1')).on('error', () => {});
    await scollect.hasReceived('/getaccount/');
    await tellToStop(gateway, first);
    gateway.process.kill(second);
    const { milliseconds } = await endOf(gateway);
    expect(gateway.process.signalCode).toBe(second);
    expect(milliseconds).toBeLessThan(20_000);
  });
});

describe('requests that are over', { timeout }, () => {
  it.each([
    ['answered', '{ __typename }'],
    ['not valid', '{ nope }'],
    ['of a kind that is not served', 'subscription { __typename }'],
  ])('do not keep a gateway from stopping: %s', async (_, document) => {
    const gateway = await startGateway(await startHangingScollect());
    await openClient(gateway).ask({ query: document, variables: {} });
    await tellToStop(gateway);
    const { code, milliseconds } = await endOf(gateway);
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(8000);
  });
});

describe('a stop', () => {
  it('ends open subscriptions at once, without the event `complete`', { timeout }, async () => {
    const scollect = await startUpstream(wellDone);
    const gateway = await startGateway(scollect, { SHUTDOWN_TIMEOUT_MS: '10000' });
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({
        query: 'subscription { accountUpdates(fileNumber: "F1", parts: [STATUS]) { changed } }',
      }),
    });
    expect(response.status).toBe(200);
    await tellToStop(gateway);
    expect(await response.text()).not.toContain('event:');
    // It would be 1 if the stop had to cut the subscription off.
    expect((await endOf(gateway)).code).toBe(0);
  });
});
