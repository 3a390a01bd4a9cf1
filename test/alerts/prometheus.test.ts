import { renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alerts } from '../support/alert-rules.ts';
import { type AlertsGateway, charge, startAlertsGateway } from '../support/alerts-gateway.ts';
import { freePort } from '../support/free-port.ts';
import { hasPrometheus, type Prometheus, startPrometheus } from '../support/prometheus.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { workerIds } from '../support/workers.ts';

const timeout = 90_000;

/** Alerts that no fault triggers in a short run, with the reason. Their unit tests cover them. */
const withoutFault: Readonly<Record<string, string>> = {
  RecollectNoTraffic: 'needs an hour of traffic, and 15 minutes without',
  RecollectInternalErrors: 'no known request causes an unexpected error',
  RecollectStalledClients: 'needs several clients that each leave megabytes unread',
  RecollectMemoryNearLimit: 'needs a process at the brink of its end',
  RecollectBuildSkew: 'needs two versions',
};

const triggered = new Set<string>();

const read = '{ account(fileNumber: "R1001") { client } }';

/** A gateway that a Prometheus scrapes. */
const setUp = async (env: Readonly<Record<string, string>> = {}) => {
  const prometheus = await startPrometheus();
  const gateway = await startAlertsGateway(env);
  prometheus.scrape(gateway.url);
  await prometheus.scraped();
  return { prometheus, gateway, faults: gateway.sandbox.faults };
};

