import { describe, expect, it, onTestFinished } from 'vitest';
import { databaseProblem } from '../../src/config/database-problems.ts';
import { parsePostgresUrl } from '../../src/config/postgres-url.ts';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import { DatabaseError } from '../../src/ledger/postgres/database-error.ts';
import { openPostgresStore } from '../../src/ledger/postgres/open-postgres-store.ts';
import { entryOf } from '../support/entries.ts';
import { gatewayKey, hour, never, settled, write } from '../support/ledger.ts';
import {
  hasPostgresPrograms,
  type PostgresServer,
  type ServerSettings,
  startPostgresServer,
  until,
} from '../support/postgres-server.ts';

describe.skipIf(!hasPostgresPrograms)('a ledger in a Postgres with a standby', () => {
  const setUp = async (settings?: ServerSettings) => {
    const primary = await startPostgresServer(settings);
    onTestFinished(() => primary.close());
    const standby = await primary.addStandby();
    onTestFinished(() => standby.close());
    return { primary, standby };
  };
  const open = async (...servers: readonly PostgresServer[]) => {
    const hosts = servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
    let older = 0;
    const store = await openPostgresStore(parsePostgresUrl(`postgres://postgres@${hosts}/postgres`), {
      keyLifeMs: hour,
      onOlder: () => {
        older += 1;
      },
    });
    onTestFinished(() => store.close());
    return { store, older: () => older };
  };
  /** Waits until a standby has applied an entry. */
  const hasEntry = (standby: PostgresServer, id: string) =>
    until('the standby has the entry', async () => {
      const rows = await standby.query(`SELECT 1 FROM recollect.entries WHERE id = '${id}'`).catch(() => []);
      return rows.length > 0;
    });

  it('finds the primary at any position, goes on after a promotion, and then finds the new one', async () => {
    const { primary, standby } = await setUp();
    const { store } = await open(standby, primary);
    const second = await open(primary, standby);
    const ledger = await createLedger(second.store, createDigest(gatewayKey), { keyLifeMs: hour });
    onTestFinished(() => ledger.close());
    expect(await store.add(entryOf('1'))).toBeNull();
    expect(await second.store.get('1')).toEqual(entryOf('1'));
    await ledger.once(write, settled('paid'));
    await second.store.add(entryOf('last'));
    await hasEntry(standby, 'last');

    await primary.stop('fast');
    await standby.promote();
    expect(await ledger.once(write, never)).toEqual({ kind: 'settled', outcome: 'paid' });
    expect(await ledger.once({ ...write, idempotencyKey: 'new' }, settled('new'))).toEqual({
      kind: 'settled',
      outcome: 'new',
    });
    expect(await store.replace(entryOf('1', { version: 2 }))).toBe(true);
    expect([second.older(), (await store.marks()).values.has('restoredAt')]).toEqual([0, false]);
    expect((await (await open(standby)).store.get('1'))?.version).toBe(2);
  });

  it('is refused at the start without a primary, with a message that holds no value', async () => {
    const { standby } = await setUp();
    const refusal = await open(standby).catch((error: unknown) => error);
    if (!(refusal instanceof DatabaseError)) throw new Error('Nothing was refused.');
    const text = databaseProblem(refusal);
    expect(text).toContain('none of its servers accepts writes');
    for (const value of ['127.0.0.1', String(standby.port), 'postgres@']) expect(text).not.toContain(value);
  });

  it('waits at the start for a server that is still in recovery', async () => {
    const { primary, standby } = await setUp();
    await primary.stop('fast');
    const opening = open(standby);
    await standby.promote();
    const { store } = await opening;
    expect(await store.add(entryOf('1'))).toBeNull();
  });

  it('is refused at the start on a server that is read-only', async () => {
    const primary = await startPostgresServer({ default_transaction_read_only: 'on' });
    onTestFinished(() => primary.close());
    await expect(open(primary)).rejects.toMatchObject({ code: 'NO_PRIMARY' });
  });

  it('marks itself as restored after a promotion that lost a confirmed change', async () => {
    const { primary, standby } = await setUp();
    const { store, older } = await open(primary, standby);
    const ledger = await createLedger(store, createDigest(gatewayKey), { keyLifeMs: hour });
    onTestFinished(() => ledger.close());
    await store.add(entryOf('kept'));
    await hasEntry(standby, 'kept');
    await standby.stop('kill');
    await ledger.once(write, settled('paid'));
    await primary.stop('kill');
    await standby.start();
    await standby.promote();
    expect(await ledger.once(write, never)).toMatchObject({ kind: 'unknown' });
    expect(older()).toBe(1);
  });
});
