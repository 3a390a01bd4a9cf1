import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { gatewayKey, never, open, settled, unknown, write } from '../../test/support/ledger.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { inspectLedger } from './inspect-ledger.ts';
import { openLedger } from './open-ledger.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, 'gateway.db');
});

/** Everything about a folder that a program could change, but the times at which files were read. */
const stateOf = (path: string): unknown[] =>
  readdirSync(path).map((name) => {
    const { ino, size, mode, mtimeNs, ctimeNs } = statSync(join(path, name), { bigint: true });
    return [name, ino, size, mode, mtimeNs, ctimeNs, readFileSync(join(path, name), 'base64')];
  });

const inspectUnchanged = () => {
  const temporary = temporaryFolder();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const before = stateOf(folder);
  const found = inspectLedger(file);
  expect(stateOf(folder)).toEqual(before);
  expect(readdirSync(temporary)).toEqual([]);
  return found;
};

const settings = () => ({ file, key: gatewayKey.toString('hex'), keyLifeMs: 3_600_000 });

/** Returns a ledger with a settled entry and two unknown ones. */
const used = async () => {
  const ledger = await openLedger(settings());
  await ledger.once(write, settled('{}'));
  await ledger.once({ ...write, idempotencyKey: 'key 2' }, unknown);
  await ledger.once({ ...write, idempotencyKey: 'key 3' }, unknown);
  return ledger;
};

describe('inspectLedger', () => {
  it('reads a closed ledger, and changes nothing', async () => {
    await (await used()).close();
    for (const name of ['-wal', '-shm']) rmSync(`${file}${name}`, { force: true });
    expect(inspectUnchanged()).toMatchObject({
      contents: 'a ledger',
      schema: 'current',
      counts: { SETTLED: 1, UNKNOWN: 2 },
      isRestored: false,
    });
    expect(readdirSync(folder)).not.toContain('gateway.db-wal');
  });

  it('reads a ledger that a gateway has open, with what is only in its log, and changes nothing', async () => {
    const ledger = await open({ file });
    await ledger.once(write, unknown);
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    expect(inspectUnchanged()).toMatchObject({ counts: { UNKNOWN: 1 } });
    await expect(ledger.once(write, never)).resolves.toMatchObject({ kind: 'unknown' });
  });

  it('reads a ledger in a folder whose name has signs of URLs', async () => {
    await (await used()).close();
    const strange = join(folder, 'a %41&b?.db');
    copyFileSync(file, strange);
    expect(inspectLedger(strange).counts).toEqual({ SETTLED: 1, UNKNOWN: 2 });
  });

  it('recognizes the tables of an earlier version, and leaves them', () => {
    const database = new Database(file);
    database.exec(`
      CREATE TABLE entries (id TEXT PRIMARY KEY, state TEXT NOT NULL, changed_at INTEGER NOT NULL);
      CREATE TABLE remembered (name TEXT PRIMARY KEY, text TEXT NOT NULL);
      INSERT INTO entries VALUES ('1', 'UNKNOWN', 5)`);
    database.close();
    expect(inspectUnchanged()).toMatchObject({ schema: 'earlier', counts: { UNKNOWN: 1 }, lastChange: 5 });
  });

  it('recognizes databases that are no ledger', () => {
    const database = new Database(file);
    database.exec('CREATE TABLE other (id TEXT)');
    database.close();
    expect(inspectUnchanged().contents).toBe('something else');
  });

  it.each([
    ['no database', () => writeFileSync(file, 'CANARY '.repeat(1000))],
    [
      'damaged',
      async () => {
        await (await used()).close();
        const bytes = readFileSync(file);
        bytes.fill(0xff, 100, 4096);
        writeFileSync(file, bytes);
      },
    ],
  ])('reports a file that is %s', async (reason, prepare) => {
    await prepare();
    expect(() => inspectLedger(file)).toThrow(`The ledger cannot be inspected: ${reason}.`);
  });
});
