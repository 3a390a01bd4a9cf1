import { existsSync, renameSync, unlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Sandbox, settingsFor, startSandbox } from '../src/sandbox/sandbox.ts';
import { type Running, run } from './support/process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const timeout = 60_000;

const start = async (folder: string, sandbox: Sandbox) => {
  const running: Running = run('main.js', {
    PORT: '0',
    AUTH_DISABLED: 'true',
    ...settingsFor(sandbox),
    STORE_URL: `file:${folder}/gateway.db`,
  });
  const url = new URL(await running.line(/^Recollect is ready at (\S+)$/m));
  const scrape = async () => {
    const response = await fetch(new URL('/metrics', url));
    expect(response.status).toBe(200);
    const text = await response.text();
    return (name: string): number | undefined => {
      const line = text.split('\n').find((one) => one.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length + 1));
    };
  };
  const query = async (document: string, variables: object = {}): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: document, variables });
    return (await fetch(url, { method: 'POST', headers, body })).json();
  };
  return {
    scrape,
    query,
    /** Waits until a metric has a value. */
    until: async (name: string, expected: number | undefined): Promise<void> => {
      while ((await scrape())(name) !== expected) await pause(100);
    },
    charge: (idempotencyKey: string, amount: string) =>
      query('mutation ($input: RunPaymentInput!) { runPayment(input: $input) { __typename } }', {
        input: { idempotencyKey, fileNumber: 'R1001', amount, paymentDate: '2030-01-02' },
      }),
    /** Ends the process, and returns the lines about unknown outcomes that it logged. */
    end: async (signal: 'SIGKILL' | 'SIGTERM'): Promise<Record<string, unknown>[]> => {
      running.process.kill(signal);
      const { stdout } = await running.ended;
      return stdout
        .split('\n')
        .filter((line) => line.startsWith('{') && line.includes('the outcome of a write is unknown'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
};

const setUp = async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return { sandbox, folder: temporaryFolder() };
};

const idsQuery = '{ pendingOutcomes { outcomeId } }';

interface Ids {
  readonly data: { readonly pendingOutcomes: readonly { readonly outcomeId: string }[] };
}

const warning = (outcomeId: string | undefined) => ({
  level: 40,
  time: expect.anything(),
  outcomeId,
  mutation: 'runPayment',
  msg: 'the outcome of a write is unknown: it may have been executed, and is in pendingOutcomes',
});

const [count, oldest] = ['recollect_pending_outcomes', 'recollect_pending_outcome_oldest_seconds'];

describe('metrics and log of pending outcomes', { timeout }, () => {
  it('show a lost response at once, and over restarts until it is resolved, with one line for it', async () => {
    const { sandbox, folder } = await setUp();
    const first = await start(folder, sandbox);
    expect((await first.scrape())(count)).toBe(0);
    expect((await first.scrape())('recollect_ledger_entries_total{state="unknown"}')).toBe(0);
    sandbox.faults.set([{ operation: 'run_payment_external', fault: 'lose-answer', times: 1 }]);
    await first.charge('key 1', '77.31');
    await first.charge('key 1', '77.31');
    await first.until(count, 1);
    const scraped = await first.scrape();
    expect(scraped('recollect_ledger_entries_total{state="unknown"}')).toBe(1);
    expect(scraped('recollect_ledger_entries_total{state="pending"}')).toBe(1);
    const { data } = (await first.query(idsQuery)) as Ids;
    const outcomeId = data.pendingOutcomes[0]?.outcomeId;
    const lines = await first.end('SIGTERM');
    expect(lines).toEqual([warning(outcomeId)]);

    const second = await start(folder, sandbox);
    const again = await second.scrape();
    expect(again(count)).toBe(1);
    expect(again(oldest)).toBeGreaterThan(0);
    expect(again('recollect_ledger_entries_total{state="unknown"}')).toBe(0);
    await second.query(
      'mutation ($id: ID!) { resolveOutcome(input: { outcomeId: $id, wasCarriedOut: true }) { __typename } }',
      { id: outcomeId },
    );
    await second.until(count, 0);
    expect((await second.scrape())(oldest)).toBe(0);
    expect((await second.scrape())('recollect_ledger_entries_total{state="settled"}')).toBe(1);
    expect(await second.end('SIGTERM')).toEqual([]);
  });

  it('show the write of a killed process after the next start, without a request, with one line for it', async () => {
    const { sandbox, folder } = await setUp();
    const killed = await start(folder, sandbox);
    sandbox.faults.set([{ operation: 'run_payment_external', fault: 'hang' }]);
    const lost = killed.charge('key 1', '77.31').catch(() => {});
    await killed.until('recollect_ledger_entries_total{state="pending"}', 1);
    while (sandbox.faults.list().length === 0) await pause(10);
    // In flight it is not pending.
    expect((await killed.scrape())(count)).toBe(0);
    expect(await killed.end('SIGKILL')).toEqual([]);
    await lost;

    const second = await start(folder, sandbox);
    await second.until(count, 1);
    await second.until('recollect_ledger_entries_total{state="unknown"}', 1);
    const { data } = (await second.query(idsQuery)) as Ids;
    expect(await second.end('SIGTERM')).toEqual([warning(data.pendingOutcomes[0]?.outcomeId)]);

    const third = await start(folder, sandbox);
    expect((await third.scrape())(count)).toBe(1);
    expect(await third.end('SIGTERM')).toEqual([]);
  });

  it('are absent while the ledger is gone, and the scrape succeeds', async () => {
    const { sandbox, folder } = await setUp();
    const gateway = await start(folder, sandbox);
    expect((await gateway.scrape())('recollect_ledger_available')).toBe(1);
    const file = `${folder}/gateway.db`;
    renameSync(file, `${folder}/elsewhere`);
    await gateway.until('recollect_ledger_available', 0);
    const scraped = await gateway.scrape();
    expect([scraped(count), scraped(oldest)]).toEqual([undefined, undefined]);
    await gateway.charge('key 1', '77.31');
    expect((await gateway.scrape())('recollect_ledger_failures_total')).toBeGreaterThan(0);
    if (existsSync(file)) unlinkSync(file);
    renameSync(`${folder}/elsewhere`, file);
    await gateway.until(count, 0);
  });
});
