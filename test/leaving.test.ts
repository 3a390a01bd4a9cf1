import { type ClientRequest, createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../src/http/server.ts';
import { ledgerInMemory, type Reply, startGateway } from './support/gateway.ts';
import { jwt } from './support/upstream.ts';

interface Call {
  readonly path: string;
  /** The text of a note, or the amount of a payment. */
  readonly written: string | undefined;
}

/** A Scollect that answers only what it may, and sees who closes the connection before that. */
interface WatchingScollect {
  readonly url: string;
  /** All calls but log-ins, in the order of their arrival. */
  readonly calls: Call[];
  /** The paths of those whose connection was closed before they were answered. */
  readonly abandoned: string[];
  /** Lets all that waits, and all that will, be answered. */
  letGo(): void;
  /** Waits until so many calls of a path have come. */
  received(path: string, count?: number): Promise<void>;
}

const answerTo = ({ path, written }: Call): object => {
  if (path === '/login') return { result: { access_token: jwt({}) }, state: 'SUCCESS' };
  if (path === '/run_payment_external')
    return { result: 'APPROVED', approvalcode: `A${Number(written)}`, error: '' };
  if (path === '/insert_payments_external') {
    return { state: 'SUCCESS', message: 'Payment successfully inserted' };
  }
  if (path === '/InsertNoteline') {
    return { result: { success: 'Noteline inserted successfully' }, state: 'SUCCESS' };
  }
  if (path.startsWith('/getpayments/')) return { result: [], state: 'SUCCESS' };
  return { result: [{ filenumber: path.split('/').at(-1), clientname: 'Acme' }], state: 'SUCCESS' };
};

const callOf = async (request: IncomingMessage): Promise<Call> => {
  const body = await text(request);
  const { logmessage, paymentamount } = (body === '' ? {} : JSON.parse(body)) as Record<string, string>;
  return { path: request.url ?? '', written: logmessage ?? paymentamount };
};

/** @param held the beginnings of the paths that are not answered until they are let go. */
const startScollect = async (...held: readonly string[]): Promise<WatchingScollect> => {
  const calls: Call[] = [];
  const logIns: Call[] = [];
  const abandoned: string[] = [];
  let letGo = (): void => {};
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const server = createServer(async (request, response) => {
    const call = await callOf(request);
    response.on('close', () => {
      if (!response.writableFinished) abandoned.push(call.path);
    });
    (call.path === '/login' ? logIns : calls).push(call);
    if (held.some((path) => call.path.startsWith(path))) await released;
    if (call.path === '/getaccount/BUSY') response.writeHead(503, { 'retry-after': '1' }).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answerTo(call)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    abandoned,
    letGo,
    received: (path, count = 1) =>
      until(() => [...calls, ...logIns].filter((call) => call.path.startsWith(path)).length >= count),
  };
};

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(5);
};

/** Long enough for what must not happen. */
const aWhile = (): Promise<void> => pause(200);

/** A client by itself, with a connection of its own. */
interface LeavingClient {
  readonly answer: Promise<Omit<Reply, 'status'> | 'left'>;
  leave(): void;
}

type Options = NonNullable<Parameters<typeof startGateway>[0]>;

/** A gateway on a port, before a Scollect alone. */
const startServer = async (
  scollect: WatchingScollect,
  options: Pick<Options, 'limits' | 'ledger' | 'requestTimeoutMs'> = {},
) => {
  const upstream = { url: scollect.url, received: [], calls: () => [], abandoned: () => [] };
  const { gateway, lives, upstreams, query } = await startGateway({
    scollect: upstream,
    recoveryConnect: null,
    // Nothing ends by itself while a test lasts.
    timeoutMs: 60_000,
    requestTimeoutMs: 60_000,
    ...options,
  });
  const server = await serve(gateway.handle, {
    port: 0,
    host: '127.0.0.1',
  });
  onTestFinished(() => {
    server.cut();
    return server.stop();
  });
  const url = `http://127.0.0.1:${server.address.port}/graphql`;

  const ask = (document: string, variables: object = {}): LeavingClient => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    let request: ClientRequest | undefined;
    const answer = new Promise<Omit<Reply, 'status'> | 'left'>((resolve) => {
      request = httpRequest(url, { method: 'POST', headers, agent: false }, async (response) => {
        resolve(JSON.parse(await text(response)) as Reply);
      });
      request.on('error', () => resolve('left')).end(JSON.stringify({ query: document, variables }));
    });
    return { answer, leave: () => void request?.destroy() };
  };
  return {
    ask,
    query,
    /** Waits until no request is executing, and no call is in flight or in the queue. */
    idle: () =>
      until(() => {
        const { inFlight = 0, waiting = 0 } = upstreams.SCOLLECT.state() ?? {};
        return lives.count() + inFlight + waiting === 0;
      }),
    waiting: () => upstreams.SCOLLECT.state()?.waiting,
    requests: () => lives.count(),
  };
};

