import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'libsql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import {
  type Attempt,
  ForeignStoreError,
  type LedgerError,
  type WriteOnce,
} from '../../src/ledger/ledger.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import type { LedgerStore } from '../../src/ledger/store.ts';
import { Secret, SecurityCode } from '../../src/values/secret.ts';
import { gatewayKey, held, hour, never, open, released, settled, unknown, write } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('a key', () => {
  it('executes its write once, and returns the first outcome again', async () => {
    const ledger = await open();
    expect(await ledger.once(write, settled('first'))).toEqual({
      kind: 'settled',
      outcome: 'first',
    });
    expect(await ledger.once(write, never)).toEqual({ kind: 'settled', outcome: 'first' });
  });

  it('is the same for an input of other order of keys', async () => {
    const ledger = await open();
    await ledger.once({ ...write, input: { a: 1, b: { c: 2, d: undefined } } }, settled('first'));
    expect(await ledger.once({ ...write, input: { b: { c: 2 }, a: 1 } }, never)).toMatchObject({
      outcome: 'first',
    });
  });

  it.each<Partial<WriteOnce>>([
    { input: { amount: '2.00' } },
    { operation: 'recordPayment' },
    { input: { amount: '1.00', more: [] } },
  ])('is in conflict with another write: %j', async (other) => {
    const ledger = await open();
    for (const first of [settled('first'), unknown, released]) {
      const idempotencyKey = String(Math.random());
      await ledger.once({ ...write, idempotencyKey }, first);
      expect(await ledger.once({ ...write, idempotencyKey, ...other }, never)).toEqual({ kind: 'conflict' });
    }
  });

  it.each<Partial<WriteOnce>>([{ caller: 'bob' }, { idempotencyKey: 'key 2' }, { caller: 'ann","key' }])(
    'is another key with %j',
    async (other) => {
      const ledger = await open();
      await ledger.once(write, settled('first'));
      expect(await ledger.once({ ...write, ...other }, settled('other'))).toMatchObject({ outcome: 'other' });
    },
  );

  it('distinguishes cards, and ignores security codes', async () => {
    const ledger = await open();
    const paidBy = (number: string, code: string): WriteOnce => ({
      ...write,
      input: { card: { number: new Secret(number), securityCode: new SecurityCode(code) } },
    });
    await ledger.once(paidBy('4111111111111111', '111'), settled('first'));
    expect(await ledger.once(paidBy('4111111111111111', '222'), never)).toMatchObject({ outcome: 'first' });
    expect(await ledger.once(paidBy('4242424242424242', '111'), never)).toEqual({ kind: 'conflict' });
  });

  it('in flight is awaited by an equal request', async () => {
    const ledger = await open();
    const { execute, end } = held();
    const all = Promise.all([
      ledger.once(write, execute),
      ledger.once(write, never),
      ledger.once(write, never),
    ]);
    await pause(30);
    end({ kind: 'settled', outcome: 'first' });
    expect((await all).map((ended) => ended.kind === 'settled' && ended.outcome)).toEqual([
      'first',
      'first',
      'first',
    ]);
    expect(execute).toHaveBeenCalledTimes(1);
  });

  it('in flight for too long is reported as in flight', async () => {
    const ledger = await open();
    const { execute, end } = held();
    const first = ledger.once(write, execute);
    const waiting = ledger.once({ ...write, waitMs: 20 }, never);
    expect(await waiting).toEqual({ kind: 'inFlight', outcomeId: expect.any(String) });
    end({ kind: 'released' });
    await first;
  });

  it('whose write was not executed may be used again, but not by waiting requests', async () => {
    const ledger = await open();
    const { execute, end } = held();
    const first = ledger.once(write, execute);
    const waiting = ledger.once(write, never);
    await pause(30);
    end({ kind: 'released' });
    expect([await first, await waiting]).toEqual([{ kind: 'released' }, { kind: 'released' }]);
    expect(await ledger.once(write, settled('second'))).toMatchObject({ outcome: 'second' });
    expect(await ledger.once(write, never)).toMatchObject({ outcome: 'second' });
  });

  it('changes at another time of the ledger than every other, also within one millisecond', async () => {
    const store = openSqliteStore(':memory:');
    const ledger = await open({ store, elapsed: () => 0 });
    const times: number[] = [];
    for (const idempotencyKey of ['1', '2', '3']) {
      await ledger.once({ ...write, idempotencyKey }, settled('first'));
      times.push((await store.marks()).lastChange);
    }
    expect([...new Set(times)].sort((one, other) => one - other)).toEqual(times);
    expect(new Set(times).size).toBe(3);
  });

  it('is forgotten when its time is over, but not while its outcome is not known', async () => {
    let now = 0;
    const ledger = await open({ elapsed: () => now });
    await ledger.once(write, settled('first'));
    await ledger.once({ ...write, idempotencyKey: 'lost' }, unknown);
    // Each change takes a millisecond of the ledger's clock, which stands still here.
    now = hour - 10;
    expect(await ledger.once(write, never)).toMatchObject({ outcome: 'first' });
    now = 1000 * hour;
    expect(await ledger.once(write, settled('second'))).toMatchObject({ outcome: 'second' });
    expect(await ledger.once({ ...write, idempotencyKey: 'lost' }, never)).toMatchObject({ kind: 'unknown' });
  });
});

