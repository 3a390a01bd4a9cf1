import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGatewayKey, GatewayKeyError } from '../../src/ledger/gateway-key.ts';
import { gatewayKeyOf, openLedger } from '../../src/ledger/open-ledger.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import { hour, never, settled, unknown, write } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Options = Parameters<typeof openLedger>[1];

const start = async (folder: string, key?: string, options: Options = {}) => {
  const ledger = await openLedger({ file: join(folder, 'gateway.db'), key, keyLifeMs: hour }, options);
  onTestFinished(() => ledger.close());
  return ledger;
};

/** Starts once, uses a key and stops. */
const use = async (folder: string, key?: string, idempotencyKey = 'key 1'): Promise<void> => {
  const ledger = await start(folder, key);
  await ledger.once({ ...write, idempotencyKey }, settled('first'));
  await ledger.close();
};

const contentsOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile() && !/-(?:wal|shm)$/.test(entry.name))
      .map(({ name, parentPath }) => [
        join(parentPath, name),
        readFileSync(join(parentPath, name), 'latin1'),
      ]),
  );

const sqlite = (file: string, sql: string): void => {
  const database = new Database(file);
  database.exec(sql);
  database.close();
};

const withKeys = [
  ['with a key file', undefined],
  ['with STORE_KEY', 'ab'.repeat(32)],
] as const;

describe('the key of an open ledger', () => {
  it.each(withKeys)('is the same at each start, %s', async (_, key) => {
    const folder = temporaryFolder();
    const settings = { file: join(folder, 'gateway.db'), key };
    await use(folder, key);
    const first = gatewayKeyOf(settings);
    expect(first).toHaveLength(32);
    if (key !== undefined) expect(first.toString('hex')).toBe(key);
    await use(folder, key, 'key 2');
    expect(gatewayKeyOf(settings)).toEqual(first);
  });

  it('is an error if its file is missing', () => {
    const settings = { file: join(temporaryFolder(), 'gateway.db'), key: undefined };
    expect(() => gatewayKeyOf(settings)).toThrow(GatewayKeyError);
  });
});

/** Each way to lose a ledger, with what is found in its place. */
const losses: readonly (readonly [string, (file: string) => void, string])[] = [
  ['deleted', (file) => rmSync(file), 'no file'],
  [
    'deleted with its log',
    (file) => ['', '-wal', '-shm'].map((end) => rmSync(file + end, { force: true })),
    'no file',
  ],
  ['empty', (file) => truncateSync(file), 'an empty file'],
  [
    'replaced by an empty database',
    (file) => {
      rmSync(file);
      sqlite(file, 'PRAGMA user_version = 1');
    },
    'a database without a ledger',
  ],
  [
    'replaced by another database',
    (file) => {
      rmSync(file);
      sqlite(file, 'CREATE TABLE other (x TEXT)');
    },
    'a database without a ledger',
  ],
  ['without its entries', (file) => sqlite(file, 'DROP TABLE entries'), 'a database without a ledger'],
  ['without its owner', (file) => sqlite(file, 'DROP TABLE remembered'), 'a database without a ledger'],
];

describe.each(withKeys)('a ledger that was used, %s', (_, key) => {
  it.each(losses)('and is %s stops the start, which changes nothing', async (_name, lose, found) => {
    const folder = temporaryFolder();
    await use(folder, key);
    lose(join(folder, 'gateway.db'));
    const before = contentsOf(folder);
    await expect(start(folder, key)).rejects.toMatchObject({ name: 'LostStoreError', found });
    expect(contentsOf(folder)).toEqual(before);
  });

  it('can be begun anew on purpose', async () => {
    const folder = temporaryFolder();
    await use(folder, key);
    for (const file of ['gateway.db', key === undefined ? 'gateway.key' : 'gateway.trace'])
      rmSync(join(folder, file));
    const ledger = await start(folder, key);
    expect(await ledger.once(write, settled('second'))).toMatchObject({ outcome: 'second' });
  });

  it('is recognized under a new name in the same folder', async () => {
    const folder = temporaryFolder();
    await use(folder);
    const opening = openLedger({ file: join(folder, 'other.db'), key: undefined, keyLifeMs: hour });
    await expect(opening).rejects.toMatchObject({ name: 'LostStoreError', found: 'no file' });
  });
});