const readOf = (...fileNumbers: readonly string[]): string =>
  `{ ${fileNumbers.map((name) => `${name}: account(fileNumber: "${name}") { client }`).join(' ')} }`;

const acme = (...fileNumbers: readonly string[]) => ({
  data: Object.fromEntries(fileNumbers.map((name) => [name, { client: 'Acme' }])),
});

const pathsOf = (scollect: WatchingScollect): string[] => scollect.calls.map(({ path }) => path);

const runPayment = `mutation ($input: RunPaymentInput!) { runPayment(input: $input) {
  __typename ... on RunPaymentSuccess { approvalCode } ... on MutationError { code } } }`;
const recordPayment = `mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) {
  __typename ... on MutationError { code } } }`;
const addNote = `mutation ($input: AddNoteInput!) { addNote(input: $input) {
  __typename ... on MutationError { code } } }`;

const charge = { idempotencyKey: 'key 1', fileNumber: 'F1', amount: '1.00', paymentDate: '2030-01-02' };
const bankAccount = { type: 'Checking', accountNumber: '9876543210', routingNumber: '021000021' };
const note = { fileNumber: 'F1', collectorName: 'Zaphod', body: 'a note' };
const payment = { ...charge, payorName: 'Jane Doe', type: 'Online', bankAccount };

describe('a client that leaves a query', () => {
  it('ends the reads that nobody else waits for: the upstream sees their connections closed', async () => {
    const scollect = await startScollect('/getaccount/');
    const { ask, idle, requests } = await startServer(scollect);
    const client = ask(readOf('F1', 'F2'));
    await scollect.received('/getaccount/', 2);
    expect(requests()).toBe(1);
    client.leave();
    await until(() => scollect.abandoned.length === 2);
    expect(scollect.abandoned.sort()).toEqual(['/getaccount/F1', '/getaccount/F2']);
    await idle();
    expect(await client.answer).toBe('left');
  });

  it.each([
    ['began', 0],
    ['joined', 1],
  ])('leaves alone the read that it %s and another waits for', async (_, leaving) => {
    const scollect = await startScollect('/getaccount/');
    const { ask, idle, requests } = await startServer(scollect);
    const first = ask(readOf('F1'));
    await scollect.received('/getaccount/');
    const clients = [first, ask(readOf('F1'))];
    await until(() => requests() === 2);
    clients[leaving]?.leave();
    await until(() => requests() === 1);
    await aWhile();
    expect(scollect.abandoned).toEqual([]);
    scollect.letGo();
    expect(await clients[1 - leaving]?.answer).toEqual(acme('F1'));
    expect(pathsOf(scollect)).toEqual(['/getaccount/F1']);
    await idle();
  });

  it('ends of its reads only those that another does not wait for', async () => {
    const scollect = await startScollect('/getaccount/');
    const { ask, requests } = await startServer(scollect);
    const leaving = ask(readOf('F1', 'F2'));
    await scollect.received('/getaccount/', 2);
    const staying = ask(readOf('F2', 'F3'));
    await scollect.received('/getaccount/', 3);
    leaving.leave();
    await until(() => requests() === 1 && scollect.abandoned.length > 0);
    await aWhile();
    expect(scollect.abandoned).toEqual(['/getaccount/F1']);
    scollect.letGo();
    expect(await staying.answer).toEqual(acme('F2', 'F3'));
  });

  it('ends a shared read when it is the last to leave', async () => {
    const scollect = await startScollect('/getaccount/');
    const { ask, idle, requests } = await startServer(scollect);
    const clients = [ask(readOf('F1')), ask(readOf('F1'))];
    await until(() => requests() === 2);
    await scollect.received('/getaccount/');
    for (const client of clients) client.leave();
    await until(() => scollect.abandoned.length > 0);
    await idle();
    expect(pathsOf(scollect)).toEqual(['/getaccount/F1']);
  });

  it('has nothing sent any more that waits for its turn', async () => {
    const scollect = await startScollect('/getaccount/F1');
    const { ask, idle, waiting } = await startServer(scollect, { limits: { maxConcurrency: 1 } });
    const staying = ask(readOf('F1'));
    await scollect.received('/getaccount/F1');
    const leaving = ask(readOf('F2', 'F3', 'F4'));
    await until(() => waiting() === 3);
    leaving.leave();
    await until(() => waiting() === 0);
    scollect.letGo();
    expect(await staying.answer).toEqual(acme('F1'));
    await idle();
    await aWhile();
    expect(pathsOf(scollect)).toEqual(['/getaccount/F1']);
  });

  it('has nothing sent any more that waits for the log-in, which others can use', async () => {
    const scollect = await startScollect('/login');
    const { ask, idle, requests } = await startServer(scollect);
    const leaving = ask(readOf('F1'));
    await scollect.received('/login');
    leaving.leave();
    await until(() => requests() === 0);
    const staying = ask(readOf('F2'));
    await until(() => requests() === 1);
    expect(scollect.abandoned).toEqual([]);
    scollect.letGo();
    expect(await staying.answer).toEqual(acme('F2'));
    await idle();
    await aWhile();
    expect(pathsOf(scollect)).toEqual(['/getaccount/F2']);
  });

  it('has nothing tried again for it', async () => {
    const scollect = await startScollect();
    const { ask, idle, requests } = await startServer(scollect);
    const leaving = ask(readOf('BUSY'));
    await scollect.received('/getaccount/BUSY');
    await aWhile();
    expect(requests()).toBe(1);
    leaving.leave();
    await idle();
    await pause(1500);
    expect(pathsOf(scollect)).toEqual(['/getaccount/BUSY']);
  });
});

