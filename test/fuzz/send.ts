import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'undici';
import { type FuzzRequest, isRaw, type RawRequest, type WholeRequest } from './request.ts';

/** After so long, even on a busy machine, a request waits for ever. */
export const patienceMs = 30_000;

export interface Answer {
  /** `null` if there is none. */
  readonly status: number | null;
  /** Of all answers that came, where a connection brought several. */
  readonly statuses: readonly number[];
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a request ended: answered, given up by its client as it was to be, or closed by the gateway unanswered. */
export type Outcome = Answer | 'left' | 'closed' | { readonly trouble: string };

const joined = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

const codeOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
};

const sendWhole = async (pool: Pool, request: WholeRequest): Promise<Outcome> => {
  const { method, target, headers, body, leavesAfter } = request;
  try {
    const response = await pool.request({
      method: method as 'GET',
      path: target.startsWith('/') ? target : `/${target}`,
      headers: headers.flat(),
      body,
      signal: AbortSignal.timeout(leavesAfter ?? patienceMs),
    });
    const { statusCode: status } = response;
    return {
      status,
      statuses: [status],
      headers: joined(response.headers),
      body: await response.body.text(),
    };
  } catch (error) {
    if (leavesAfter !== undefined) return 'left';
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return { trouble: isLate ? `no answer within ${patienceMs} ms` : codeOf(error) };
  }
};

const headOf = (text: string): Answer => {
  const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const headers = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(/: ?(.*)/s, 2).map(String) as [string, string]);
  const status = statuses[0] ?? null;
  return { status, statuses, headers: joined(Object.fromEntries(headers)), body: rest.join('\r\n\r\n') };
};

/** How long a connection over which an answer came may be quiet before no other is waited for. */
const quietMs = 40;

const sendRaw = ({ port, hostname }: URL, request: RawRequest): Promise<Outcome> => {
  const { pieces, leavesAfter } = request;
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: hostname });
    let received = '';
    let quiet: NodeJS.Timeout | undefined;
    const end = (outcome: Outcome): void => {
      clearTimeout(late);
      clearTimeout(quiet);
      socket.destroy();
      resolve(received === '' ? outcome : headOf(received));
    };
    const late = setTimeout(
      () => end(leavesAfter === undefined ? { trouble: `no answer within ${patienceMs} ms` } : 'left'),
      leavesAfter ?? patienceMs,
    );
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      clearTimeout(quiet);
      quiet = setTimeout(() => end('left'), quietMs);
    });
    socket.on('error', () => end('closed'));
    socket.on('close', () => end('closed'));
    const write = async (): Promise<void> => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        if (typeof piece === 'number') await pause(piece);
        else socket.write(piece);
      }
    };
    void write();
  });
};

/** Sends a request, and returns how it ended. */
export const send = (url: URL, pool: Pool, request: FuzzRequest): Promise<Outcome> =>
  isRaw(request) ? sendRaw(url, request) : sendWhole(pool, request);
