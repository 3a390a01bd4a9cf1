import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startNginx } from '../support/deploy/nginx.ts';
import { programAt } from '../support/deploy/programs.ts';
import type { Reply } from '../support/gateway.ts';
import { statesIn } from '../support/ledger-states.ts';
import { listenAnywhere } from '../support/listen.ts';
import { type Running, run } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { jwtSecret, tokenFor } from '../support/token.ts';
import { type Answer, jwt, type Received, startUpstream } from '../support/upstream.ts';

const nginx = programAt('nginx', 'the rolling restart');

const wanted = 10_000;
const clients = 32;
/** One request in so many is a payment. */
const paymentEvery = 10;

const read = 'query ($fileNumber: String!) { account(fileNumber: $fileNumber) { fileNumber client } }';
const runPayment = `mutation ($input: RunPaymentInput!) { runPayment(input: $input) {
  __typename ... on RunPaymentSuccess { approvalCode } ... on MutationError { code } } }`;

const success = (result: unknown): Answer => ({ json: { result, state: 'SUCCESS' } });

const amountIn = ({ body }: Received): string => (body as { paymentamount: string }).paymentamount;

const wellDone = (request: Received): Answer => {
  const { path } = request;
  if (path === '/login') return success({ access_token: jwt({}) });
  if (path === '/run_payment_external') {
    return { json: { result: 'APPROVED', approvalcode: `A${Number(amountIn(request))}`, error: '' } };
  }
  return success([{ filenumber: path.split('/').at(-1), clientname: 'Acme' }]);
};

interface Request {
  readonly body: object;
  readonly expected: object;
}

const requestOf = (n: number): Request => {
  if (n % paymentEvery === 0) {
    const amount = `${n}.00`;
    const input = { idempotencyKey: `key ${n}`, fileNumber: `F${n}`, amount, paymentDate: '2030-01-02' };
    return {
      body: { query: runPayment, variables: { input } },
      expected: { runPayment: { __typename: 'RunPaymentSuccess', approvalCode: `A${n}` } },
    };
  }
  const fileNumber = `F${n}`;
  return {
    body: { query: read, variables: { fileNumber } },
    expected: { account: { fileNumber, client: 'Acme' } },
  };
};

/** A gateway that can be replaced by another one on its port. */
const startReplaceable = async (env: Record<string, string>) => {
  let running: Running | undefined;
  const startOn = async (port: number): Promise<void> => {
    const next = run('main.js', { ...env, PORT: String(port) });
    try {
      await next.line(/^Recollect is ready at (\S+)$/m);
    } catch (error) {
      throw Object.assign(error as Error, { code: 'EADDRINUSE' });
    }
    running = next;
  };
  const port = await listenAnywhere(startOn);
  return {
    port,
    /** Stops it, and starts the next one once it has ended. */
    replace: async (): Promise<number | null | undefined> => {
      running?.process.kill('SIGTERM');
      const ended = await running?.ended;
      await startOn(port);
      return ended?.code;
    },
  };
};

describe.skipIf(nginx === undefined)('two gateways behind nginx', () => {
  it('are restarted one after the other without a failed request, and each payment is executed once', {
    timeout: 300_000,
  }, async () => {
    const scollect = await startUpstream(wellDone);
    const storeFile = `${temporaryFolder()}/gateway.db`;
    const env = {
      NODE_ENV: 'production',
      AUTH_JWT_SECRET: jwtSecret,
      TRUSTED_PROXIES: '1',
      SCOLLECT_URL: scollect.url,
      SCOLLECT_API_KEY: 'key',
      SCOLLECT_PIN: 'pin',
      STORE_URL: `file:${storeFile}`,
      AUDIT_LOG: 'off',
      RATE_LIMIT_PER_CALLER: '0',
      RATE_LIMIT_PER_ADDRESS: '0',
      SHUTDOWN_DELAY_MS: '1000',
    };
    const gateways = [await startReplaceable(env), await startReplaceable(env)];
    const ports = gateways.map(({ port }) => port);
    const proxy = await startNginx(nginx ?? '', ports);

    const pool = new Pool(`https://127.0.0.1:${proxy.port}`, {
      connections: clients,
      connect: { ca: proxy.ca, servername: 'recollect.example.com' },
    });
    onTestFinished(() => pool.destroy());
    const headers = {
      host: 'recollect.example.com',
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${tokenFor({ scope: 'accounts:read payments:write' })}`,
    };
    let sent = 0;
    let isRestarting = true;
    const failed: string[] = [];
    const ask = async (): Promise<void> => {
      while (sent < wanted || isRestarting) {
        sent += 1;
        const { body, expected } = requestOf(sent);
        try {
          const response = await pool.request({
            method: 'POST',
            path: '/graphql',
            headers,
            body: JSON.stringify(body),
          });
          const text = await response.body.text();
          const isAsExpected =
            response.statusCode === 200 &&
            JSON.stringify((JSON.parse(text) as Reply).data) === JSON.stringify(expected);
          if (!isAsExpected) failed.push(`${response.statusCode} ${text}`);
        } catch (error) {
          failed.push(String(error));
        }
      }
    };
    const load = Promise.all(Array.from({ length: clients }, ask));

    const codes: unknown[] = [];
    for (const [index, gateway] of gateways.entries()) {
      while (sent < ((index + 1) * wanted) / 4) await pause(5);
      codes.push(await gateway.replace());
      await pause(200);
    }
    isRestarting = false;
    await load;

    process.stdout.write(`Sent ${sent} requests during two restarts, failed ${failed.length}.\n`);
    expect(failed.slice(0, 5)).toEqual([]);
    expect(codes).toEqual([0, 0]);
    const charged = scollect.received.filter(({ path }) => path === '/run_payment_external').map(amountIn);
    const payments = Math.floor(sent / paymentEvery);
    expect(new Set(charged).size).toBe(payments);
    expect(charged).toHaveLength(payments);
    expect(statesIn(storeFile)).toEqual({ SETTLED: payments });

    // Both have served, also after the restarts.
    const lastLines = proxy.log('recollect.log').split('\n').slice(-500).join('\n');
    for (const port of ports) expect(lastLines).toContain(` 127.0.0.1:${port} 200 `);
  });
});
