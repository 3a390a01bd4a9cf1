import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import type { Entry } from '../../src/ledger/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const entryOf = (id: string): Entry => ({
  id,
  tenant: '',
  caller: 'ann',
  keyDigest: id,
  operation: 'runPayment',
  fingerprint: 'fingerprint',
  state: 'PENDING',
  attempt: 'attempt',
  subject: 'null',
  evidence: null,
  outcome: null,
  startedAt: 1,
  begunAt: 1,
  changedAt: 1,
  leaseUntil: 1,
  expiresAt: null,
  version: 1,
});

/** A store in a file, and another connection to it, as of another process. */
const openTwice = () => {
  const file = join(temporaryFolder(), 'gateway.db');
  const store = openSqliteStore(file);
  const other = new Database(file);
  onTestFinished(async () => {
    other.close();
    await store.close();
  });
  const seen = (): string[] =>
    other
      .prepare('SELECT id FROM entries ORDER BY id')
      .all()
      .map((row) => (row as { id: string }).id);
  return { store, other, seen };
};

describe('a store that another process writes to', () => {
  it('has committed a change that it reports, while an earlier write still waits', async () => {
    const { store, other, seen } = openTwice();
    await store.add(entryOf('first'));
    other.exec('BEGIN IMMEDIATE');
    const waiting = store.raise({ clock: 5 });
    // It finds the store locked, and pauses.
    await nextTurn();
    other.exec('COMMIT');
    expect(await store.add(entryOf('second'))).toBeNull();
    expect(seen()).toEqual(['first', 'second']);
    await waiting;
    expect(seen()).toEqual(['first', 'second']);
  });

  it('repeats writes that waited while the other one has changed the store', async () => {
    const { store, other, seen } = openTwice();
    await store.add(entryOf('first'));
    other.exec('BEGIN IMMEDIATE');
    const waiting = Promise.all([
      store.add(entryOf('second')),
      store.replace({ ...entryOf('first'), version: 2 }),
      store.raise({ clock: 5 }),
    ]);
    await nextTurn();
    other.exec("INSERT INTO marks (name, value) VALUES ('clock', 7)");
    other.exec('COMMIT');
    expect(await waiting).toEqual([null, true, undefined]);
    expect(seen()).toEqual(['first', 'second']);
    expect((await store.marks()).values.get('clock')).toBe(7);
  });
});