describe('a start that is refused', () => {
  /** Each leaves the folder as it was made. */
  it.each<[string, (folder: string) => void, string]>([
    ['the key is lost', (folder) => rmSync(join(folder, 'gateway.key')), 'ForeignStoreError'],
    [
      'the key is lost and the ledger is full of keys of nobody',
      (folder) => {
        rmSync(join(folder, 'gateway.key'));
        sqlite(join(folder, 'gateway.db'), 'DELETE FROM remembered');
      },
      'ForeignStoreError',
    ],
    ['others can read the key', (folder) => chmodSync(join(folder, 'gateway.key'), 0o644), 'GatewayKeyError'],
    [
      'there is another key',
      (folder) => writeFileSync(join(folder, 'gateway.key'), 'ab'.repeat(32), { mode: 0o600 }),
      'ForeignStoreError',
    ],
  ])('for what is in a ledger that was used, leaves it alone: %s', async (_, spoil, name) => {
    const folder = temporaryFolder();
    await use(folder);
    spoil(folder);
    const before = contentsOf(folder);
    await expect(start(folder)).rejects.toMatchObject({ name });
    expect(contentsOf(folder)).toEqual(before);
  });

  it.each<[string, (folder: string) => void]>([
    ['a folder is in its place', (folder) => mkdirSync(join(folder, 'gateway.db'))],
    ['it is a device', (folder) => symlinkSync('/dev/null', join(folder, 'gateway.db'))],
    ['it is no database', (folder) => writeFileSync(join(folder, 'gateway.db'), 'text'.repeat(1000))],
    ['it is of another program', (folder) => sqlite(join(folder, 'gateway.db'), 'CREATE TABLE x (y TEXT)')],
    [
      'a ledger of which half is missing',
      (folder) => sqlite(join(folder, 'gateway.db'), 'CREATE TABLE entries (y TEXT)'),
    ],
    [
      'the key cannot be used',
      (folder) => writeFileSync(join(folder, 'gateway.key'), 'none', { mode: 0o600 }),
    ],
    ['the trace cannot be written', (folder) => mkdirSync(join(folder, 'gateway.trace'))],
  ])('at the first one leaves no new file: %s', async (_, spoil) => {
    const folder = temporaryFolder();
    spoil(folder);
    const before = contentsOf(folder);
    const names = readdirSync(folder);
    await expect(start(folder)).rejects.toThrow();
    expect(contentsOf(folder)).toEqual(before);
    expect(readdirSync(folder)).toEqual(names);
  });

  it('at the first one leaves the files that another process has opened since', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'gateway.trace'));
    const starting = start(folder);
    const other = openSqliteStore(join(folder, 'gateway.db'));
    onTestFinished(() => other.close());
    await expect(starting).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['gateway.db', 'gateway.key']));
    await other.raise({ forgotten: 1 });
    expect((await other.marks()).values.get('forgotten')).toBe(1);
  });

  it('at the first one leaves no new folder', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(start(join(folder, 'file', 'data'))).rejects.toThrow();
    mkdirSync(join(folder, 'a'), { mode: 0o700 });
    const opening = openLedger({
      file: join(folder, 'a', 'b', 'c', `${'x'.repeat(300)}.db`),
      key: undefined,
      keyLifeMs: hour,
    });
    await expect(opening).rejects.toThrow();
    expect(readdirSync(folder, { recursive: true })).toEqual(['a', 'file']);
  });
});

