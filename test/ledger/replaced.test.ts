import {
  copyFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import type { LedgerError } from '../../src/ledger/ledger.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import { gatewayKey, hour, never, settled, write } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const onReplaced = vi.fn();

/** Waits until all that was written is in the file itself. */
const isSaved = (folder: string): Promise<void> =>
  vi.waitFor(() => expect(statSync(join(folder, 'real.db-wal')).size).toBe(0));

/** A ledger in a file behind a link, with one key in use, and an older copy next to it. */
const setUp = async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'gateway.db');
  writeFileSync(join(folder, 'real.db'), '', { mode: 0o600 });
  symlinkSync('real.db', file);
  onReplaced.mockReset();
  const store = openSqliteStore(file);
  const ledger = await createLedger(store, createDigest(gatewayKey), {
    keyLifeMs: hour,
    leaseMs: 60,
    onReplaced,
  });
  onTestFinished(() => ledger.close().catch(() => {}));
  await ledger.once({ ...write, idempotencyKey: 'earlier' }, settled('first'));
  await isSaved(folder);
  await store.copyTo(join(folder, 'backup.db'));
  copyFileSync(join(folder, 'real.db'), join(folder, 'older.db'));
  await ledger.once({ ...write, idempotencyKey: 'later' }, settled('second'));
  await isSaved(folder);
  return { folder, file, ledger };
};

const thrownBy = (promise: Promise<unknown>): Promise<LedgerError> =>
  promise.then(
    () => {
      throw new Error('Nothing was thrown.');
    },
    (error: LedgerError) => error,
  );

const replacements: readonly (readonly [string, (folder: string) => void])[] = [
  ['deleted', (folder) => rmSync(join(folder, 'real.db'))],
  ['renamed', (folder) => renameSync(join(folder, 'real.db'), join(folder, 'away.db'))],
  ['replaced by a copy', (folder) => renameSync(join(folder, 'older.db'), join(folder, 'real.db'))],
  [
    'overwritten by an older copy',
    (folder) => copyFileSync(join(folder, 'older.db'), join(folder, 'real.db')),
  ],
  ['overwritten by a backup', (folder) => copyFileSync(join(folder, 'backup.db'), join(folder, 'real.db'))],
  ['emptied', (folder) => truncateSync(join(folder, 'real.db'))],
  ['overwritten by no database', (folder) => writeFileSync(join(folder, 'real.db'), 'text'.repeat(2000))],
  ['without its log', (folder) => rmSync(join(folder, 'real.db-wal'))],
  ['without its index', (folder) => rmSync(join(folder, 'real.db-shm'))],
  [
    'behind a link that leads elsewhere',
    (folder) => {
      unlinkSync(join(folder, 'gateway.db'));
      symlinkSync('older.db', join(folder, 'gateway.db'));
    },
  ],
];

describe.each(replacements)('a store whose file is %s while it is open', (_, replace) => {
  it('is not there any more, and takes no write', async () => {
    const { folder, ledger } = await setUp();
    await ledger.check();
    replace(folder);
    await expect(ledger.check()).rejects.toMatchObject({ code: 'STORE_REPLACED' });
    const execute = vi.fn(never);
    expect(await thrownBy(ledger.once(write, execute))).toMatchObject({
      name: 'LedgerError',
      isSent: false,
    });
    expect(execute).not.toHaveBeenCalled();
    await expect(ledger.open()).rejects.toMatchObject({ code: 'STORE_REPLACED' });
    await vi.waitFor(() => expect(onReplaced.mock.calls).toEqual([[]]));
  });

  it('lets no write leave that was begun before', async () => {
    const { folder, ledger } = await setUp();
    const claims: unknown[] = [];
    const ended = ledger.once(write, async ({ claim }) => {
      replace(folder);
      claims.push(await claim().catch((error: unknown) => error));
      return { kind: 'released' };
    });
    expect(await thrownBy(ended)).toMatchObject({ name: 'LedgerError', isSent: false });
    expect(claims).toMatchObject([{ code: 'STORE_REPLACED' }]);
  });

  it('says that a write was sent, if it was sent before', async () => {
    const { folder, ledger } = await setUp();
    const ended = ledger.once(write, async () => {
      replace(folder);
      return { kind: 'settled', outcome: 'sent' };
    });
    expect(await thrownBy(ended)).toMatchObject({ name: 'LedgerError', isSent: true });
  });
});

describe('a store whose file is put back', () => {
  it('is the same one again', async () => {
    const { folder, ledger } = await setUp();
    renameSync(join(folder, 'real.db'), join(folder, 'away.db'));
    await expect(ledger.check()).rejects.toThrow();
    renameSync(join(folder, 'away.db'), join(folder, 'real.db'));
    await ledger.check();
    expect(await ledger.once(write, settled('third'))).toMatchObject({ outcome: 'third' });
  });
});
