import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { resultsOf, statusesOf } from '../../../test/support/check.ts';
import { hour, unknown, write } from '../../../test/support/ledger.ts';
import { createTestDatabase, hasPostgres } from '../../../test/support/postgres.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import { copyLedger, readCopyTarget } from '../../ledger-commands/copy.ts';
import { storeCheck } from './store.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, 'CANARY.db');
});

const key = 'cd'.repeat(32);

const settings = (ownKey?: string) => ({ file, key: ownKey, keyLifeMs: hour });

const examine = async (ownKey?: string) => {
  const results = await resultsOf(storeCheck, { ledger: settings(ownKey) });
  // Neither a path nor a name of the setting.
  expect(JSON.stringify(results)).not.toMatch(/CANARY|recollect-/);
  return results;
};

const create = async (): Promise<void> => (await openLedger(settings())).close();

describe('the check of the ledger', () => {
  it('creates nothing if there is no ledger yet', async () => {
    rmSync(folder, { recursive: true });
    expect(statusesOf(await examine())).toEqual({
      store: 'ok',
      'store.schema': 'skipped',
      'store.pending': 'skipped',
      'store.key': 'skipped',
      'store.permissions': 'ok',
      'store.space': 'ok',
    });
    mkdirSync(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('finds nothing wrong with a ledger that was just created', async () => {
    await create();
    expect(statusesOf(await examine())).toEqual({
      store: 'ok',
      'store.schema': 'ok',
      'store.pending': 'ok',
      'store.key': 'ok',
      'store.permissions': 'ok',
      'store.space': 'ok',
    });
  });

  it('counts unknown outcomes', async () => {
    const ledger = await openLedger(settings());
    await ledger.once(write, unknown);
    await ledger.close();
    const results = await examine();
    expect(results).toContainEqual(
      expect.objectContaining({ id: 'store.pending', status: 'note', message: '1 unknown, 0 in flight.' }),
    );
  });

  it.each<readonly [string, () => Promise<void> | void, Readonly<Record<string, string>>]>([
    [
      'is lost',
      async () => {
        await create();
        rmSync(file);
      },
      { store: 'trouble' },
    ],
    [
      'is empty, and was not before',
      async () => {
        await create();
        writeFileSync(file, '');
      },
      { store: 'trouble' },
    ],
    ['is a folder', () => mkdirSync(file), { store: 'trouble' }],
    ['is no database', () => writeFileSync(file, 'text '.repeat(500)), { store: 'trouble' }],
    [
      'is the database of another program',
      () => {
        const database = new Database(file);
        database.exec('CREATE TABLE other (id TEXT)');
        database.close();
      },
      { store: 'trouble' },
    ],
    [
      'is readable for others',
      async () => {
        await create();
        chmodSync(file, 0o644);
      },
      { 'store.permissions': 'trouble' },
    ],
    [
      'has a key that others can read',
      async () => {
        await create();
        chmodSync(join(folder, 'gateway.key'), 0o640);
      },
      { 'store.key': 'trouble' },
    ],
    [
      'has lost its key',
      async () => {
        await create();
        rmSync(join(folder, 'gateway.key'));
      },
      { 'store.owner': 'trouble' },
    ],
    [
      'has the key of another ledger',
      async () => {
        await create();
        writeFileSync(join(folder, 'gateway.key'), 'ab'.repeat(32), { mode: 0o600 });
      },
      { 'store.owner': 'trouble' },
    ],
    [
      'is older than its trace',
      async () => {
        await create();
        const path = join(folder, 'CANARY.trace');
        const { readFileSync } = await import('node:fs');
        const trace = JSON.parse(readFileSync(path, 'utf8')) as object;
        writeFileSync(path, JSON.stringify({ ...trace, lastChange: Number.MAX_SAFE_INTEGER }));
      },
      { 'store.restored': 'note' },
    ],
  ])('reports a ledger that %s', async (_, prepare, expected) => {
    await prepare();
    expect(statusesOf(await examine())).toMatchObject(expected);
  });

  it.skipIf(!hasPostgres)('reports a ledger that was copied into a database, and what to do', async () => {
    const ledger = await openLedger(settings(key));
    await ledger.once(write, unknown);
    await ledger.close();
    // This process keeps the closed file locked for a while.
    const target = temporaryFolder();
    cpSync(folder, target, { recursive: true, filter: (path) => !path.endsWith('-shm') });
    file = join(target, 'CANARY.db');
    const { url, drop } = await createTestDatabase();
    onTestFinished(drop);
    await copyLedger(settings(key), readCopyTarget(url));
    expect(await examine(key)).toContainEqual(
      expect.objectContaining({
        id: 'store',
        status: 'trouble',
        message: 'the ledger was copied into a database: no gateway starts on it.',
        action: 'Set STORE_URL to that database. To use the file again: docs/ledger.md, Move to Postgres.',
      }),
    );
  });

  it('does not show a key', async () => {
    await create();
    const results = await examine(key);
    expect(statusesOf(results)['store.owner']).toBe('trouble');
    expect(JSON.stringify(results)).not.toContain('cdcd');
  });
});
