import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LedgerOptions } from '../../src/ledger/create-ledger.ts';
import type { StateChange } from '../../src/ledger/ledger.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import type { LedgerStore } from '../../src/ledger/store.ts';
import { held, open, released, settled, unknown, write } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const keyOf = (idempotencyKey: string) => ({ ...write, idempotencyKey });

const planOf = (file: string, sql: string): string => {
  const database = new Database(file);
  const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all('UNKNOWN');
  database.close();
  return JSON.stringify(rows);
};

/** A ledger with the changes that it has reported. */
const observed = async (options: Partial<LedgerOptions> & { file?: string; store?: LedgerStore } = {}) => {
  const changes: StateChange[] = [];
  const ledger = await open({ onState: (change) => void changes.push(change), ...options });
  return { ledger, changes, states: () => changes.map(({ state }) => state) };
};

/** A process whose write is in flight, and which does not renew its lease any more. */
const suspended = async (file: string, leaseMs: number) => {
  const store = openSqliteStore(file);
  let isSuspended = false;
  const { ledger, states } = await observed({
    leaseMs,
    store: {
      ...store,
      replace: (entry) => (isSuspended ? Promise.resolve(false) : store.replace(entry)),
      list: (all) => (isSuspended ? Promise.resolve([]) : store.list(all)),
    },
  });
  const { execute, end } = held();
  const inFlight = ledger.of('acme').once(write, execute);
  while (execute.mock.calls.length === 0) await pause(1);
  isSuspended = true;
  onTestFinished(async () => {
    isSuspended = false;
    end({ kind: 'settled', outcome: 'late' });
    await inFlight.catch(() => {});
  });
  const resume = (): Promise<unknown> => {
    isSuspended = false;
    end({ kind: 'unknown' });
    return inFlight;
  };
  return { states, resume };
};

describe('the state of an entry', () => {
  it.each([
    ['an executed write', settled('first'), ['PENDING', 'SETTLED']],
    ['a write that was not executed', released, ['PENDING', 'RELEASED']],
    ['a write of unknown outcome', unknown, ['PENDING', 'UNKNOWN']],
  ])('is reported when it changes: %s', async (_, execute, expected) => {
    const { ledger, states } = await observed();
    await ledger.once(write, execute);
    // A repeated request changes nothing.
    await ledger.once({ ...write, waitMs: 0 }, settled('again'));
    expect(states().slice(0, 2)).toEqual(expected);
    expect(states()).toHaveLength(execute === released ? 4 : 2);
  });

  it('is reported when an operator resolves it', async () => {
    const { ledger, changes } = await observed();
    await ledger.once(keyOf('1'), unknown);
    await ledger.once(keyOf('2'), unknown);
    const [first, second] = await ledger.open();
    await ledger.resolve(first?.outcomeId ?? '', 'found');
    await ledger.resolve(second?.outcomeId ?? '', null);
    expect(changes.slice(-2)).toEqual([
      { outcomeId: first?.outcomeId, tenant: null, operation: 'runPayment', state: 'SETTLED' },
      { outcomeId: second?.outcomeId, tenant: null, operation: 'runPayment', state: 'RELEASED' },
    ]);
  });

  it('is not reported where only a lease is renewed', async () => {
    const { ledger, states } = await observed({ leaseMs: 30 });
    const { execute, end } = held();
    const inFlight = ledger.once(write, execute);
    await pause(100);
    expect(states()).toEqual(['PENDING']);
    end({ kind: 'settled', outcome: 'first' });
    await inFlight;
    expect(states()).toEqual(['PENDING', 'SETTLED']);
  });
});

describe('the write of a dead process', () => {
  it('becomes unknown without a further request, and one process reports it, once', async () => {
    const file = join(temporaryFolder(), 'gateway.db');
    const dead = await suspended(file, 30);
    const others = [await observed({ file, leaseMs: 30 }), await observed({ file, leaseMs: 30 })];
    const all = () => others.flatMap(({ changes }) => changes);
    while (all().length === 0) await pause(5);
    await pause(100);
    expect(all()).toEqual([
      { outcomeId: expect.any(String), tenant: 'acme', operation: 'runPayment', state: 'UNKNOWN' },
    ]);
    // It was not dead after all, but does not know the outcome either.
    await dead.resume();
    expect([...all().map(({ state }) => state), ...dead.states()]).toEqual(['UNKNOWN', 'PENDING']);
  });
});

describe('the number of pending outcomes', () => {
  it('contains the unknown ones of all tenants, and the oldest start, but no write in flight', async () => {
    let wall = 1000;
    const { ledger } = await observed({ wallNow: () => wall });
    expect(await ledger.pending()).toEqual({ count: 0, oldest: null });
    const { execute, end } = held();
    const inFlight = ledger.once(keyOf('in flight'), execute);
    wall = 2000;
    await ledger.once(keyOf('settled'), settled('first'));
    await ledger.once(keyOf('unknown'), unknown);
    wall = 3000;
    await ledger.of('acme').once(keyOf('of a tenant'), unknown);
    expect(await ledger.pending()).toEqual({ count: 2, oldest: 2000 });
    end({ kind: 'released' });
    await inFlight;
    const [first] = await ledger.open();
    await ledger.resolve(first?.outcomeId ?? '', null);
    expect(await ledger.pending()).toEqual({ count: 1, oldest: 3000 });
  });

  it('contains the write of a dead process, also where its state cannot be written', async () => {
    const file = join(temporaryFolder(), 'gateway.db');
    await suspended(file, 30);
    const store = openSqliteStore(file);
    const replace = () => Promise.reject(new Error('The disk is full'));
    const { ledger, changes } = await observed({ store: { ...store, replace }, leaseMs: 30 });
    while ((await ledger.pending()).count === 0) await pause(5);
    expect(await ledger.pending()).toEqual({ count: 1, oldest: expect.any(Number) });
    expect(changes).toEqual([]);
  });

  it('is answered from an index alone', () => {
    const file = join(temporaryFolder(), 'gateway.db');
    const store = openSqliteStore(file);
    onTestFinished(() => store.close());
    // The same statement as in the store.
    expect(planOf(file, 'SELECT count(*), min(started_at) FROM entries WHERE state = ?')).toMatch(
      /USING COVERING INDEX entries_by_state/,
    );
  });
});

describe('a failure of the store', () => {
  it('is reported when it hinders a write', async () => {
    const store = openSqliteStore(':memory:');
    let isFull = false;
    const full = () => Promise.reject(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }));
    let failures = 0;
    const ledger = await open({
      store: {
        ...store,
        add: (entry) => (isFull ? full() : store.add(entry)),
        replace: (entry) => (isFull ? full() : store.replace(entry)),
      },
      onFailure: () => {
        failures += 1;
      },
    });
    await ledger.once(keyOf('1'), settled('first'));
    expect(failures).toBe(0);
    isFull = true;
    await expect(ledger.once(keyOf('2'), settled('first'))).rejects.toThrow();
    expect(failures).toBe(1);
    isFull = false;
    const { execute, end } = held();
    const inFlight = ledger.once(keyOf('3'), execute);
    while (execute.mock.calls.length === 0) await pause(1);
    isFull = true;
    end({ kind: 'settled', outcome: 'first' });
    await expect(inFlight).rejects.toThrow();
    expect(failures).toBe(2);
    isFull = false;
  });
});
