import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parsePostgresUrl } from '../../src/config/postgres-url.ts';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import { connectTo } from '../../src/ledger/postgres/connection.ts';
import { openPostgresStore } from '../../src/ledger/postgres/open-postgres-store.ts';
import type { PostgresStore } from '../../src/ledger/postgres/postgres-store.ts';
import { entryOf } from '../support/entries.ts';
import { gatewayKey, hour, settled, write } from '../support/ledger.ts';
import { hasPgbouncer, startPgbouncer } from '../support/pgbouncer.ts';
import { hasPostgresPrograms, type PostgresServer, startPostgresServer } from '../support/postgres-server.ts';

describe.skipIf(!hasPostgresPrograms || !hasPgbouncer)(
  'a ledger behind PgBouncer in transaction mode',
  () => {
    let server: PostgresServer;
    let pooler: Awaited<ReturnType<typeof startPgbouncer>>;
    let schemas = 0;

    beforeAll(async () => {
      server = await startPostgresServer();
      pooler = await startPgbouncer(server.port);
    });
    afterAll(async () => {
      await pooler.close();
      await server.close();
    });

    /** Opens stores at once on a schema of their own that does not exist. */
    const openStores = async (count: number): Promise<readonly PostgresStore[]> => {
      schemas += 1;
      const url = `postgres://postgres@127.0.0.1:${pooler.port}/postgres?schema=ledger_${schemas}`;
      const stores = await Promise.all(
        Array.from({ length: count }, () => openPostgresStore(parsePostgresUrl(url), { keyLifeMs: hour })),
      );
      onTestFinished(async () => {
        await Promise.all(stores.map((store) => store.close()));
      });
      return stores;
    };
    const pairOfStores = async () => (await openStores(2)) as [PostgresStore, PostgresStore];

    it('is created by one of several gateways that start at once', async () => {
      const stores = await openStores(4);
      const texts = await Promise.all(stores.map((store, index) => store.remember('owner', `${index}`)));
      expect(new Set(texts).size).toBe(1);
      const tables = await server.query(`SELECT count(*)::integer AS count FROM ledger_${schemas}.tables`);
      expect(tables).toEqual([{ count: 1 }]);
    });

    it('keeps one entry under a key that is claimed at once through several connections', async () => {
      const stores = await openStores(3);
      const added = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          stores[index % 3]?.add(entryOf(`id ${index}`, { keyDigest: 'key' })),
        ),
      );
      expect(added.filter((holder) => holder === null)).toHaveLength(1);
      expect(await stores[0]?.counts()).toEqual({ PENDING: 1 });
    });

    it('replaces a version once', async () => {
      const [one, other] = await pairOfStores();
      await one.add(entryOf('1'));
      const replaced = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? one : other).replace(entryOf('1', { version: 2, attempt: String(index) })),
        ),
      );
      expect(replaced.filter(Boolean)).toEqual([true]);
      expect((await one.get('1'))?.attempt).toBe(String(replaced.indexOf(true)));
    });

    it('removes what has expired, and keeps marks', async () => {
      const [one, other] = await pairOfStores();
      await one.add(entryOf('1', { expiresAt: 10, changedAt: 5, state: 'SETTLED' }));
      await Promise.all([one.removeExpired(10), other.removeExpired(10), one.raise({ clock: 2 ** 52 })]);
      expect(await other.get('1')).toBeNull();
      const { values } = await other.marks();
      expect([values.get('forgotten'), values.get('clock')]).toEqual([5, 2 ** 52]);
    });

    it('executes the write of a key once for several gateways', async () => {
      const stores = await openStores(3);
      const ledgers = await Promise.all(
        stores.map((store) => createLedger(store, createDigest(gatewayKey), { keyLifeMs: hour })),
      );
      let executed = 0;
      const outcomes = await Promise.all(
        Array.from({ length: 24 }, (_, index) =>
          ledgers[index % 3]?.once({ ...write, idempotencyKey: `key ${index % 4}`, waitMs: 60_000 }, () => {
            executed += 1;
            return settled('paid')();
          }),
        ),
      );
      expect(executed).toBe(4);
      expect(outcomes).toEqual(Array(24).fill({ kind: 'settled', outcome: 'paid' }));
      await Promise.all(ledgers.map((ledger) => ledger.close()));
    });

    it('leaves no state in the connections that others use next', async () => {
      const [store] = await openStores(1);
      await Promise.all(Array.from({ length: 20 }, (_, index) => store?.add(entryOf(`id ${index}`))));
      const url = `postgres://postgres@127.0.0.1:${pooler.port}/postgres`;
      const settings = parsePostgresUrl(url);
      const [host] = settings.hosts;
      if (!host) throw new Error('No host.');
      const connection = await connectTo(host, settings);
      onTestFinished(() => connection.close());
      const text = `SELECT current_setting('lock_timeout') AS lock, pg_backend_pid() AS pid,
      (SELECT count(*)::integer FROM pg_locks WHERE locktype = 'advisory') AS locks`;
      for (let turn = 0; turn < 10; turn += 1) {
        expect((await connection.execute({ text })).rows).toMatchObject([{ lock: '0', locks: 0 }]);
      }
    });

    it('goes on after a restart of the server', async () => {
      const [store] = await openStores(1);
      await store?.add(entryOf('1'));
      await server.stop('kill');
      await server.start();
      expect(await store?.replace(entryOf('1', { version: 2 }))).toBe(true);
    });
  },
);
