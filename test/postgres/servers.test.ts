import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parsePostgresUrl } from '../../src/config/postgres-url.ts';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import { openPostgresStore } from '../../src/ledger/postgres/open-postgres-store.ts';
import { entryOf } from '../support/entries.ts';
import { gatewayKey, hour, never, settled, write } from '../support/ledger.ts';
import { startPayingGateway } from '../support/paying-gateway.ts';
import { startPostgresProxy } from '../support/postgres-proxy.ts';
import {
  hasPostgresPrograms,
  type PostgresServer,
  startPostgresServer,
  until,
} from '../support/postgres-server.ts';

describe.skipIf(!hasPostgresPrograms)('a ledger whose Postgres', () => {
  let server: PostgresServer;
  let schemas = 0;
  beforeAll(async () => {
    server = await startPostgresServer();
  });
  afterAll(() => server.close());

  const openStore = async (port = server.port) => {
    schemas += 1;
    const url = `postgres://postgres@127.0.0.1:${port}/postgres?schema=ledger_${schemas}`;
    const store = await openPostgresStore(parsePostgresUrl(url), { keyLifeMs: hour });
    onTestFinished(() => store.close());
    return store;
  };
  const openLedger = async (port?: number) => {
    const ledger = await createLedger(await openStore(port), createDigest(gatewayKey), { keyLifeMs: hour });
    onTestFinished(() => ledger.close());
    return ledger;
  };

  it.each(['kill', 'fast'] as const)(
    'is stopped (%s) during writes keeps each confirmed one',
    async (how) => {
      const store = await openStore();
      const confirmed: string[] = [];
      let isOver = false;
      const lane = async (name: string): Promise<void> => {
        for (let turn = 0; !isOver; turn += 1) {
          const id = `${name} ${turn}`;
          const isAdded = await store.add(entryOf(id)).then(
            (holder) => holder === null,
            () => false,
          );
          if (isAdded) confirmed.push(id);
        }
      };
      const lanes = Promise.all(['a', 'b', 'c', 'd'].map(lane));
      await until('there are writes', () => confirmed.length > 20);
      await server.stop(how);
      const before = confirmed.length;
      await server.start();
      await until('there are writes again', () => confirmed.length > before + 20);
      isOver = true;
      await lanes;
      const kept = new Set((await store.list(['PENDING'])).map(({ id }) => id));
      expect(confirmed.filter((id) => !kept.has(id))).toEqual([]);
      expect((await store.marks()).values.has('restoredAt')).toBe(false);
    },
  );

  it('crashes between the claim and the outcome does not forget the outcome', async () => {
    const ledger = await openLedger();
    const ended = await ledger.once(write, async () => {
      await server.stop('kill');
      await server.start();
      return settled('paid')();
    });
    expect(ended).toEqual({ kind: 'settled', outcome: 'paid' });
    expect(await ledger.once(write, never)).toEqual({ kind: 'settled', outcome: 'paid' });
  });

  const startBehindProxy = async () => {
    const proxy = await startPostgresProxy(server.port);
    onTestFinished(() => proxy.close());
    return { proxy, ...(await startPayingGateway(await openLedger(proxy.port))) };
  };

  it('is not reachable sends no payment, serves reads, is not ready, and is used again when it is back', async () => {
    const { proxy, gateway, ready, pay, payments } = await startBehindProxy();
    expect((await pay('key 1')).__typename).toBe('RunPaymentSuccess');
    expect(await ready()).toEqual({ status: 200, store: 'open' });
    expect(payments()).toHaveLength(1);

    await proxy.refuse();
    const [fresh, used, state, read] = await Promise.all([
      pay('key 2'),
      pay('key 1'),
      ready(),
      gateway.query('{ account(fileNumber: "R1") { fileNumber } }'),
    ]);
    // As with a file that cannot be read.
    expect(fresh).toMatchObject({
      __typename: 'OutcomeUnknownError',
      code: 'OUTCOME_UNKNOWN',
      outcomeId: null,
    });
    expect(used).toMatchObject({ __typename: 'OutcomeUnknownError', code: 'OUTCOME_UNKNOWN' });
    expect(state).toEqual({ status: 503, store: 'unavailable' });
    expect(read.errors).toBeUndefined();
    expect(payments()).toHaveLength(1);

    await proxy.resume();
    await until('the gateway is ready', async () => (await ready()).status === 200);
    expect((await pay('key 2')).__typename).toBe('RunPaymentSuccess');
    expect((await pay('key 1')).__typename).toBe('RunPaymentSuccess');
    expect(payments()).toHaveLength(2);
  });

  it('becomes read-only sends no payment, and returns the outcomes of keys', async () => {
    const { pay, payments } = await startBehindProxy();
    await pay('key 1');
    await server.query('ALTER SYSTEM SET default_transaction_read_only = on');
    await server.query('SELECT pg_reload_conf()');
    await until('the server is read-only', async () => {
      const [row] = await server.query('SHOW default_transaction_read_only');
      return row?.['default_transaction_read_only'] === 'on';
    });
    expect(await pay('key 2')).toMatchObject({
      __typename: 'UnavailableError',
      code: 'UPSTREAM_UNAVAILABLE',
    });
    expect((await pay('key 1')).__typename).toBe('RunPaymentSuccess');
    expect(payments()).toHaveLength(1);
    await server.query('ALTER SYSTEM RESET default_transaction_read_only');
    await server.query('SELECT pg_reload_conf()');
    await until(
      'the server takes writes',
      async () => (await pay('key 2')).__typename === 'RunPaymentSuccess',
    );
    expect(payments()).toHaveLength(2);
  });
});
