import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/ledger/postgres/open-postgres-store.ts';
import { never, settled, write } from '../support/ledger.ts';
import { hasPostgres, testPostgresUrl } from '../support/postgres.ts';
import { dropDatabaseAtEnd, newPostgresSettings, openersOf, storeKinds } from '../support/stores.ts';

dropDatabaseAtEnd();

const [, kind] = storeKinds;

describe.skipIf(!hasPostgres || !kind)('a ledger in Postgres', () => {
  const setUp = async () => {
    const settings = await newPostgresSettings();
    let older = 0;
    const store = await openPostgresStore(settings, {
      keyLifeMs: 3_600_000,
      onOlder: () => {
        older += 1;
      },
    });
    if (!kind) throw new Error('Postgres is missing.');
    const ledger = await openersOf(kind).open({ store });
    const url = new URL(testPostgresUrl);
    url.pathname = `/${settings.database}`;
    const admin = new pg.Client({ connectionString: url.href });
    await admin.connect();
    onTestFinished(() => admin.end());
    return { ledger, admin, schema: settings.schema, older: () => older };
  };

  it('records an outcome although its connections were terminated after the claim', async () => {
    const { ledger, admin } = await setUp();
    const ended = await ledger.once(write, async () => {
      await admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      return { kind: 'settled', outcome: 'first' };
    });
    expect(ended).toMatchObject({ outcome: 'first' });
    expect(await ledger.once(write, never)).toMatchObject({ outcome: 'first' });
  });

  it('that has lost an entry sends nothing under a missing key', async () => {
    const { ledger, admin, schema, older } = await setUp();
    await ledger.once(write, settled('first'));
    await admin.query(`DELETE FROM ${schema}.entries`);
    expect(await ledger.once(write, never)).toMatchObject({ kind: 'unknown' });
    expect(older()).toBe(1);
  });
});
