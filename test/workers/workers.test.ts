import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeRelease } from '../../src/config/node-releases.ts';
import { statesIn } from '../support/ledger-states.ts';
import { run } from '../support/process.ts';
import { startUpstream } from '../support/upstream.ts';
import {
  amountIn,
  ask,
  isAlive,
  metricOf,
  paymentOf,
  readOf,
  startLoad,
  startWorkers,
  until,
  type Workers,
  wellDone,
  workerIds,
} from '../support/workers.ts';

const requests = 'recollect_requests_total';

const stopped = async (gateway: Workers, signal: NodeJS.Signals = 'SIGTERM') => {
  gateway.process.kill(signal);
  return gateway.ended;
};

describe('WORKERS=2', () => {
  it('serves one port by two processes, reports the start once, and has one sandbox', async () => {
    const gateway = await startWorkers(null);
    expect(await workerIds(gateway)).toHaveLength(2);
    const add = `mutation { addNote(input: { fileNumber: "R1001", collectorName: "Zaphod", body: "towel" }) {
      __typename } }`;
    const bodies = '{ account(fileNumber: "R1001") { notes { edges { node { body } } } } }';
    await ask(gateway, { query: add });
    // By both workers: each new connection goes to the next one.
    for (let n = 0; n < 4; n += 1) {
      const reply = await ask(gateway, { query: bodies });
      expect(JSON.stringify(reply)).toContain('towel');
    }
    const { code, stdout, stderr } = await stopped(gateway);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^Recollect is ready at /gm)).toHaveLength(1);
    expect(stdout.match(/the embedded sandbox stands in/g)).toHaveLength(1);
    const lines = stdout.split('\n').filter((line) => line.startsWith('{"level"'));
    const ends = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'stopped');
    expect(ends.map(({ worker }) => worker).sort()).toEqual([1, 2]);
    expect(ends.every(({ pid }) => Number.isInteger(pid))).toBe(true);
  });

  it('warns of a release of Node without security fixes once, and not again at a reload', async () => {
    const gateway = await startWorkers(await startUpstream(wellDone), { NODE_ENV: 'production' });
    gateway.process.kill('SIGHUP');
    await gateway.line(/"msg":"(all workers were replaced)"/);
    const { stdout } = await stopped(gateway);
    const { hasEnded } = nodeRelease(process.versions.node, new Date());
    expect(stdout.match(/"msg":"this release of Node /g) ?? []).toHaveLength(hasEnded ? 1 : 0);
  });

  it('distributes connections that clients keep evenly', async () => {
    const gateway = await startWorkers(null, { MAX_CONNECTIONS: '20' });
    // Each worker may have ten: with any other distribution some of these would be closed.
    const sockets = Array.from({ length: 20 }, () => connect(Number(gateway.url.port), gateway.url.hostname));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (const socket of sockets) socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    for (const socket of sockets) {
      const [data] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
      expect(String(data)).toMatch(/^HTTP\/1.1 200 /);
    }
    const further = connect(Number(gateway.url.port), gateway.url.hostname).on('error', () => {});
    await once(further, 'close');
    expect(further.bytesRead).toBe(0);
  });

  it('rejects a request that does not arrive in time', async () => {
    // The check of such requests begins with a server that listens, which that of a worker does not.
    const gateway = await startWorkers(null);
    const socket = connect(Number(gateway.url.port), gateway.url.hostname);
    onTestFinished(() => void socket.destroy());
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n');
    const [data] = await once(socket, 'data');
    expect(String(data)).toMatch(/^HTTP\/1.1 408 /);
  }, 90_000);

  it.each([
    [{ WORKERS: '0' }, 'WORKERS: expected a whole number from 1 to 256, or auto.'],
    [{ SCOLLECT_PIN: 'CANARY' }, 'SCOLLECT_URL: missing'],
    [{ AUDIT_LOG: '/proc/version/audit.log' }, 'AUDIT_LOG: expected'],
  ])('reports settings that cannot be used once: %j', async (env, message) => {
    const { code, stdout, stderr } = await run('main.js', { PORT: '0', WORKERS: '2', ...env }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`Recollect does not start.\n${message}`);
    expect(stderr.match(/does not start/g)).toHaveLength(1);
    expect(stderr).not.toContain('CANARY');
  });

  it('reports a taken port once', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await run('main.js', { PORT: String(port), WORKERS: '2' }).ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'Recollect does not start.\nPORT: taken by another process; expected a free one, or 0 to pick one.\n',
    });
  });
});