describe('a request whose time is over', () => {
  it('does not end the read that it began and another waits for', async () => {
    const scollect = await startScollect('/InsertNoteline');
    const { ask, waiting, idle } = await startServer(scollect, {
      limits: { maxConcurrency: 1 },
      requestTimeoutMs: 1500,
    });
    // It keeps its place for longer than its request lives.
    const writing = ask(addNote, { input: note });
    await scollect.received('/InsertNoteline');
    const early = ask(readOf('F1'));
    await until(() => waiting() === 1);
    await pause(1000);
    const late = ask(readOf('F1'));
    expect(await early.answer).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_TIMEOUT' } }] });
    expect(await writing.answer).toMatchObject({ data: { addNote: { code: 'OUTCOME_UNKNOWN' } } });
    scollect.letGo();
    expect(await late.answer).toEqual(acme('F1'));
    await idle();
    expect(pathsOf(scollect)).toEqual(['/InsertNoteline', '/getaccount/F1']);
  });
});

describe('a client that leaves a mutation', () => {
  /** Sends it, disconnects at a point of its execution, continues it, and sends it again. */
  const leaveAndAskAgain = async (
    [document, input]: readonly [document: string, input: object],
    at: string,
  ) => {
    const scollect = await startScollect(at);
    const ledger = await ledgerInMemory();
    const { ask, idle, requests } = await startServer(scollect, { ledger });
    const client = ask(document, { input });
    await scollect.received(at);
    client.leave();
    expect(await client.answer).toBe('left');
    await aWhile();
    expect(scollect.abandoned).toEqual([]);
    expect(requests()).toBe(1);
    scollect.letGo();
    await idle();
    expect(await ledger.open()).toEqual([]);
    const again = await ask(document, { input }).answer;
    return { paths: pathsOf(scollect), again: again === 'left' ? undefined : again.data };
  };

  it.each([
    ['while it is in flight', '/run_payment_external'],
    ['before it is sent, at the log-in', '/login'],
  ])('does not stop it: it is executed once, and returned again (%s)', async (_, at) => {
    expect(await leaveAndAskAgain([runPayment, charge], at)).toEqual({
      paths: ['/run_payment_external'],
      again: { runPayment: { __typename: 'RunPaymentSuccess', approvalCode: 'A1' } },
    });
  });

  it.each([
    ['while it is in flight', '/insert_payments_external'],
    ['before it is sent, at the look at the account', '/getpayments/'],
    ['before it is sent, at the log-in', '/login'],
  ])('does not stop what is looked up for it either (%s)', async (_, at) => {
    expect(await leaveAndAskAgain([recordPayment, payment], at)).toEqual({
      paths: ['/getpayments/F1', '/insert_payments_external'],
      again: { recordPayment: { __typename: 'RecordPaymentSuccess' } },
    });
  });

  it.each([
    ['with an idempotency key', runPayment, charge, '/run_payment_external'],
    ['without', addNote, note, '/InsertNoteline'],
  ])('does not stop one that waits for its turn, %s', async (_, document, input, path) => {
    const scollect = await startScollect('/getaccount/');
    const { ask, idle, waiting } = await startServer(scollect, { limits: { maxConcurrency: 1 } });
    const staying = ask(readOf('F1'));
    await scollect.received('/getaccount/');
    const leaving = ask(document, { input });
    await until(() => waiting() === 1);
    leaving.leave();
    await aWhile();
    expect(waiting()).toBe(1);
    scollect.letGo();
    expect(await staying.answer).toEqual(acme('F1'));
    await idle();
    expect(pathsOf(scollect)).toEqual(['/getaccount/F1', path]);
  });

  it('does not stop the mutations behind it', async () => {
    const scollect = await startScollect('/InsertNoteline');
    const { ask, idle } = await startServer(scollect);
    const noteOf = (body: string) =>
      `addNote(input: { fileNumber: "F1", collectorName: "Zaphod", body: "${body}" }) { __typename }`;
    const client = ask(`mutation { one: ${noteOf('1')} two: ${noteOf('2')} }`);
    await scollect.received('/InsertNoteline');
    client.leave();
    await aWhile();
    scollect.letGo();
    await idle();
    expect(scollect.calls.map(({ written }) => written)).toEqual(['1', '2']);
    expect(scollect.abandoned).toEqual([]);
  });
});
