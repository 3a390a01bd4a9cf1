import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { serveCalls } from './calls.ts';
import { failureAnswers, failureOf } from './failures.ts';
import { recoveryConnectAnswer } from './recovery-connect.ts';
import { createRequestReader, type Received } from './requests.ts';
import { type Template, templateOf } from './template.ts';
import { signedToken } from './token.ts';
import { bodies, portfolioBody, portfolioListBody, portfolioNumberIn } from './wire.ts';

/** How often each operation was asked for. */
export type Counts = Readonly<Record<string, number>>;

/** What the stub can be told. */
export type StubApi = {
  /** Milliseconds that every answer but that of a log-in takes. */
  setLatency(milliseconds: number): void;
  /** The calls since this was last asked. */
  takeCounts(): Counts;
  /** The port on loopback where it listens. */
  port(): Promise<number>;
};

const headOf = (length: number, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

const templates: Readonly<Record<string, Template>> = Object.fromEntries(
  Object.entries(bodies).map(([operation, body]) => [operation, templateOf(body)]),
);

const login = (): string =>
  JSON.stringify({
    result: { access_token: signedToken({ sub: 'bench', pin: 'C2C' }, 'the secret of the stub') },
    state: 'SUCCESS',
  });

const whole = portfolioBody();
const sliceBytes = 128 * 1024;

/** Hands the portfolio out as fast as it is taken, and stops where nobody takes any more. */
const writePortfolio = async (socket: Socket): Promise<void> => {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  socket.once('close', leave);
  socket.write(headOf(whole.length));
  for (let start = 0; start < whole.length && !gone.signal.aborted; start += sliceBytes) {
    if (!socket.write(whole.subarray(start, start + sliceBytes))) {
      await once(socket, 'drain', { signal: gone.signal }).catch(() => {});
    }
  }
  socket.off('close', leave);
};

let latency = 0;
let counts: Record<string, number> = {};
/** The number of the portfolio that was asked for last. */
let lastPortfolio = 0;

const keyOf = (operation: string, parameter: string, body: string): string =>
  operation === 'searchbyphone' ? (/-(\d{4})"/.exec(body)?.[1] ?? '') : parameter;

const write = (socket: Socket, body: string, status?: string): void => {
  if (socket.destroyed) return;
  socket.write(headOf(body.length, status) + body, 'latin1');
};

const answer = (socket: Socket, operation: string, key: string): void => {
  if (socket.destroyed) return;
  const template = templates[operation];
  const failure = failureOf(operation, key);
  if (failure) {
    const { status, body } = failureAnswers[failure];
    write(socket, body, status);
  } else if (operation === 'get_accounts_in_portfolio') {
    writePortfolio(socket).catch(() => socket.destroy());
  } else if (operation === 'getportfoliolist') {
    write(socket, portfolioListBody(lastPortfolio));
  } else if (template) {
    write(socket, template.fill(key));
  } else {
    write(socket, '{"error":"No such route."}', '404 Not Found');
  }
};

const route = (socket: Socket, operation: string, key: string, isAllowed: boolean): void => {
  if (!isAllowed) write(socket, '{"msg":"Missing Authorization Header"}', '401 Unauthorized');
  else if (latency === 0) answer(socket, operation, key);
  else setTimeout(answer, latency, socket, operation, key);
};

const count = (operation: string): void => {
  counts[operation] = (counts[operation] ?? 0) + 1;
};

/** Whether a request was for RecoveryConnect, whose paths begin with `/api`. */
const serveRecoveryConnect = (socket: Socket, head: string): boolean => {
  const found = head.startsWith('GET /api/') && recoveryConnectAnswer(head.slice(4, head.indexOf(' ', 4)));
  if (!found) return false;
  count(found.operation);
  if (latency === 0) write(socket, found.body);
  else setTimeout(write, latency, socket, found.body);
  return true;
};

const serve = (socket: Socket, { head, body }: Received): void => {
  if (serveRecoveryConnect(socket, head)) return;
  const [, operation = '', parameter = ''] = /^\w+ \/(\w+)(?:\/([^/ ]+))? /.exec(head) ?? [];
  if (operation === 'login') {
    write(socket, login());
    return;
  }
  count(operation);
  lastPortfolio = portfolioNumberIn(body) ?? lastPortfolio;
  const isAllowed = /\nauthorization: Bearer \S/i.test(head);
  route(socket, operation, keyOf(operation, parameter, body), isAllowed);
};

const server = createServer({ noDelay: true }, (socket) => {
  const read = createRequestReader();
  socket.on('data', (chunk) => {
    for (const request of read(chunk)) serve(socket, request);
  });
  // Whoever leaves early resets the connection.
  socket.on('error', () => socket.destroy());
}).listen(0, '127.0.0.1', 4096);

const api: StubApi = {
  setLatency: (milliseconds) => {
    latency = milliseconds;
  },
  takeCounts: () => {
    const taken = counts;
    counts = {};
    return taken;
  },
  port: async () => {
    while (!server.listening) await pause(5);
    return (server.address() as AddressInfo).port;
  },
};

serveCalls(api);