describe('/metrics of several workers', () => {
  it('is the same at each of them, and counts each request once', async () => {
    const gateway = await startWorkers(await startUpstream(wellDone), { WORKERS: '3' });
    for (let n = 0; n < 12; n += 1) await ask(gateway, readOf(`F${n}`).body);
    for (let n = 0; n < 4; n += 1) {
      expect(await metricOf(gateway, requests, { outcome: 'ok' })).toBe(12);
      expect(await metricOf(gateway, 'recollect_request_seconds_count', { outcome: 'ok' })).toBe(12);
      expect(await metricOf(gateway, 'recollect_workers')).toBe(3);
      expect(await metricOf(gateway, 'recollect_build_info')).toBe(1);
      expect(await metricOf(gateway, 'recollect_ledger_available')).toBe(1);
    }
    for (const reason of ['reload', 'stop', 'start', 'crash', 'signal']) {
      expect(await metricOf(gateway, 'recollect_worker_exits_total', { reason })).toBe(0);
    }
  });

  it('has the last values of a worker that does not answer, and counts that', async () => {
    const gateway = await startWorkers(await startUpstream(wellDone));
    for (let n = 0; n < 8; n += 1) await ask(gateway, readOf(`F${n}`).body);
    expect(await metricOf(gateway, requests, { outcome: 'ok' })).toBe(8);
    const [first = 0] = await workerIds(gateway);
    process.kill(first, 'SIGSTOP');
    onTestFinished(() => {
      if (isAlive(first)) process.kill(first, 'SIGCONT');
    });
    // The stopped one gets one connection at most, and confirms none.
    const scrapes = [1, 2, 3].map(() => metricOf(gateway, requests, { outcome: 'ok' }));
    expect(await Promise.any(scrapes)).toBe(8);
    process.kill(first, 'SIGCONT');
    await Promise.all(scrapes);
    expect(await metricOf(gateway, 'recollect_worker_scrape_failures_total')).toBeGreaterThan(0);
  });
});

describe('a worker that crashes', () => {
  it('is started again, and no counter falls', async () => {
    const gateway = await startWorkers(await startUpstream(wellDone));
    for (let n = 0; n < 10; n += 1) await ask(gateway, readOf(`F${n}`).body);
    const before = await metricOf(gateway, requests, { outcome: 'ok' });
    const calls = await metricOf(gateway, 'recollect_upstream_request_seconds_count');
    expect(before).toBe(10);
    const [first = 0] = await workerIds(gateway);
    process.kill(first, 'SIGKILL');
    await until(
      async () => (await metricOf(gateway, 'recollect_worker_exits_total', { reason: 'signal' })) === 1,
    );
    expect(await metricOf(gateway, requests, { outcome: 'ok' })).toBe(before);
    expect(await metricOf(gateway, 'recollect_upstream_request_seconds_count')).toBe(calls);
    await until(async () => (await metricOf(gateway, 'recollect_workers')) === 2);
    expect(await workerIds(gateway)).toHaveLength(2);
    expect((await ask(gateway, readOf('F1').body)).data).toEqual(readOf('F1').expected);
    expect(await metricOf(gateway, requests, { outcome: 'ok' })).toBe(before + 1);
    const { stdout, code } = await stopped(gateway);
    expect(code).toBe(0);
    expect(stdout).toContain('a worker ended and is started again');
  });

  it('takes no connection with it that waits while no worker serves', async () => {
    const gateway = await startWorkers(await startUpstream(wellDone));
    for (const pid of await workerIds(gateway)) process.kill(pid, 'SIGKILL');
    await gateway.line(/"msg":"(a worker ended and is started again)"/);
    expect((await ask(gateway, readOf('F1').body)).data).toEqual(readOf('F1').expected);
  });
});

