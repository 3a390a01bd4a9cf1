import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { held, hour, never, released, settled, unknown, write } from './support/ledger.ts';
import { run } from './support/process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const keyOf = (idempotencyKey: string) => ({ ...write, idempotencyKey });

const start = async (folder: string) => {
  const ledger = await openLedger({ file: join(folder, 'gateway.db'), key: undefined, keyLifeMs: hour });
  onTestFinished(() => ledger.close());
  return ledger;
};

const command = (folder: string, ...words: string[]) =>
  run(
    'ledger-commands/main.js',
    { STORE_URL: `file:${folder}/gateway.db`, NODE_ENV: 'production' },
    folder,
    [],
    words,
  ).ended;

/** A gateway's ledger that is in use, with a write in flight. */
const setUp = async () => {
  const folder = temporaryFolder();
  const ledger = await start(folder);
  await ledger.once(keyOf('settled'), settled('first'));
  await ledger.once(keyOf('unknown'), unknown);
  await ledger.once(keyOf('released'), released);
  const { execute, end } = held();
  const inFlight = ledger.once(keyOf('in flight'), execute);
  onTestFinished(async () => {
    end({ kind: 'settled', outcome: 'last' });
    await inFlight.catch(() => {});
  });
  return { folder, ledger, end, inFlight };
};

describe('npm run ledger -- backup', () => {
  it('makes a verified copy while a gateway works, its owner’s alone, and says what is in it', async () => {
    const { folder, ledger } = await setUp();
    const target = join(folder, 'backup.db');
    const { code, stdout, stderr } = await command(folder, 'backup', target);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('verified; entries: 1 PENDING, 1 RELEASED, 1 SETTLED, 1 UNKNOWN.');
    expect(stdout).toContain('gateway.key');
    expect(stdout).not.toContain(readFileSync(join(folder, 'gateway.key'), 'utf8').trim());
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith('backup'))).toEqual(['backup.db']);
    await ledger.check();
  });

  it('overwrites nothing', async () => {
    const { folder } = await setUp();
    const target = join(folder, 'backup.db');
    writeFileSync(target, 'mine');
    const { code, stdout, stderr } = await command(folder, 'backup', target);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The target exists; expected a path for a new file.\n',
    });
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });

  it('that cannot be written leaves nothing behind', async () => {
    const { folder } = await setUp();
    const { code, stderr } = await command(folder, 'backup', join(folder, 'missing', 'backup.db'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'The system says ENOENT.\n' });
    expect(existsSync(join(folder, 'missing'))).toBe(false);
  });

  it('is started as restored: what it has is replayed, what it lacks is not sent', async () => {
    const { folder, ledger, end, inFlight } = await setUp();
    const target = join(folder, 'restored');
    mkdirSync(target);
    await command(folder, 'backup', join(target, 'gateway.db'));
    copyFileSync(join(folder, 'gateway.key'), join(target, 'gateway.key'));
    end({ kind: 'settled', outcome: 'last' });
    await inFlight;
    await ledger.once(keyOf('later'), settled('later'));

    expect((await command(target, 'status')).stdout).toContain('This is a backup.');
    const restored = await start(target);
    expect(await restored.once(keyOf('settled'), never)).toMatchObject({ outcome: 'first' });
    for (const key of ['unknown', 'released', 'in flight', 'later']) {
      expect(await restored.once({ ...keyOf(key), waitMs: 10_000 }, never)).toMatchObject({
        kind: 'unknown',
      });
    }
    expect(await restored.open()).toHaveLength(4);
    // It stays so over further starts.
    await restored.close();
    const again = await start(target);
    expect(await again.once(keyOf('another'), never)).toMatchObject({ kind: 'unknown' });
  });

  it('that is trusted before its start is a ledger as it was, for moving it', async () => {
    const { folder } = await setUp();
    const target = join(folder, 'moved');
    mkdirSync(target);
    await command(folder, 'backup', join(target, 'gateway.db'));
    copyFileSync(join(folder, 'gateway.key'), join(target, 'gateway.key'));
    expect((await command(target, 'trusted')).stdout).toBe('Not marked as restored.\n');
    const moved = await start(target);
    expect(await moved.once(keyOf('settled'), never)).toMatchObject({ outcome: 'first' });
    expect(await moved.once(keyOf('new'), settled('new'))).toMatchObject({ outcome: 'new' });
  });
});

describe('npm run ledger -- restored', () => {
  it('marks a copy that was made by other means, until `trusted` ends it, also for a gateway that runs', async () => {
    const { folder, ledger } = await setUp();
    const { code, stdout } = await command(folder, 'restored');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Restored: .* for 24 more hours/),
    });
    expect(await ledger.once(keyOf('new'), never)).toMatchObject({ kind: 'unknown' });
    expect((await command(folder, 'status')).stdout).toMatch(/2 UNKNOWN\.\nRestored: /);
    expect((await command(folder, 'trusted')).stdout).toBe('Not marked as restored.\n');
    expect(await ledger.once(keyOf('newer'), settled('sent'))).toMatchObject({ outcome: 'sent' });
  });
});

describe('a command for the ledger', () => {
  it.each(['status', 'restored', 'trusted', 'backup'])('makes no ledger: %s', async (name) => {
    const folder = temporaryFolder();
    const target = name === 'backup' ? [join(folder, 'copy.db')] : [];
    expect(await command(folder, name, ...target)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'STORE_URL: expected a ledger; found no file.\n',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['another program', 'CREATE TABLE x (y TEXT)', 'found a database without a ledger'],
    ['nobody', 'PRAGMA user_version = 1', 'found a database without a ledger'],
  ])('touches no database of %s', async (_, sql, problem) => {
    const folder = temporaryFolder();
    const database = new Database(join(folder, 'gateway.db'));
    database.exec(sql);
    database.close();
    const before = readFileSync(join(folder, 'gateway.db'));
    const { code, stderr } = await command(folder, 'restored');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(problem) });
    expect(readFileSync(join(folder, 'gateway.db'))).toEqual(before);
  });

  it('that cannot read the ledger says so', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'gateway.db'), 'text'.repeat(1000));
    chmodSync(join(folder, 'gateway.db'), 0o600);
    const { code, stderr } = await command(folder, 'status');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'STORE_URL: expected a ledger, but it is no database.\n',
    });
  });

  it.each([
    [[]],
    [['delete']],
    [['constructor']],
    [['backup']],
    [['status', 'more']],
    [['backup', 'a', 'b']],
  ])('that is none shows those that there are: %j', async (words) => {
    const folder = temporaryFolder();
    const { code, stdout } = await command(folder, ...words);
    expect(code).toBe(1);
    for (const name of ['backup', 'restored', 'trusted', 'status']) {
      expect(stdout).toContain(`npm run ledger -- ${name}`);
    }
  });
});
