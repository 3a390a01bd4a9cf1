import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { resultsOf, statusesOf } from '../../../test/support/check.ts';
import { gatewayKey, hour, unknown, write } from '../../../test/support/ledger.ts';
import { createTestDatabase, hasPostgres } from '../../../test/support/postgres.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { parsePostgresUrl } from '../../config/postgres-url.ts';
import { openLedger, type PostgresLedgerSettings } from '../../ledger/open-ledger.ts';
import { storeCheck } from './store.ts';

const setUp = async (): Promise<PostgresLedgerSettings> => {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const keyFile = join(temporaryFolder(), 'gateway.key');
  return { postgres: parsePostgresUrl(url), key: gatewayKey.toString('hex'), keyFile, keyLifeMs: hour };
};

const examine = async (ledger: PostgresLedgerSettings) => {
  const results = await resultsOf(storeCheck, { ledger });
  expect(JSON.stringify(results)).not.toContain(ledger.postgres.database);
  return results;
};

it.skipIf(!hasPostgres)('the doctor creates no ledger in a database', async () => {
  const ledger = await setUp();
  const expected = {
    store: 'ok',
    'store.schema': 'skipped',
    'store.pending': 'skipped',
    'store.durability': 'ok',
  };
  for (const _ of [1, 2]) expect(statusesOf(await examine(ledger))).toMatchObject(expected);
});

it.skipIf(!hasPostgres)('the doctor uses the key file where no key is set', async () => {
  const ledger = { ...(await setUp()), key: undefined };
  const { keyFile } = ledger;
  expect(statusesOf(await examine(ledger))).toMatchObject({ store: 'ok', 'store.schema': 'skipped' });
  expect(existsSync(keyFile)).toBe(false);
  await (await openLedger(ledger)).close();
  expect(statusesOf(await examine(ledger))).not.toHaveProperty('store.owner');
  expect(statusesOf(await examine({ ...ledger, keyFile: `${keyFile}.lost` }))).toMatchObject({
    'store.owner': 'trouble',
  });
  chmodSync(keyFile, 0o644);
  expect(statusesOf(await examine(ledger))).toMatchObject({ store: 'ok', 'store.key': 'trouble' });
});

it.skipIf(!hasPostgres)('the doctor reports unknown outcomes, and the ledger of another key', async () => {
  const ledger = await setUp();
  const opened = await openLedger(ledger);
  await opened.once(write, unknown);
  await opened.close();
  const found = await examine(ledger);
  expect(statusesOf(found)).toMatchObject({ store: 'ok', 'store.schema': 'ok', 'store.pending': 'note' });
  expect(found).toContainEqual(expect.objectContaining({ message: '1 unknown, 0 in flight.' }));
  const foreign = statusesOf(await examine({ ...ledger, key: 'ab'.repeat(32) }));
  expect(foreign).toMatchObject({ 'store.owner': 'trouble' });
});

it.skipIf(!hasPostgres)('the doctor reports a database that does not exist', async () => {
  const ledger = await setUp();
  const missing = { ...ledger, postgres: { ...ledger.postgres, database: 'recollect_test_missing' } };
  expect(await examine(missing)).toEqual([
    expect.objectContaining({
      status: 'trouble',
      message: expect.stringContaining('no database with this name'),
    }),
  ]);
});
