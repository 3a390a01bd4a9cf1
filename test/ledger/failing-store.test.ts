import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'libsql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import { type Attempt, LedgerError } from '../../src/ledger/ledger.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import type { Entry, LedgerStore } from '../../src/ledger/store.ts';
import { never, settled, write } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const first = settled('first');

type Method = 'add' | 'get' | 'holderOf' | 'replace' | 'list' | 'marks' | 'removeExpired';

const writing: readonly Method[] = ['replace', 'removeExpired'];
const everything: readonly Method[] = ['add', 'get', 'holderOf', 'replace', 'list', 'marks', 'removeExpired'];

/** A store whose methods can be made to fail, as those of a full disk or a damaged file do. */
const startFailing = async (leaseMs = 3000) => {
  const store = openSqliteStore(':memory:');
  let failing: readonly Method[] = [];
  let onlyReads = false;
  const fail = (): never => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  };
  const wrapped = Object.fromEntries(
    everything.map((method) => [
      method,
      async (...args: never[]) => {
        if (failing.includes(method)) fail();
        return (store[method] as (...all: never[]) => Promise<unknown>)(...args);
      },
    ]),
  );
  const add = async (entry: Entry): Promise<Entry | null> => {
    if (failing.includes('add')) fail();
    if (!onlyReads) return store.add(entry);
    // As SQLite's store does where it cannot insert.
    const holder = (await store.list(['PENDING', 'UNKNOWN', 'SETTLED', 'RELEASED'])).find(
      ({ keyDigest }) => keyDigest === entry.keyDigest,
    );
    return holder ?? fail();
  };
  const ledger = await createLedger(
    { ...store, ...wrapped, add } as LedgerStore,
    createDigest(randomBytes(32)),
    { keyLifeMs: 60_000, leaseMs },
  );
  onTestFinished(() => ledger.close());
  return {
    ledger,
    makeReadOnly: () => {
      onlyReads = true;
      failing = writing;
    },
    makeUnreadable: () => {
      failing = everything;
    },
  };
};

const failureOf = async (promise: Promise<unknown>): Promise<LedgerError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LedgerError)) throw new Error('Expected a LedgerError.');
  return error;
};

describe('a ledger that becomes unwritable', () => {
  it('while a write is in flight: the same key names its entry, and is not known to be free', async () => {
    const { ledger, makeReadOnly } = await startFailing();
    let end = (_: Attempt<string>): void => {};
    let outcomeId = '';
    const pending = failureOf(
      ledger.once(write, (attempt) => {
        outcomeId = attempt.outcomeId;
        makeReadOnly();
        return new Promise<Attempt<string>>((resolve) => {
          end = resolve;
        });
      }),
    );
    await pause(5);
    expect(await ledger.once({ ...write, waitMs: 0 }, never)).toEqual({ kind: 'inFlight', outcomeId });
    end({ kind: 'settled', outcome: 'first' });
    expect(await pending).toMatchObject({ isSent: true, entry: { outcomeId } });
    expect(await ledger.once({ ...write, waitMs: 0 }, never)).toEqual({ kind: 'inFlight', outcomeId });
  });

  it('after the writer died: the entry is listed as unknown, and its key names it', async () => {
    const { ledger, makeReadOnly } = await startFailing(60);
    let outcomeId = '';
    await failureOf(
      ledger.once(write, async (attempt) => {
        outcomeId = attempt.outcomeId;
        makeReadOnly();
        return first();
      }),
    );
    await vi.waitFor(async () => expect(await ledger.open()).toMatchObject([{ outcomeId }]), 5000);
    expect(await ledger.find(outcomeId)).toMatchObject({ outcomeId });
    expect(await ledger.once(write, never)).toEqual({ kind: 'unknown', outcomeId });
  });

  it('after a key was settled: its outcome is returned again', async () => {
    const { ledger, makeReadOnly } = await startFailing();
    await ledger.once(write, first);
    makeReadOnly();
    expect(await ledger.once(write, never)).toEqual({ kind: 'settled', outcome: 'first' });
  });

  it('before a write that was not sent can be released: its entry is named', async () => {
    const { ledger, makeReadOnly } = await startFailing();
    const error = await failureOf(
      ledger.once(write, async () => {
        makeReadOnly();
        return { kind: 'released' };
      }),
    );
    expect(error).toMatchObject({ isSent: false, entry: { outcomeId: expect.any(String) } });
  });

  it('before a key was used: it is certain that there is no entry', async () => {
    const { ledger, makeReadOnly } = await startFailing();
    makeReadOnly();
    expect(await failureOf(ledger.once(write, never))).toMatchObject({ isSent: false, entry: null });
  });
});

it('a store that fails for a moment: an entry of another request under the key is named', async () => {
  const store = openSqliteStore(':memory:');
  let isLost = false;
  const marks: LedgerStore['marks'] = async () => {
    if (isLost) throw new Error('The connection is lost.');
    return store.marks();
  };
  const ledger = await createLedger({ ...store, marks }, createDigest(randomBytes(32)), {
    keyLifeMs: 60_000,
  });
  onTestFinished(() => ledger.close());
  let outcomeId = '';
  await ledger.once(write, async (attempt) => {
    ({ outcomeId } = attempt);
    return first();
  });
  isLost = true;
  // Not known to be unused: the write was executed.
  expect(await failureOf(ledger.once(write, never))).toMatchObject({ isSent: false, entry: { outcomeId } });
});

describe('a ledger that becomes unreadable', () => {
  it('while a write is in flight: its process still names its entry', async () => {
    const { ledger, makeUnreadable } = await startFailing();
    const error = await failureOf(
      ledger.once(write, async ({ outcomeId }) => {
        makeUnreadable();
        expect((await failureOf(ledger.once(write, never))).entry).toEqual({ outcomeId });
        return first();
      }),
    );
    expect(error.isSent).toBe(true);
    expect((await failureOf(ledger.once(write, never))).entry).toEqual(error.entry);
  });

  it('an entry under a key that this process has not used cannot be excluded', async () => {
    const { ledger, makeUnreadable } = await startFailing();
    makeUnreadable();
    expect((await failureOf(ledger.once(write, never))).entry).toEqual({ outcomeId: null });
  });
});

it('an SQLite file that another process keeps locked still returns the entry that holds a key', async () => {
  const file = join(temporaryFolder(), 'ledger.db');
  const store = openSqliteStore(file);
  onTestFinished(() => store.close());
  const ledger = await createLedger(store, createDigest(randomBytes(32)), { keyLifeMs: 60_000 });
  await ledger.once(write, first);
  const [entry] = await store.list(['SETTLED']);
  const other = new Database(file);
  other.exec('BEGIN IMMEDIATE');
  onTestFinished(() => {
    other.exec('ROLLBACK');
    other.close();
  });
  expect(await store.add({ ...(entry as Entry), id: 'another' })).toEqual(entry);
}, 30_000);
