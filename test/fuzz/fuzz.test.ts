import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleOf } from '../soak/figures.ts';
import { repeatsAny } from './canary.ts';
import {
  type ConfigurationName,
  configurationOf,
  configurations,
  documentIds,
  type FuzzedGateway,
  startConfigured,
} from './configurations.ts';
import type { FuzzRequest } from './request.ts';
import { requestOf } from './requests.ts';
import { faultsOf } from './rules.ts';
import { send } from './send.ts';
import { addTrouble, count, createTally, summaryOf, type Tally } from './tally.ts';
import { goodToken } from './tokens.ts';
import { toolKinds } from './tool-requests.ts';

const requests = Number(process.env['FUZZ_REQUESTS'] ?? 3000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
/** The number of the one request to send; by default all of them. */
const only = process.env['FUZZ_ONLY'];

const clients = 24;
const checkedEvery = 200;

/** After so many troubles there is enough to look at. */
const mostTroubles = 10;

const numbersFor = (name: ConfigurationName): number[] =>
  (only === undefined ? Array.from({ length: requests }, (_, number) => number) : [Number(only)]).filter(
    (number) => configurationOf(number) === name,
  );

const get = async (pool: Pool, path: string): Promise<string> => {
  const response = await pool.request({ method: 'GET', path });
  const text = await response.body.text();
  if (response.statusCode !== 200 && response.statusCode !== 429) {
    throw new Error(`${path} answers ${response.statusCode}: ${text}`);
  }
  return text;
};

/** A plain question, as of somebody who knows nothing of all the others. */
const expectRightAnswer = async ({ question }: FuzzedGateway, pool: Pool): Promise<void> => {
  const response = await pool.request({
    method: 'POST',
    path: '/graphql',
    headers: { authorization: `Bearer ${goodToken('plain')}`, 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });
  const answer: unknown = await response.body.json();
  if (response.statusCode === 429) return;
  expect(answer).toEqual({
    data: { account: { fileNumber: 'R1001', borrower: { fullName: 'MALIA GUEST' } } },
  });
};

/** The same by a tool. */
const expectRightResult = async (pool: Pool): Promise<void> => {
  const params = { name: 'AccountOverview', arguments: { fileNumber: 'R1001' } };
  const response = await pool.request({
    method: 'POST',
    path: '/mcp',
    headers: { authorization: `Bearer ${goodToken('plain')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  expect(await response.body.json()).toMatchObject({
    id: 1,
    result: { structuredContent: { data: { account: { fileNumber: 'R1001' } } } },
  });
};

const expectAlive = async (gateway: FuzzedGateway, pool: Pool): Promise<void> => {
  await expectRightAnswer(gateway, pool);
  if (gateway.hasTools) await expectRightResult(pool);
  await get(pool, '/ready');
};

const sendOne = async (
  gateway: FuzzedGateway,
  pool: Pool,
  request: FuzzRequest,
  tally: Tally,
): Promise<void> => {
  const begin = performance.now();
  const outcome = await send(gateway.url, pool, request);
  count(tally, request, outcome, performance.now() - begin);
  if (typeof outcome === 'string') return;
  if ('trouble' in outcome) addTrouble(tally, seed, request, outcome.trouble, '');
  else {
    const faults = faultsOf(request, outcome);
    const answer = `${outcome.status} ${JSON.stringify(outcome.headers)} ${outcome.body}`;
    if (faults.length > 0) addTrouble(tally, seed, request, faults.join('; '), answer);
  }
};

const poolFor = ({ url }: FuzzedGateway): Pool => {
  const pool = new Pool(url.origin, { connections: clients * 2, bodyTimeout: 0, headersTimeout: 0 });
  onTestFinished(() => pool.destroy());
  return pool;
};

/** Sends all requests, some at a time, and sees between them whether the gateway is still well. */
const sendAll = async (gateway: FuzzedGateway, numbers: readonly number[], tally: Tally): Promise<void> => {
  const pool = poolFor(gateway);
  await expectAlive(gateway, pool);
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < numbers.length && tally.troubles.length < mostTroubles) {
      const number = numbers[next] ?? 0;
      next += 1;
      await sendOne(
        gateway,
        pool,
        requestOf(seed, number, documentIds, gateway.hasTools ? toolKinds : undefined),
        tally,
      );
      if (next % checkedEvery === 0) await expectAlive(gateway, pool);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await expectAlive(gateway, pool);
  await pool.destroy();
};

/** Figures of the gateway at rest, with the connection that requests them only. */
const restOf = async (gateway: FuzzedGateway) => {
  // What clients have left may take until its deadline.
  await pause(only === undefined ? 3500 : 100);
  const pool = poolFor(gateway);
  const sample = sampleOf(await get(pool, '/metrics'), 0);
  await pool.destroy();
  return sample;
};

/** Nothing on stderr, and no line about a fault of the gateway, or with anything of a caller's. */
const expectQuietEnd = async ({ process: running }: FuzzedGateway): Promise<void> => {
  running.process.kill('SIGTERM');
  const { code, stdout, stderr } = await running.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines.filter((line) => line.includes('unexpected error'))).toEqual([]);
  expect(lines.filter(repeatsAny)).toEqual([]);
};

describe('whatever is sent to a gateway of each configuration', () => {
  it.each((Object.keys(configurations) as ConfigurationName[]).filter((name) => numbersFor(name).length > 0))(
    '%s',
    async (name) => {
      const numbers = numbersFor(name);
      const gateway = await startConfigured(name);
      const tally = createTally();
      // What is loaded and compiled once is there before it is measured.
      const warmUp = Math.ceil(numbers.length / 5);
      const begin = performance.now();
      await sendAll(gateway, numbers.slice(0, warmUp), tally);
      const before = await restOf(gateway);
      await sendAll(gateway, numbers.slice(warmUp), tally);
      const seconds = (performance.now() - begin) / 1000;
      const after = await restOf(gateway);
      process.stdout.write(
        `Fuzz with seed ${seed} and configuration "${name}": ${numbers.length} requests in ${seconds.toFixed(0)} s\n${summaryOf(tally)}\n` +
          `resident ${before.residentMb.toFixed(0)} -> ${after.residentMb.toFixed(0)} MB, heap ${before.heapMb.toFixed(0)} -> ` +
          `${after.heapMb.toFixed(0)} MB, descriptors ${before.descriptors} -> ${after.descriptors}\n${tally.troubles.map((one) => `${one}\n`).join('')}`,
      );
      expect(tally.troubles).toEqual([]);
      if (only === undefined) expect(tally.statuses['200']).toBeGreaterThan(0);
      // A collector that is in no hurry leaves much lying about; what is kept for good soon is more than that.
      expect(after.heapMb).toBeLessThan(before.heapMb * 1.5 + 150);
      expect(after.residentMb).toBeLessThan(before.residentMb * 2 + 250);
      expect(after.descriptors).toBeLessThan(before.descriptors + 10);
      await expectQuietEnd(gateway);
    },
    120_000 + requests * 50,
  );
});