/** Waits until alerts fire, and checks what somebody reads then. */
const expectFiring = async (
  prometheus: Prometheus,
  names: readonly string[],
  repeat?: () => Promise<unknown>,
): Promise<void> => {
  const firing = await prometheus.firing(names, repeat);
  for (const name of names) triggered.add(name);
  for (const { annotations } of firing) {
    const texts = Object.values(annotations).join('\n');
    expect(texts).not.toMatch(/error expanding|<no value>|\{\{|NaN|R1001|77\.31/);
  }
};

const ask =
  (gateway: AlertsGateway, count = 1, document = read, token?: string) =>
  async (): Promise<void> => {
    await Promise.all(Array.from({ length: count }, () => gateway.query(document, {}, token)));
  };

const stopped = async ({ running }: AlertsGateway, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  running.process.kill(signal);
  await running.ended;
};

describe.runIf(hasPrometheus('alerts of a real Prometheus'))('Prometheus', { timeout }, () => {
  it('reports no target, a gateway that does not answer, and one that restarts', async () => {
    const prometheus = await startPrometheus();
    await expectFiring(prometheus, ['RecollectAbsent']);
    const PORT = String(await freePort());
    let gateway = await startAlertsGateway({ PORT });
    prometheus.scrape(gateway.url);
    await prometheus.scraped();
    await stopped(gateway, 'SIGTERM');
    await expectFiring(prometheus, ['RecollectDown']);
    for (let start = 0; start < 3; start += 1) {
      gateway = await startAlertsGateway({ PORT });
      // Start times are whole seconds, and each must be scraped.
      await pause(2500);
      await stopped(gateway, 'SIGKILL');
    }
    await expectFiring(prometheus, ['RecollectRestarts']);
  });

  it('reports an upstream that fails inside HTTP 200, and the errors of requests', async () => {
    const { prometheus, gateway, faults } = await setUp();
    faults.set([{ operation: '*', system: 'SCOLLECT', fault: 'error-in-200' }]);
    await expectFiring(
      prometheus,
      ['RecollectUpstreamFailing', 'RecollectErrors', 'RecollectBreakerOpen'],
      ask(gateway, 10),
    );
  });

  it('reports an upstream that responds in another form, or for another record', async () => {
    const { prometheus, gateway, faults } = await setUp();
    faults.set([{ operation: 'getaccount', fault: 'wrong-types' }]);
    await expectFiring(prometheus, ['RecollectUpstreamDrift'], ask(gateway));
    faults.set([{ operation: 'getaccount', fault: 'wrong-key' }]);
    await expectFiring(prometheus, ['RecollectUpstreamMismatch'], ask(gateway));
  });

  it('reports rejected credentials', async () => {
    const { prometheus, gateway } = await setUp({ SCOLLECT_PIN: 'wrong' });
    await expectFiring(prometheus, ['RecollectUpstreamTokenRefused'], ask(gateway));
  });

  it('reports slow requests of fast upstreams, and calls in the queue', async () => {
    const prometheus = await startPrometheus();
    const gateway = await startAlertsGateway({ UPSTREAM_MAX_CONCURRENCY: '1' });
    gateway.sandbox.faults.set([{ operation: 'getnotes', fault: 'delay', milliseconds: 250 }]);
    // Accounts of their own: equal reads are one call.
    const documentOf = (nth: number): string => {
      const numbers = Array.from({ length: 5 }, (_, index) => `"R${3001 + nth * 5 + index}"`);
      return `{ accounts(fileNumbers: [${numbers.join(', ')}]) { notes { totalCount } } }`;
    };
    let isOver = false;
    const loads = Array.from({ length: 4 }, async (_, nth) => {
      // Not all end at the same time, so that the queue is never empty.
      await pause(nth * 700);
      while (!isOver) await gateway.query(documentOf(nth));
    });
    onTestFinished(async () => {
      isOver = true;
      await Promise.all(loads);
    });
    await pause(4 * 700);
    while (!/^recollect_upstream_waiting\{upstream="SCOLLECT"\} [1-9]/m.test(await gateway.scrape()))
      await pause(20);
    // Scraped from now on: the queue was never empty.
    prometheus.scrape(gateway.url);
    await expectFiring(prometheus, ['RecollectQueueWaiting', 'RecollectSlowGateway']);
  });

  it('reports a slow upstream, and requests that are slow for it', async () => {
    const { prometheus, gateway, faults } = await setUp();
    faults.set([{ operation: 'getaccount', fault: 'delay', milliseconds: 6000 }]);
    await expectFiring(prometheus, ['RecollectSlowUpstream', 'RecollectSlowRequests'], ask(gateway));
  });

  it('reports requests without a valid token, and keys that cannot be fetched', async () => {
    const { prometheus, gateway } = await setUp();
    await expectFiring(prometheus, ['RecollectUnauthenticated'], ask(gateway, 50, read, 'no token'));
    const withoutKeys = await startAlertsGateway({
      AUTH_JWT_SECRET: '',
      AUTH_JWKS_URL: `http://127.0.0.1:${await freePort()}/keys`,
    });
    prometheus.scrape(withoutKeys.url);
    await prometheus.scraped();
    const token = [{ alg: 'RS256', kid: 'unknown' }, { sub: 'ann' }, {}]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    await expectFiring(prometheus, ['RecollectTokensUnverifiable'], ask(withoutKeys, 1, read, token));
  });

  it('reports clients beyond the maximum of connections', async () => {
    const { prometheus, gateway } = await setUp({ MAX_CONNECTIONS: '4' });
    const sockets = Array.from({ length: 8 }, () =>
      connect(Number(gateway.url.port), '127.0.0.1').on('error', () => {}),
    );
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    await expectFiring(prometheus, ['RecollectConnectionsDropped']);
  });

  it('reports a manifest that is rejected', async () => {
    const file = join(temporaryFolder(), 'documents.json');
    writeFileSync(file, JSON.stringify({ a: read }));
    const { prometheus } = await setUp({ PERSISTED_DOCUMENTS: file });
    writeFileSync(file, JSON.stringify({ a: '{ nope }' }));
    await expectFiring(prometheus, ['RecollectTrustedDocumentsRejected']);
  });

  it('reports lost lines of the audit trail', async () => {
    const { prometheus, gateway } = await setUp({ AUDIT_LOG: '/dev/full' });
    await expectFiring(prometheus, ['RecollectAuditLinesLost'], ask(gateway));
  });

  it('reports a process that does not get to its event loop', async () => {
    const { prometheus, gateway } = await setUp();
    const { process: child } = gateway.running;
    await expectFiring(prometheus, ['RecollectEventLoopLag'], async () => {
      child.kill('SIGSTOP');
      await pause(400);
      child.kill('SIGCONT');
      await pause(50);
    });
  });

  it('reports an unknown outcome at once, and an old one, also after a restart', async () => {
    const { prometheus, gateway, faults } = await setUp();
    faults.set([{ operation: 'run_payment_external', fault: 'lose-answer', times: 1 }]);
    await charge(gateway, '77.31');
    await expectFiring(prometheus, ['RecollectPendingOutcome']);
    await stopped(gateway, 'SIGTERM');
    const file = join(gateway.folder, 'gateway.db');
    const database = new Database(file);
    // As if it were from an hour ago.
    database.exec('UPDATE entries SET started_at = started_at - 3600000');
    database.close();
    const next = await startAlertsGateway({ STORE_URL: `file:${file}` }, gateway.sandbox);
    prometheus.scrape(next.url);
    await expectFiring(prometheus, ['RecollectPendingOutcomeOld', 'RecollectPendingOutcome']);
  });

  it('reports a ledger that is gone, and payments that fail for it', async () => {
    const { prometheus, gateway } = await setUp();
    const file = join(gateway.folder, 'gateway.db');
    renameSync(file, `${file}.elsewhere`);
    await charge(gateway, '77.31');
    await expectFiring(prometheus, ['RecollectLedgerUnavailable', 'RecollectLedgerFailing']);
  });

  it('reports a Redis that is down, and workers that crash', async () => {
    const { prometheus, gateway } = await setUp({
      WORKERS: '2',
      REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
    });
    await expectFiring(prometheus, ['RecollectRedisDown']);
    const killNewest = async (): Promise<void> => {
      const [, newest] = await workerIds(gateway.running);
      // The other one answers the scrapes.
      if (newest !== undefined) process.kill(newest, 'SIGKILL');
      await pause(200);
    };
    await expectFiring(prometheus, ['RecollectWorkerCrashes'], async () => {
      // One that is being started has not served, and counts as a start that failed.
      if (/^recollect_workers 2$/m.test(await gateway.scrape())) await killNewest();
    });
    await expectFiring(prometheus, ['RecollectWorkersDown'], killNewest);
  });

  it('reports nothing of a gateway that serves requests, errors of clients and a rollout included', async () => {
    const { prometheus, gateway } = await setUp();
    const all = `{ account(fileNumber: "R1001") { client notes { totalCount } phones { number } payments { totalCount } }
      orders(first: 5) { nodes { caseNumber } } }`;
    for (let count = 0; count < 20; count += 1) {
      await gateway.query(all);
      await gateway.query(read);
      await charge(gateway, `${count + 1}.00`);
    }
    await gateway.query(read, {}, 'no token');
    await gateway.query('{ nope }');
    await gateway.query('{ account(fileNumber: "-") { client } }');
    await stopped(gateway, 'SIGTERM');
    const next = await startAlertsGateway({}, gateway.sandbox);
    prometheus.scrape(next.url);
    for (let count = 0; count < 20; count += 1) await next.query(all);
    await prometheus.scraped(8);
    // That one target is missing for a moment is what a rollout without a second gateway looks like.
    const names = (await prometheus.firing([])).map(({ labels }) => labels['alertname']);
    expect(names.filter((name) => name !== 'RecollectDown')).toEqual([]);
  });

  it('has triggered every alert but those with a reason', () => {
    expect([...triggered, ...Object.keys(withoutFault)].sort()).toEqual(
      alerts.map(({ alert }) => alert).sort(),
    );
  });
});
