import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import { gatewayKey, held, hour, never, open, settled, unknown, write } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const day = 24 * hour;

const steps = [
  ['forward by a month', 30 * day],
  ['back by a month', -30 * day],
  ['back to 1970', -Date.now()],
] as const;

const leaseMs = 90;

/** Leaves a write in a file as a process does that dies while it executes it: nothing is renewed any more. */
const abandon = async (file: string): Promise<void> => {
  const store = openSqliteStore(file);
  const get = () => Promise.reject(new Error('The process is dead.'));
  const dying = await createLedger({ ...store, get }, createDigest(gatewayKey), { keyLifeMs: hour, leaseMs });
  void dying.once(write, held().execute).catch(() => {});
  while ((await store.list(['PENDING'])).length === 0) await pause(5);
  await store.close();
};

describe.each(steps)('the wall clock, set %s', (_, step) => {
  it('while a gateway runs, deletes no key', async () => {
    let wall = Date.now();
    const ledger = await open({ wallNow: () => wall });
    await ledger.once(write, settled('first'));
    wall += step;
    await ledger.once({ ...write, idempotencyKey: 'other' }, settled('other'));
    wall -= step;
    expect(await ledger.once(write, never)).toMatchObject({ outcome: 'first' });
  });

  it('between two starts deletes no key, and is forgotten when it is set right', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    for (const [offset, idempotencyKey] of [
      [0, 'before'],
      [step, 'meanwhile'],
      [0, 'after'],
    ] as const) {
      const ledger = await open({ file, wallNow: () => Date.now() + offset });
      await ledger.once({ ...write, idempotencyKey }, settled(idempotencyKey));
      await ledger.close();
    }
    const ledger = await open({ file });
    for (const idempotencyKey of ['before', 'meanwhile', 'after']) {
      expect(await ledger.once({ ...write, idempotencyKey }, never)).toMatchObject({
        outcome: idempotencyKey,
      });
    }
  });

  it('after a gateway died, neither hides that its outcome is unknown', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    await abandon(file);
    const ledger = await open({ file, wallNow: () => Date.now() + step, leaseMs });
    expect(await ledger.once(write, never)).toMatchObject({ kind: 'unknown' });
  });

  it('at one of two gateways, does not make the other one look dead', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    const one = await open({ file, leaseMs });
    const other = await open({ file, leaseMs, wallNow: () => Date.now() + step });
    const { execute, end } = held();
    const first = one.once(write, execute);
    await pause(3 * leaseMs);
    expect(await other.open()).toEqual([]);
    expect(await other.once({ ...write, waitMs: 0 }, never)).toMatchObject({ kind: 'inFlight' });
    end({ kind: 'settled', outcome: 'first' });
    await first;
    expect(await other.once(write, never)).toMatchObject({ outcome: 'first' });
  });

  it('does not change how long a key in use is waited for', async () => {
    let wall = Date.now();
    const ledger = await open({ wallNow: () => wall });
    const { execute, end } = held();
    const first = ledger.once(write, execute);
    const waiting = ledger.once({ ...write, waitMs: 60 }, never);
    wall += step;
    expect(await waiting).toMatchObject({ kind: 'inFlight' });
    end({ kind: 'released' });
    await first;
  });

  it('does not change which writes came after another one', async () => {
    let wall = Date.now();
    const ledger = await open({ wallNow: () => wall });
    await ledger.once({ ...write, idempotencyKey: 'earlier', subject: 'earlier' }, settled(''));
    await pause(2);
    const { outcomeId } = (await ledger.once(write, unknown)) as { outcomeId: string };
    wall += step;
    await ledger.once({ ...write, idempotencyKey: 'later', subject: 'later' }, settled(''));
    expect(await ledger.since(outcomeId)).toEqual(['later']);
  });
});

describe('the clock of the ledger', () => {
  it('continues where it was saved, so that downtime only lengthens how long keys are kept', async () => {
    const file = join(temporaryFolder(), 'ledger.db');
    let now = 0;
    const elapsed = () => now;
    const ledger = await open({ file, elapsed });
    await ledger.once(write, settled('first'));
    now = hour / 2;
    await ledger.close();
    // Another process counts from another origin.
    now = -1000 * hour;
    const second = await open({ file, elapsed });
    now += hour / 2 - 1000;
    expect(await second.once(write, never)).toMatchObject({ outcome: 'first' });
    now += 2000;
    expect(await second.once(write, settled('second'))).toMatchObject({ outcome: 'second' });
  });

  it('is the same for all gateways of a store: none orders its writes before those that it can see', async () => {
    const store = openSqliteStore(':memory:');
    let now = 0;
    const behind = await open({ store });
    const ahead = await open({ store, elapsed: () => now });
    now = 10_000;
    const { outcomeId } = (await ahead.once(write, unknown)) as { outcomeId: string };
    await behind.once({ ...write, idempotencyKey: 'later', subject: 'later' }, settled(''));
    expect(await ahead.since(outcomeId)).toEqual(['later']);
  });

  it('stood still at a gateway that was suspended: a key that it records then is kept for its whole life', async () => {
    const store = openSqliteStore(':memory:');
    let now = 0;
    const suspended = await open({ store, elapsed: () => 0 });
    const running = await open({ store, elapsed: () => now });
    await suspended.once(write, async () => {
      now = 3 * hour;
      await running.once({ ...write, idempotencyKey: 'other' }, settled('other'));
      return { kind: 'settled', outcome: 'first' };
    });
    now += hour / 2;
    expect(await running.once(write, never)).toMatchObject({ outcome: 'first' });
  });

  it('is not what people are shown: a write began when the wall clock says so', async () => {
    const ledger = await open({ wallNow: () => 12_345 });
    await ledger.once(write, unknown);
    expect(await ledger.open()).toMatchObject([{ startedAt: new Date(12_345) }]);
  });

  it('is saved while a gateway runs', async () => {
    let now = 0;
    const store = openSqliteStore(':memory:');
    await open({ store, elapsed: () => now, leaseMs: 15, wallNow: () => 1000 });
    now = hour;
    await vi.waitFor(async () => expect((await store.marks()).values.get('clock')).toBe(1000 + hour));
  });
});
