import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parsePostgresUrl } from '../../src/config/postgres-url.ts';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import { openPostgresStore } from '../../src/ledger/postgres/open-postgres-store.ts';
import { entryOf } from '../support/entries.ts';
import { gatewayKey, hour, never, settled, write } from '../support/ledger.ts';
import { type PostgresProxy, startPostgresProxy } from '../support/postgres-proxy.ts';
import { hasPostgresPrograms, type PostgresServer, startPostgresServer } from '../support/postgres-server.ts';

describe.skipIf(!hasPostgresPrograms)('the lost answer to', () => {
  let server: PostgresServer;
  let schemas = 0;
  beforeAll(async () => {
    server = await startPostgresServer();
  });
  afterAll(() => server.close());

  /** Opens a store through a proxy, on a schema of its own, and one that no fault concerns. */
  const setUp = async () => {
    schemas += 1;
    const proxy = await startPostgresProxy(server.port);
    onTestFinished(() => proxy.close());
    const openAt = async (port: number) => {
      const url = `postgres://postgres@127.0.0.1:${port}/postgres?schema=ledger_${schemas}`;
      const opened = await openPostgresStore(parsePostgresUrl(url), { keyLifeMs: hour });
      onTestFinished(() => opened.close());
      return opened;
    };
    return {
      proxy,
      schema: `ledger_${schemas}`,
      store: await openAt(proxy.port),
      other: await openAt(server.port),
    };
  };

  /** Loses the answer, or the statement itself, which is then executed for the first time by the repetition. */
  const losses = [
    ['after the commit', (proxy: PostgresProxy, text: string) => proxy.loseAnswer(text)],
    ['before the server got it', (proxy: PostgresProxy, text: string) => proxy.loseStatement(text)],
  ] as const;

  describe.each(losses)('a statement, %s:', (_, lose) => {
    it('an own entry is recognized as added', async () => {
      const { proxy, store, other } = await setUp();
      const lost = lose(proxy, 'INSERT INTO "');
      expect(await store.add(entryOf('1'))).toBeNull();
      await lost;
      expect(await other.get('1')).toEqual(entryOf('1'));
      expect(await other.add(entryOf('2', { keyDigest: '1' }))).toEqual(entryOf('1'));
    });

    it('the entry of another process is not taken for an own one', async () => {
      const { proxy, store, other } = await setUp();
      await other.add(entryOf('1'));
      const lost = lose(proxy, 'INSERT INTO "');
      expect(await store.add(entryOf('2', { keyDigest: '1' }))).toEqual(entryOf('1'));
      await lost;
    });

    it('an own replacement is recognized', async () => {
      const { proxy, store, other } = await setUp();
      const settledEntry = entryOf('1', { version: 2, state: 'SETTLED', outcome: '"paid"', expiresAt: 9 });
      await store.add(entryOf('1'));
      const lost = lose(proxy, 'UPDATE "');
      expect(await store.replace(settledEntry)).toBe(true);
      await lost;
      expect(await other.get('1')).toEqual(settledEntry);
      expect(await other.replace(settledEntry)).toBe(false);
    });

    it('the replacement of another process is not taken for an own one', async () => {
      const { proxy, store, other } = await setUp();
      await store.add(entryOf('1'));
      await other.replace(entryOf('1', { version: 2, attempt: 'other' }));
      const lost = lose(proxy, 'UPDATE "');
      expect(await store.replace(entryOf('1', { version: 2, attempt: 'own' }))).toBe(false);
      await lost;
      expect((await other.get('1'))?.attempt).toBe('other');
    });

    it('expired entries are removed, and accounted for', async () => {
      const { proxy, store, other } = await setUp();
      await store.add(entryOf('1', { state: 'SETTLED', expiresAt: 10, changedAt: 5 }));
      await store.add(entryOf('2', { changedAt: 4 }));
      const lost = lose(proxy, 'WITH expired');
      await store.removeExpired(10);
      await lost;
      expect([await other.get('1'), (await other.get('2'))?.id]).toEqual([null, '2']);
      const { values } = await store.marks();
      expect([values.get('forgotten'), values.has('restoredAt')]).toEqual([5, false]);
    });

    it('a remembered text is the own one, or the first one', async () => {
      const { proxy, store, other } = await setUp();
      const lost = lose(proxy, '.remembered (');
      expect(await store.remember('name', 'own')).toBe('own');
      await lost;
      const lostAgain = lose(proxy, '.remembered (');
      expect(await store.remember('name', 'later')).toBe('own');
      await lostAgain;
      expect(await other.recall('name')).toBe('own');
    });

    it('the tables are created once', async () => {
      const { proxy } = await setUp();
      const url = `postgres://postgres@127.0.0.1:${proxy.port}/postgres?schema=late_${schemas}`;
      const lost = lose(proxy, 'COMMIT');
      const store = await openPostgresStore(parsePostgresUrl(url), { keyLifeMs: hour });
      onTestFinished(() => store.close());
      await lost;
      expect(await server.query(`SELECT version FROM late_${schemas}.tables`)).toHaveLength(1);
      expect((await store.marks()).values.has('restoredAt')).toBe(false);
    });

    it.each([
      ['the claim', 'INSERT INTO "'],
      ['the outcome', 'UPDATE "'],
    ])('%s is not executed twice, nor refused', async (_what, text) => {
      const { proxy, store, other } = await setUp();
      const ledgerOn = async (used: typeof store) => {
        const ledger = await createLedger(used, createDigest(gatewayKey), { keyLifeMs: hour });
        onTestFinished(() => ledger.close());
        return ledger;
      };
      const [ledger, second] = [await ledgerOn(store), await ledgerOn(other)];
      const lost = lose(proxy, text);
      expect(await ledger.once(write, settled('paid'))).toEqual({ kind: 'settled', outcome: 'paid' });
      await lost;
      expect(await second.once(write, never)).toEqual({ kind: 'settled', outcome: 'paid' });
    });
  });

  it('a claim, while another gateway asks for the same key, leaves one of them to execute it', async () => {
    const { proxy, store, other } = await setUp();
    void proxy.loseAnswer('INSERT INTO "');
    const added = await Promise.all([
      store.add(entryOf('1', { keyDigest: 'key' })),
      other.add(entryOf('2', { keyDigest: 'key' })),
    ]);
    expect(added.filter((holder) => holder === null)).toHaveLength(1);
  });
});
