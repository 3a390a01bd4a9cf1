import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request as send } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRandom, type Random } from '../../src/sandbox/random.ts';
import { settingsFor, startSandbox } from '../../src/sandbox/sandbox.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { run } from '../support/process.ts';
import { floorOf, median, type Sample, sampleOf, sumOf } from './figures.ts';
import { nextRequest } from './requests.ts';
import { endTrouble, makeTrouble } from './troubles.ts';

const minutes = Number(process.env['SOAK_MINUTES'] ?? 0.25);
const seed = Number(process.env['SOAK_SEED'] ?? 1);
const clients = 12;
const requestTimeoutMs = 2000;

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'recollect-soak-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** A gateway in a process of its own, before a sandbox behind proxies. */
const start = async () => {
  const sandbox = await startSandbox({ tokenLifeSeconds: 20 });
  onTestFinished(() => sandbox.close());
  const { scollect, recoveryConnect } = sandbox;
  const proxies = await Promise.all([scollect, recoveryConnect].map(({ url }) => startFaultProxy(url)));
  onTestFinished(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });
  const folder = temporaryFolder();
  const gateway = run('main.js', {
    PORT: '0',
    AUTH_DISABLED: 'true',
    ...settingsFor(sandbox),
    SCOLLECT_URL: proxies[0]?.url ?? '',
    RECOVERYCONNECT_URL: proxies[1]?.url ?? '',
    STORE_URL: `file:${join(folder, 'gateway.db')}`,
    REQUEST_TIMEOUT_MS: String(requestTimeoutMs),
    UPSTREAM_TIMEOUT_MS: '1000',
    UPSTREAM_MAX_ANSWER_MB: '8',
    SHUTDOWN_TIMEOUT_MS: '5000',
    LOG_LEVEL: 'error',
  });
  const url = await gateway.line(/^Recollect is ready at (\S+)$/m);
  return { sandbox, proxies, gateway, url };
};

interface Tally {
  answered: number;
  left: number;
  withErrors: number;
  /** What must not happen: no response, or one with an error of the gateway. */
  readonly wrong: string[];
  slowestMs: number;
}

const askOnce = async (url: string, dispatcher: Agent, random: Random, tally: Tally): Promise<void> => {
  const { query, variables, leavesAfter } = nextRequest(random);
  const begin = performance.now();
  try {
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, variables }),
      dispatcher,
      signal: leavesAfter === undefined ? undefined : AbortSignal.timeout(leavesAfter),
    });
    const body = await response.body.text();
    tally.answered += 1;
    tally.slowestMs = Math.max(tally.slowestMs, performance.now() - begin);
    const { errors } = JSON.parse(body) as { errors?: unknown };
    if (errors) tally.withErrors += 1;
    if (response.statusCode >= 500 || body.includes('INTERNAL_SERVER_ERROR')) {
      tally.wrong.push(`${response.statusCode} ${body.slice(0, 300)} to ${query.slice(0, 100)}`);
    }
  } catch (error) {
    if (leavesAfter === undefined) tally.wrong.push(String(error));
    else tally.left += 1;
  }
};

const metricsOf = async (url: string): Promise<string> =>
  (await send(new URL('/metrics', url).href)).body.text();

describe('a gateway under load and faults', () => {
  it(
    `keeps its memory and its descriptors (${minutes} minutes)`,
    async () => {
      const { sandbox, proxies, gateway, url } = await start();
      const random = createRandom(seed);
      const dispatcher = new Agent({ connections: clients * 2 });
      onTestFinished(() => dispatcher.destroy());
      const tally: Tally = { answered: 0, left: 0, withErrors: 0, wrong: [], slowestMs: 0 };
      const begin = performance.now();
      const seconds = () => (performance.now() - begin) / 1000;
      const goesOn = () => seconds() < minutes * 60;

      const client = async (): Promise<void> => {
        while (goesOn()) await askOnce(url, dispatcher, random, tally);
      };
      let troubles = 0;
      const trouble = async (): Promise<void> => {
        while (goesOn()) {
          makeTrouble(random, sandbox, proxies);
          troubles += 1;
          await pause(1500);
          // Without these the breakers would keep most of the work away.
          endTrouble(sandbox, proxies);
          await pause(1500);
        }
      };
      const samples: Sample[] = [];
      const watch = async (): Promise<void> => {
        while (goesOn()) {
          await pause(Math.min(1000, minutes * 60 * 20));
          samples.push(sampleOf(await metricsOf(url), seconds()));
        }
      };
      await Promise.all([...Array.from({ length: clients }, client), trouble(), watch()]);

      // Requests still in flight end by their deadline.
      await pause(requestTimeoutMs + 1500);
      const calm = await metricsOf(url);
      const after = samples.filter(({ at }) => at > (minutes * 60) / 5);
      const third = Math.ceil(after.length / 3);
      const [early, late] = [after.slice(0, third), after.slice(-third)];
      const of = (part: readonly Sample[], key: 'heapMb' | 'residentMb' | 'descriptors') =>
        part.map((sample) => sample[key]);
      const heap = [floorOf(of(early, 'heapMb')), floorOf(of(late, 'heapMb'))] as const;
      const resident = [median(of(early, 'residentMb')), median(of(late, 'residentMb'))] as const;
      const descriptors = [median(of(early, 'descriptors')), median(of(late, 'descriptors'))] as const;
      const numbers = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(' -> ');
      process.stdout.write(
        `Soak of ${minutes} minutes, seed ${seed}: ${tally.answered} answered (${tally.withErrors} with errors), ` +
          `${tally.left} left, ${troubles} troubles, ${sumOf(calm, 'recollect_upstream_requests_total')} exchanges, ` +
          `${sumOf(calm, 'recollect_upstream_retries_total')} retries, slowest answer ${tally.slowestMs.toFixed(0)} ms\n` +
          `heap floor ${numbers(heap)} MB, resident ${numbers(resident)} MB, descriptors ${numbers(descriptors)}, ` +
          `at rest ${sampleOf(calm, 0).descriptors}\n`,
      );

      expect(tally.wrong).toEqual([]);
      expect(sumOf(calm, 'recollect_upstream_under_way')).toBe(0);
      expect(sumOf(calm, 'recollect_upstream_waiting')).toBe(0);
      expect(sumOf(calm, 'recollect_requests_under_way')).toBe(0);
      // A short soak is all warm-up: it shows that nothing crashes, hangs or stays.
      if (minutes >= 5) {
        expect(heap[1]).toBeLessThan(heap[0] * 1.1 + 5);
        expect(resident[1]).toBeLessThan(resident[0] * 1.15 + 20);
        expect(descriptors[1]).toBeLessThan(descriptors[0] + 20);
      }
      gateway.process.kill('SIGTERM');
      expect((await gateway.ended).code).toBe(0);
    },
    60_000 + minutes * 90_000,
  );
});
