import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { onTestFinished } from 'vitest';
import type { Reply } from './gateway.ts';
import { type Running, run } from './process.ts';
import { samplesIn } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { type Answer, jwt, type LocalUpstream, type Received } from './upstream.ts';

const success = (result: unknown): Answer => ({ json: { result, state: 'SUCCESS' } });

export const amountIn = ({ body }: Received): string => (body as { paymentamount: string }).paymentamount;

/** What Scollect says when all is well. */
export const wellDone = (request: Received): Answer => {
  const { path } = request;
  if (path === '/login') return success({ access_token: jwt({}) });
  if (path === '/run_payment_external') {
    return { json: { result: 'APPROVED', approvalcode: `A${Number(amountIn(request))}`, error: '' } };
  }
  return success([{ filenumber: path.split('/').at(-1), clientname: 'Acme' }]);
};

export interface Workers extends Running {
  readonly url: URL;
  readonly folder: string;
  readonly storeFile: string;
}

/** Starts a gateway of several workers before an upstream; without one, before the sandbox. */
export const startWorkers = async (
  scollect: LocalUpstream | null,
  env: Record<string, string> = {},
  folder = temporaryFolder(),
): Promise<Workers> => {
  const storeFile = join(folder, 'gateway.db');
  const upstream = scollect && { SCOLLECT_URL: scollect.url, SCOLLECT_API_KEY: 'key', SCOLLECT_PIN: 'pin' };
  const all = { PORT: '0', AUTH_DISABLED: 'true', WORKERS: '2', STORE_URL: `file:${storeFile}` };
  const running = run('main.js', { ...all, ...upstream, ...env }, folder);
  const url = new URL(await running.line(/^Recollect is ready at (\S+)$/m));
  return { ...running, url, folder, storeFile };
};

const read = 'query Read($fileNumber: String!) { account(fileNumber: $fileNumber) { fileNumber client } }';
const runPayment = `mutation Pay($input: RunPaymentInput!) { runPayment(input: $input) {
  __typename ... on RunPaymentSuccess { approvalCode } ... on MutationError { code } } }`;

export interface Asked {
  readonly body: object;
  readonly expected: object;
}

export const readOf = (fileNumber: string): Asked => ({
  body: { query: read, variables: { fileNumber } },
  expected: { account: { fileNumber, client: 'Acme' } },
});

/** A payment with a key of its own. */
export const paymentOf = (n: number): Asked => {
  const amount = `${n}.00`;
  const input = { idempotencyKey: `key ${n}`, fileNumber: `F${n}`, amount, paymentDate: '2030-01-02' };
  return {
    body: { query: runPayment, variables: { input } },
    expected: { runPayment: { __typename: 'RunPaymentSuccess', approvalCode: `A${n}` } },
  };
};

/** Sends one request over a connection of its own. */
export const ask = async ({ url }: Workers, body: object): Promise<Omit<Reply, 'status'>> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Reply;
};

/** Returns the sum of the values of a metric with these labels, in a scrape over a new connection. */
export const metricOf = async (
  { url }: Workers,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> => {
  const response = await fetch(new URL('/metrics', url), { headers: { connection: 'close' } });
  return samplesIn(await response.text())
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
};

/** Returns the process ids of the workers, as the supervisor sees them. */
export const workerIds = async ({ process: { pid } }: Pick<Running, 'process'>): Promise<number[]> => {
  const { execFileSync } = await import('node:child_process');
  return execFileSync('sh', ['-c', `cat /proc/${pid}/task/*/children`], { encoding: 'utf8' })
    .split(/\s+/)
    .filter((text) => text !== '')
    .map(Number);
};

export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await pause(20);
};

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A load of reads and payments, over connections that are kept and others. */
export const startLoad = ({ url }: Workers, clients: number) => {
  const pool = new Pool(url.origin, { connections: clients });
  onTestFinished(() => pool.destroy());
  const state = { sent: 0, payments: 0, isOver: false };
  const failed: string[] = [];
  const one = async (isKept: boolean): Promise<void> => {
    while (!state.isOver) {
      state.sent += 1;
      const n = state.sent;
      const isPayment = n % 10 === 0;
      if (isPayment) state.payments += 1;
      const { body, expected } = isPayment ? paymentOf(n) : readOf(`F${n}`);
      try {
        const response = await pool.request({
          method: 'POST',
          path: url.pathname,
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify(body),
          reset: !isKept,
        });
        const text = await response.body.text();
        const data = response.statusCode === 200 ? (JSON.parse(text) as Reply).data : undefined;
        if (JSON.stringify(data) !== JSON.stringify(expected)) failed.push(`${response.statusCode} ${text}`);
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException;
        failed.push(`${code} ${message}`);
      }
    }
  };
  const ended = Promise.all(Array.from({ length: clients }, (_, index) => one(index % 4 !== 0)));
  return {
    state,
    failed,
    end: async (): Promise<void> => {
      state.isOver = true;
      await ended;
    },
  };
};