describe('an outcome that is not known', () => {
  it('stays so, and is listed with its subject', async () => {
    const ledger = await open();
    const { outcomeId } = (await ledger.once(write, unknown)) as { outcomeId: string };
    expect(await ledger.once(write, never)).toEqual({ kind: 'unknown', outcomeId });
    expect(await ledger.open()).toEqual([
      {
        outcomeId,
        caller: 'ann',
        operation: 'runPayment',
        subject: { fileNumber: 'R1' },
        evidence: null,
        startedAt: expect.any(Date),
      },
    ]);
    expect(await ledger.find(outcomeId)).toMatchObject({ outcomeId });
    expect(await ledger.find('another')).toBeNull();
  });

  it('is what an unforeseen error leaves behind', async () => {
    const ledger = await open();
    const failing = ledger.once(write, () => Promise.reject(new TypeError('unforeseen')));
    await expect(failing).rejects.toThrow('unforeseen');
    expect(await ledger.once(write, never)).toMatchObject({ kind: 'unknown' });
  });

  it('found executed returns the outcome from then on', async () => {
    const ledger = await open();
    const { outcomeId } = (await ledger.once(write, unknown)) as { outcomeId: string };
    expect(await ledger.resolve(outcomeId, 'found')).toBe(true);
    expect(await ledger.once(write, never)).toMatchObject({ kind: 'settled', outcome: 'found' });
    expect(await ledger.open()).toEqual([]);
    expect(await ledger.resolve(outcomeId, null)).toBe(false);
  });

  it('found not executed frees the key for the same write', async () => {
    const ledger = await open();
    const { outcomeId } = (await ledger.once(write, unknown)) as { outcomeId: string };
    expect(await ledger.resolve(outcomeId, null)).toBe(true);
    expect(await ledger.once({ ...write, input: {} }, never)).toEqual({ kind: 'conflict' });
    expect(await ledger.once(write, settled('second'))).toMatchObject({ outcome: 'second' });
  });

  it('is that of a try whose process has died', async () => {
    let now = 0;
    const store = openSqliteStore(':memory:');
    const ledger = await open({ store, elapsed: () => now, leaseMs: 100_000 });
    const dead = held();
    void ledger.once(write, dead.execute);
    await pause(5);
    expect(await ledger.open()).toEqual([]);
    now = 100_000;
    expect(await ledger.open()).toMatchObject([{ operation: 'runPayment' }]);
    expect(await ledger.once(write, never)).toMatchObject({ kind: 'unknown' });
    // It was not dead after all: what it knows counts.
    dead.end({ kind: 'settled', outcome: 'late' });
    await pause(5);
    expect(await ledger.once(write, never)).toMatchObject({ outcome: 'late' });
  });

  it('found not executed, and retried, is that of the retry', async () => {
    let now = 0;
    const onOvertaken = vi.fn();
    const ledger = await open({ elapsed: () => now, leaseMs: 100_000, onOvertaken });
    const slow = held();
    const first = ledger.once(write, slow.execute);
    await pause(5);
    now = 100_000;
    const [lost] = await ledger.open();
    expect(await ledger.resolve(lost?.outcomeId ?? '', null)).toBe(true);
    await ledger.once(write, settled('second'));
    slow.end({ kind: 'settled', outcome: 'late' });
    expect(onOvertaken).not.toHaveBeenCalled();
    await first;
    expect(await ledger.once(write, never)).toMatchObject({ outcome: 'second' });
    // Both were executed: this must be reported.
    expect(onOvertaken.mock.calls).toEqual([[lost?.outcomeId]]);
  });

  it('of a try that stood still before it sent anything is not known to others, but to itself', async () => {
    let now = 0;
    const ledger = await open({ elapsed: () => now, leaseMs: 100_000 });
    const ended = await ledger.once(write, async ({ claim }) => {
      now = 100_000;
      expect(await ledger.open()).toHaveLength(1);
      expect(await claim()).toBe(true);
      expect(await ledger.open()).toEqual([]);
      return { kind: 'settled', outcome: 'first' };
    });
    expect(ended).toMatchObject({ outcome: 'first' });
  });

  it('is claimed again where the store took longer than the lease to say so', async () => {
    let now = 0;
    const store = openSqliteStore(':memory:');
    const delays = [100_000, 100_000];
    const replace: LedgerStore['replace'] = (entry) => {
      now += delays.pop() ?? 0;
      return store.replace(entry);
    };
    const ledger = await open({ store: { ...store, replace }, elapsed: () => now, leaseMs: 90_000 });
    await ledger.once(write, async ({ claim }) => {
      now = 90_000;
      expect(await claim()).toBe(true);
      expect(delays).toEqual([]);
      // To others it is alive as the call leaves.
      expect(await ledger.open()).toEqual([]);
      return { kind: 'settled', outcome: 'first' };
    });
  });

  it.each([
    ['not executed, and executed by another', null, 'second'],
    ['executed', 'found', 'found'],
  ])('settled while its try stood still as %s, keeps that one from sending', async (_, found, outcome) => {
    let now = 0;
    const ledger = await open({ elapsed: () => now, leaseMs: 100_000 });
    const ended = await ledger.once(write, async ({ claim }) => {
      now = 100_000;
      const [lost] = await ledger.open();
      await ledger.resolve(lost?.outcomeId ?? '', found);
      await ledger.once(write, settled('second'));
      expect(await claim()).toBe(false);
      return { kind: 'lost' };
    });
    expect(ended).toEqual({ kind: 'settled', outcome });
  });

  it('is not that of a try that takes longer than its lease, as long as its process lives', async () => {
    const ledger = await open({ leaseMs: 60 });
    const { execute, end } = held();
    const first = ledger.once(write, execute);
    await pause(200);
    const waiting = ledger.once({ ...write, waitMs: 0 }, never);
    expect(await waiting).toMatchObject({ kind: 'inFlight' });
    end({ kind: 'settled', outcome: 'first' });
    expect(await first).toMatchObject({ outcome: 'first' });
  });

  it('does not know what others did since, once one of them is forgotten, however long keys are kept', async () => {
    let now = 0;
    const elapsed = () => now;
    const store = openSqliteStore(':memory:');
    const short = await open({ elapsed, store });
    const long = await open({ elapsed, store, keyLifeMs: 48 * hour });
    await long.once({ ...write, idempotencyKey: 'earlier' }, settled(''));
    now = 1;
    const { outcomeId } = (await long.once(write, unknown)) as { outcomeId: string };
    now = 2;
    await short.once({ ...write, idempotencyKey: 'later', subject: 'later' }, settled(''));
    expect(await long.since(outcomeId)).toEqual(['later']);
    // Changes within one millisecond have different times, so the key expires a little later.
    now = 10 + hour;
    await long.once({ ...write, idempotencyKey: 'last', subject: 'last' }, settled(''));
    expect(await long.since(outcomeId)).toBeNull();
    expect(await long.since('another')).toBeNull();
  });

  it('knows what was noted before, and what others did since', async () => {
    const ledger = await open();
    await ledger.once({ ...write, idempotencyKey: 'earlier', subject: 'earlier' }, settled(''));
    await ledger.once({ ...write, idempotencyKey: 'open', subject: 'open since before' }, unknown);
    await pause(2);
    const ended = await ledger.once(write, async ({ note }) => {
      await note({ before: 3 });
      return unknown();
    });
    const { outcomeId } = ended as { outcomeId: string };
    await ledger.once({ ...write, idempotencyKey: 'later', subject: 'later' }, settled(''));
    await ledger.once({ ...write, idempotencyKey: 'in vain', subject: 'in vain' }, released);
    expect(await ledger.find(outcomeId)).toMatchObject({ evidence: { before: 3 } });
    expect(await ledger.since(outcomeId)).toEqual(['open since before', 'later']);
  });
});

