import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { databaseProblem } from '../../src/config/database-problems.ts';
import { parsePostgresUrl } from '../../src/config/postgres-url.ts';
import { createLedger, type LedgerOptions } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import type { PendingWrite } from '../../src/ledger/ledger.ts';
import { DatabaseError } from '../../src/ledger/postgres/database-error.ts';
import { openPostgresStore } from '../../src/ledger/postgres/open-postgres-store.ts';
import { gatewayKey, hour, never, settled, write } from '../support/ledger.ts';
import { mutationOf } from '../support/mutation.ts';
import { startPayingGateway } from '../support/paying-gateway.ts';
import { startPostgresProxy } from '../support/postgres-proxy.ts';
import {
  hasPostgresPrograms,
  type PostgresServer,
  startPostgresServer,
  until,
} from '../support/postgres-server.ts';

/** Fails like a client that waits no longer. */
const within = async <Value>(milliseconds: number, answer: Promise<Value>): Promise<Value> => {
  const timer = new AbortController();
  const late = pause(milliseconds, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`No answer within ${milliseconds} milliseconds.`);
  });
  late.catch(() => {});
  return Promise.race([answer, late]).finally(() => timer.abort());
};

/** The documented bound for what is rejected before a call is sent (docs/ledger.md). */
const rejectionMs = 5000;
/** `timeoutSeconds` of the readiness probes in `deploy/`. */
const probeMs = 2000;

describe.skipIf(!hasPostgresPrograms)('a ledger whose Postgres hangs', () => {
  let server: PostgresServer;
  let schemas = 0;
  beforeAll(async () => {
    server = await startPostgresServer();
  });
  afterAll(() => server.close());

  const setUp = async (options: Partial<LedgerOptions> = {}) => {
    schemas += 1;
    const proxy = await startPostgresProxy(server.port);
    onTestFinished(() => proxy.close());
    const openAt = async (port: number) => {
      const url = `postgres://postgres@127.0.0.1:${port}/postgres?schema=ledger_${schemas}`;
      const store = await openPostgresStore(parsePostgresUrl(url), { keyLifeMs: hour });
      const ledger = await createLedger(store, createDigest(gatewayKey), { keyLifeMs: hour, ...options });
      onTestFinished(() => ledger.close());
      return ledger;
    };
    return { proxy, ledger: await openAt(proxy.port), openOther: () => openAt(server.port) };
  };
  const startBehindProxy = async () => {
    const { proxy, ledger } = await setUp();
    return { proxy, ...(await startPayingGateway(ledger)) };
  };

  it('sends no payment, is not ready in time for a probe, and serves reads', async () => {
    const { proxy, gateway, ready, pay, payments } = await startBehindProxy();
    expect(await ready()).toEqual({ status: 200, store: 'open' });
    const release = proxy.halt();
    for (const key of ['key 1', 'key 2']) {
      const [result, state, read] = await Promise.all([
        within(rejectionMs, pay(key)),
        within(probeMs, ready()),
        within(probeMs, gateway.query('{ account(fileNumber: "R1") { fileNumber } }')),
      ]);
      expect(result).toMatchObject({ __typename: 'OutcomeUnknownError', outcomeId: null });
      expect(state).toEqual({ status: 503, store: 'unavailable' });
      expect([read.errors, read.data]).toEqual([undefined, { account: { fileNumber: 'R1' } }]);
    }
    release();
    await until('the gateway is ready', async () => (await ready()).status === 200);
    expect(payments()).toEqual([]);
    // Nothing of the rejected requests has reached the ledger.
    expect((await pay('key 1')).__typename).toBe('RunPaymentSuccess');
    expect(payments()).toHaveLength(1);
  });

  it('after it has executed the claim sends no payment, then or later', async () => {
    const { proxy, gateway, ready, pay, payments } = await startBehindProxy();
    const halted = proxy.haltAfter('INSERT INTO "');
    expect(await within(rejectionMs, pay('key'))).toMatchObject({ __typename: 'OutcomeUnknownError' });
    (await halted)();
    await until('the gateway is ready', async () => (await ready()).status === 200);
    // The claim is in the ledger, and nobody continues it.
    let outcomeId: string | null | undefined;
    await until('the outcome has an id', async () => {
      ({ outcomeId } = await pay('key'));
      return typeof outcomeId === 'string';
    });
    expect(payments()).toEqual([]);
    const resolve = mutationOf('resolveOutcome', '__typename');
    await until('the outcome is resolved', async () => {
      const { data } = await gateway.query(resolve, { input: { outcomeId, wasCarriedOut: false } });
      return data.resolveOutcome.__typename === 'ResolveOutcomeSuccess';
    });
    expect((await pay('key')).__typename).toBe('RunPaymentSuccess');
    expect(payments()).toHaveLength(1);
  });

  it('before a late call is claimed again sends nothing', async () => {
    let skippedMs = 0;
    const { proxy, ledger } = await setUp({ elapsed: () => performance.now() + skippedMs });
    let release = () => {};
    const claimed: unknown[] = [];
    const ended = ledger.once(write, async ({ claim }: PendingWrite) => {
      release = proxy.halt();
      // A long log-in of the upstream.
      skippedMs = 2500;
      claimed.push(await claim().catch((error: unknown) => error));
      return { kind: 'released' };
    });
    await expect(within(rejectionMs, ended)).rejects.toMatchObject({ name: 'LedgerError', isSent: false });
    expect(claimed).toEqual([expect.any(DatabaseError)]);
    release();
  });

  it('for longer than a claim waits does not forget the outcome of a call', async () => {
    const { proxy, ledger, openOther } = await setUp();
    const ended = ledger.once(write, async () => {
      const release = proxy.halt();
      setTimeout(release, 4000);
      return settled('paid')();
    });
    expect(await ended).toEqual({ kind: 'settled', outcome: 'paid' });
    expect(await (await openOther()).once(write, never)).toEqual({ kind: 'settled', outcome: 'paid' });
  });

  it('at the existing connections only is used over new ones', async () => {
    const { ledger } = await setUp();
    const rows = await server.query(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'recollect' AND query LIKE '%ledger_${schemas}%'`,
    );
    const pids = rows.map(({ pid }) => Number(pid));
    expect(pids).not.toEqual([]);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    onTestFinished(() => {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    });
    const ended = within(rejectionMs, ledger.once(write, settled('paid')));
    expect(await ended).toEqual({ kind: 'settled', outcome: 'paid' });
  });

  it('at the start refuses it with a message that holds no value', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket.on('error', () => {})));
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      silent.close();
      for (const socket of sockets) socket.destroy();
    });
    const { port } = silent.address() as AddressInfo;
    const settings = parsePostgresUrl(`postgres://clerk@127.0.0.1:${port}/payments?connect_timeout=1`);
    const opening = openPostgresStore(settings, { keyLifeMs: hour });
    const refusal = await opening.catch((error: unknown) => error);
    if (!(refusal instanceof DatabaseError)) throw new Error('Nothing was refused.');
    expect(databaseProblem(refusal)).toContain('does not answer within connect_timeout');
    expect(databaseProblem(refusal)).not.toMatch(new RegExp(`clerk|payments|127|${port}`));
  });
});