describe('a first start that its process did not survive', () => {
  it.each<[string, (folder: string) => Promise<void> | void]>([
    ['after the empty file', (folder) => writeFileSync(join(folder, 'gateway.db'), '')],
    ['after the tables', (folder) => openSqliteStore(join(folder, 'gateway.db')).close()],
    [
      'after the key',
      async (folder) => {
        await openSqliteStore(join(folder, 'gateway.db')).close();
        createGatewayKey(join(folder, 'gateway.key'));
      },
    ],
  ])('is done by the next one: %s', async (_, begin) => {
    const folder = temporaryFolder();
    await begin(folder);
    await use(folder);
    expect(await (await start(folder)).once(write, never)).toMatchObject({ outcome: 'first' });
  });

  it('is done once by several that start together', async () => {
    const folder = temporaryFolder();
    const ledgers = await Promise.all(Array.from({ length: 5 }, () => start(join(folder, 'data'))));
    const execute = vi.fn(settled('first'));
    for (const ledger of ledgers)
      expect(await ledger.once(write, execute)).toMatchObject({ outcome: 'first' });
    expect(execute).toHaveBeenCalledTimes(1);
    expect(readdirSync(join(folder, 'data')).filter((name) => !name.startsWith('gateway.db'))).toEqual([
      'gateway.key',
      'gateway.trace',
    ]);
  });
});

describe.each(withKeys)('an older copy that is put in the place of the store, %s', (_, key) => {
  const file = (folder: string, name = 'gateway.db'): string => join(folder, name);

  const useTwice = async (): Promise<string> => {
    const folder = temporaryFolder();
    await use(folder, key);
    copyFileSync(file(folder), file(folder, 'copy'));
    await use(folder, key, 'key 2');
    return folder;
  };

  it('marks the ledger as restored: keys that it lacks are not sent', async () => {
    const folder = await useTwice();
    copyFileSync(file(folder, 'copy'), file(folder));
    const onRestored = vi.fn();
    const ledger = await start(folder, key, { onRestored });
    expect(onRestored.mock.calls).toEqual([[hour]]);
    expect(await ledger.once(write, never)).toMatchObject({ outcome: 'first' });
    expect(await ledger.once({ ...write, idempotencyKey: 'key 2' }, never)).toMatchObject({
      kind: 'unknown',
    });
  });

  it('is no older copy where nothing was changed since', async () => {
    const folder = await useTwice();
    copyFileSync(file(folder), file(folder, 'copy'));
    await (await start(folder, key)).close();
    copyFileSync(file(folder, 'copy'), file(folder));
    const onRestored = vi.fn();
    const ledger = await start(folder, key, { onRestored });
    expect(onRestored).not.toHaveBeenCalled();
    expect(await ledger.once({ ...write, idempotencyKey: 'key 3' }, settled('third'))).toMatchObject({
      outcome: 'third',
    });
  });

  it('is noticed too where it is the log that is lost', async () => {
    const folder = temporaryFolder();
    const ledger = await start(folder, key);
    await ledger.once(write, unknown);
    // Once what was written is in the file, something more goes to the log.
    await vi.waitFor(() => expect(readFileSync(file(folder, 'gateway.db-wal'))).toHaveLength(0));
    copyFileSync(file(folder), file(folder, 'copy'));
    await ledger.once({ ...write, idempotencyKey: 'key 2' }, settled('second'));
    await ledger.close();
    copyFileSync(file(folder, 'copy'), file(folder));
    const restarted = await start(folder, key);
    expect(await restarted.once({ ...write, idempotencyKey: 'key 2' }, never)).toMatchObject({
      kind: 'unknown',
    });
  });

  it.each([
    ['an index that lacks entries, as of an older copy under a newer log', 'sqlite_autoindex_entries_2'],
    ['a table without its entries', 'entries'],
  ])('is refused if it is damaged: %s', async (_name, part) => {
    const folder = await useTwice();
    const database = new Database(file(folder));
    const [found] = database.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').all(part);
    database.close();
    const { rootpage } = found as { rootpage: number };
    const bytes = readFileSync(file(folder));
    // The header of a page without cells.
    bytes.set([part === 'entries' ? 13 : 10, 0, 0, 0, 0, 16, 0, 0], (rootpage - 1) * 4096);
    writeFileSync(file(folder), bytes);
    await expect(start(folder, key)).rejects.toMatchObject({
      name: 'UnusableStoreError',
      message: 'it is damaged',
    });
  });
});