describe('tenants', () => {
  it('have keys of their own, though caller and key are the same', async () => {
    const ledger = await open();
    const execute = vi.fn(settled('first'));
    for (const tenant of ['acme', 'bond', null]) await ledger.of(tenant).once(write, execute);
    expect(execute).toHaveBeenCalledTimes(3);
    expect(await ledger.of('acme').once({ ...write, input: 'other' }, never)).toEqual({ kind: 'conflict' });
  });

  it('neither see nor settle the outcomes of others', async () => {
    const ledger = await open();
    const ended = await ledger.of('acme').once(write, unknown);
    const outcomeId = ended.kind === 'unknown' ? ended.outcomeId : '';
    for (const other of [ledger, ledger.of('bond'), ledger.of('')]) {
      expect(await other.open()).toEqual([]);
      expect(await other.find(outcomeId)).toBeNull();
      expect(await other.resolve(outcomeId, 'guessed')).toBe(false);
    }
    expect(await ledger.of('acme').open()).toMatchObject([{ outcomeId, caller: 'ann' }]);
    expect(await ledger.of('acme').resolve(outcomeId, 'found')).toBe(true);
  });

  it('hold the writes of all others to be evidence against their own', async () => {
    const ledger = await open();
    const ended = await ledger.of('acme').once(write, unknown);
    await ledger.of('bond').once(write, settled('first'));
    const outcomeId = ended.kind === 'unknown' ? ended.outcomeId : '';
    expect(await ledger.of('acme').since(outcomeId)).toEqual([{ fileNumber: 'R1' }]);
  });
});