describe('workers that are stopped', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('answer everything under load, by %s', async (signal) => {
    const scollect = await startUpstream(async (request) => {
      await pause(20);
      return wellDone(request);
    });
    const gateway = await startWorkers(scollect);
    const load = startLoad(gateway, 16);
    await until(() => load.state.sent > 300);
    gateway.process.kill(signal);
    // A terminal sends it to all processes.
    for (const pid of await workerIds(gateway)) if (isAlive(pid)) process.kill(pid, signal);
    const { code, stderr } = await gateway.ended;
    await load.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(load.failed.filter((failure) => !failure.startsWith('ECONNREFUSED'))).toEqual([]);
    const charged = scollect.received.filter(({ path }) => path === '/run_payment_external').map(amountIn);
    expect(new Set(charged).size).toBe(charged.length);
    expect(statesIn(gateway.storeFile)).toEqual({ SETTLED: charged.length });
  });

  it('report that they are not ready for SHUTDOWN_DELAY_MS, and end at once by a second signal', async () => {
    const gateway = await startWorkers(null, { SHUTDOWN_DELAY_MS: '60000' });
    const pids = await workerIds(gateway);
    gateway.process.kill('SIGTERM');
    for (let n = 0; n < 2; n += 1) {
      await until(async () => {
        const { status } = await fetch(new URL('/ready', gateway.url), { headers: { connection: 'close' } });
        return status === 503;
      });
    }
    gateway.process.kill('SIGTERM');
    await gateway.ended;
    expect(gateway.process.signalCode).toBe('SIGTERM');
    await until(() => !pids.some(isAlive));
  });

  it('end with 1 if a write hangs beyond the time limit', async () => {
    const scollect = await startUpstream(async (request) => {
      if (request.path === '/run_payment_external') await pause(20_000);
      return wellDone(request);
    });
    const gateway = await startWorkers(scollect, {
      SHUTDOWN_TIMEOUT_MS: '1500',
      UPSTREAM_TIMEOUT_MS: '30000',
      REQUEST_TIMEOUT_MS: '30000',
    });
    const answered = ask(gateway, paymentOf(1).body);
    await until(() => scollect.calls().includes('/run_payment_external'));
    const { code } = await stopped(gateway);
    expect(code).toBe(1);
    expect((await answered).data.runPayment).toMatchObject({ __typename: 'OutcomeUnknownError' });
  });

  it('are killed if they do not end by themselves in time', async () => {
    const gateway = await startWorkers(await startUpstream(wellDone), { SHUTDOWN_TIMEOUT_MS: '1000' });
    const pids = await workerIds(gateway);
    // It obeys no order, and no signal but SIGKILL.
    process.kill(pids[0] ?? 0, 'SIGSTOP');
    const { code, stdout } = await stopped(gateway);
    expect(code).toBe(1);
    expect(stdout).toContain('a worker did not stop in good order');
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('end by themselves in good order when their supervisor is killed', async () => {
    const scollect = await startUpstream(async (request) => {
      if (request.path === '/run_payment_external') await pause(1500);
      return wellDone(request);
    });
    const gateway = await startWorkers(scollect);
    const pids = await workerIds(gateway);
    const answered = ask(gateway, paymentOf(7).body);
    await until(() => scollect.calls().includes('/run_payment_external'));
    gateway.process.kill('SIGKILL');
    expect((await answered).data).toEqual(paymentOf(7).expected);
    await until(() => !pids.some(isAlive));
    expect(statesIn(gateway.storeFile)).toEqual({ SETTLED: 1 });
  });
});