describe('the store', () => {
  it('that an earlier version has made keeps its entries, which are of no tenant', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    const ledger = await open({ file });
    await ledger.once(write, settled('first'));
    const database = new Database(file);
    database.exec('ALTER TABLE entries DROP COLUMN tenant');
    database.close();
    const [one, other] = await Promise.all([open({ file }), open({ file })]);
    expect(await one.once(write, never)).toMatchObject({ outcome: 'first' });
    expect(await other.of('acme').once(write, settled('second'))).toMatchObject({ outcome: 'second' });
  });

  it.each([
    ['in the past', -1000 * hour],
    ['at present', 0],
    ['in the future, by a clock that was ahead', 1000 * hour],
  ])('that an earlier version has made by the wall clock keeps its keys: %s', async (_, offset) => {
    const file = join(temporaryFolder(), 'ledger.db');
    const ledger = await open({ file, wallNow: () => Date.now() + offset });
    await ledger.once(write, settled('first'));
    await ledger.once({ ...write, idempotencyKey: 'lost' }, unknown);
    await ledger.close();
    const database = new Database(file);
    database.exec('DROP TABLE marks; ALTER TABLE entries DROP COLUMN begun_at');
    // One that was settled at the right time, and is not to expire for the one that was not.
    database.exec(`UPDATE entries SET changed_at = ${Date.now()}, expires_at = ${Date.now() + hour}
      WHERE state = 'SETTLED'`);
    database.close();
    let now = 0;
    const upgraded = await open({ file, elapsed: () => now });
    expect(await upgraded.once(write, never)).toMatchObject({ outcome: 'first' });
    const [lost] = await upgraded.open();
    // Writes of that time may have been removed.
    expect(await upgraded.since(lost?.outcomeId ?? '')).toBeNull();
    now = 2 * hour;
    expect(await upgraded.once(write, settled('second'))).toMatchObject({ outcome: 'second' });
  });

  it('has the intent before the call, and the outcome before the answer', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    const ledger = await open({ file });
    const other = openSqliteStore(file);
    onTestFinished(() => other.close());
    await ledger.once(write, async () => {
      expect(await other.list(['PENDING'])).toMatchObject([
        { caller: 'ann', subject: '{"fileNumber":"R1"}' },
      ]);
      return { kind: 'settled', outcome: 'first' };
    });
    expect(await other.list(['SETTLED'])).toMatchObject([{ outcome: '"first"' }]);
  });

  it('is shared by several processes: one key, one write', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    const ledgers = await Promise.all([open({ file }), open({ file })]);
    const execute = vi.fn(async (): Promise<Attempt<string>> => {
      await pause(20);
      return { kind: 'settled', outcome: 'first' };
    });
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ledgers[index % 2]?.once(write, execute)),
    );
    expect(execute).toHaveBeenCalledTimes(1);
    expect(all.map((ended) => ended?.kind === 'settled' && ended.outcome)).toEqual(Array(50).fill('first'));
  });

  it('that another process holds does not block other work', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    const ledger = await open({ file });
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    const ended = ledger.once(write, settled('first'));
    let beats = 0;
    const heart = setInterval(() => {
      beats += 1;
    }, 20);
    await vi.waitFor(() => expect(beats).toBeGreaterThan(5), 10_000);
    clearInterval(heart);
    other.exec('COMMIT');
    other.close();
    expect(await ended).toMatchObject({ outcome: 'first' });
  });

  it('outlives its process', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(file);
    const ledger = await createLedger(store, createDigest(gatewayKey), { keyLifeMs: hour });
    await ledger.once(write, settled('first'));
    await ledger.close();
    expect(await (await open({ file })).once(write, never)).toMatchObject({ outcome: 'first' });
  });

  it('of another gateway key is refused: used idempotency keys could not be recognized', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    await open({ file });
    await expect(open({ file, key: randomBytes(32) })).rejects.toThrow(ForeignStoreError);
  });

  it('holds neither keys nor inputs', async () => {
    const path = temporaryFolder();
    const ledger = await open({ file: join(path, 'ledger.db') });
    const card = { number: new Secret('4242424242424242'), securityCode: new SecurityCode('987') };
    await ledger.once(
      { ...write, idempotencyKey: 'CANARYKEY', input: { card, payor: 'CANARYNAME' } },
      unknown,
    );
    const text = readdirSync(path)
      .map((name) => readFileSync(join(path, name), 'latin1'))
      .join('');
    expect(text).toContain('runPayment');
    expect(text).not.toMatch(/CANARY|4242424242424242/);
  });

  const broken = (method: keyof LedgerStore, from = 0): LedgerStore => {
    const store = openSqliteStore(':memory:');
    let calls = 0;
    return {
      ...store,
      [method]: (...args: never[]) => {
        calls += 1;
        if (calls > from) return Promise.reject(new Error('disk full'));
        return (store[method] as (...all: never[]) => Promise<unknown>)(...args);
      },
    };
  };

  it('that cannot take the intent keeps the write from being sent', async () => {
    const execute = vi.fn(never);
    const ledger = await open({ store: broken('add') });
    const error = await ledger.once(write, execute).catch((thrown: LedgerError) => thrown);
    expect(error).toMatchObject({ name: 'LedgerError', isSent: false, entry: null });
    expect(execute).not.toHaveBeenCalled();
  });

  it('that cannot take the outcome says that it was sent', async () => {
    const ledger = await open({ store: broken('replace') });
    await expect(ledger.once(write, settled('first'))).rejects.toMatchObject({
      name: 'LedgerError',
      isSent: true,
    });
  });
});
