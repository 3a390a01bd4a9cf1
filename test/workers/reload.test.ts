import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { statesIn } from '../support/ledger-states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUpstream } from '../support/upstream.ts';
import {
  amountIn,
  ask,
  metricOf,
  readOf,
  startLoad,
  startWorkers,
  until,
  wellDone,
  workerIds,
} from '../support/workers.ts';

const reloaded = /"msg":"(all workers were replaced)"/;

describe('SIGHUP', () => {
  it('replaces all workers under load without a failed request, and no counter falls', async () => {
    const scollect = await startUpstream(wellDone);
    const gateway = await startWorkers(scollect, { AUDIT_LOG: 'off' });
    const before = await workerIds(gateway);
    const load = startLoad(gateway, 16);
    await until(() => load.state.sent > 500);
    gateway.process.kill('SIGHUP');
    let isReloaded = false;
    const done = gateway.line(reloaded).then(() => {
      isReloaded = true;
    });
    const counts: number[] = [];
    while (!isReloaded) {
      counts.push(await metricOf(gateway, 'recollect_requests_total', { outcome: 'ok' }));
    }
    await done;
    const sent = load.state.sent;
    await until(() => load.state.sent > sent + 500);
    await load.end();
    process.stdout.write(`Sent ${load.state.sent} requests over a reload, failed ${load.failed.length}.\n`);
    expect(load.failed).toEqual([]);
    expect(counts).toEqual(counts.toSorted((one, other) => one - other));
    expect(await metricOf(gateway, 'recollect_requests_total', { outcome: 'ok' })).toBe(load.state.sent);
    expect(await metricOf(gateway, 'recollect_worker_exits_total', { reason: 'reload' })).toBe(2);
    const after = await workerIds(gateway);
    expect(after).toHaveLength(2);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    const charged = scollect.received.filter(({ path }) => path === '/run_payment_external').map(amountIn);
    expect(charged).toHaveLength(load.state.payments);
    expect(new Set(charged).size).toBe(load.state.payments);
    expect(statesIn(gateway.storeFile)).toEqual({ SETTLED: load.state.payments });
  }, 120_000);

  it('does not wait for clients that keep idle connections', async () => {
    // Far more than this test may take.
    const limits = { SHUTDOWN_TIMEOUT_MS: '600000', KEEP_ALIVE_TIMEOUT_MS: '3600000' };
    const gateway = await startWorkers(await startUpstream(wellDone), limits);
    const sockets = [1, 2].map(() => connect(Number(gateway.url.port), gateway.url.hostname));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (const socket of sockets) {
      socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
      expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1.1 200 /);
    }
    const closed = sockets.map((socket) => once(socket.resume(), 'close'));
    gateway.process.kill('SIGHUP');
    await gateway.line(reloaded);
    await Promise.all(closed);
    gateway.process.kill('SIGTERM');
    const { code, stdout } = await gateway.ended;
    expect(code).toBe(0);
    expect(stdout).not.toContain('did not end in good order');
  });

  it('reads .env again', async () => {
    const folder = temporaryFolder();
    const write = (introspection: boolean) =>
      writeFileSync(join(folder, '.env'), `INTROSPECTION=${introspection}\n`);
    write(true);
    const gateway = await startWorkers(null, {}, folder);
    const schema = { query: '{ __schema { queryType { name } } }' };
    expect((await ask(gateway, schema)).errors).toBeUndefined();
    write(false);
    gateway.process.kill('SIGHUP');
    await gateway.line(reloaded);
    for (let n = 0; n < 3; n += 1) {
      expect((await ask(gateway, schema)).errors).toBeDefined();
    }
  });

  it.each([
    ['at the supervisor', 'MAX_CONNECTIONS=CANARY', 'the reload was aborted: the settings cannot be used'],
    [
      'at a new worker',
      'AUDIT_LOG=/proc/version/audit.log',
      'the reload was aborted: a new worker does not start',
    ],
  ])('leaves the workers as they are if the settings cannot be used: %s', async (_, line, message) => {
    const folder = temporaryFolder();
    const gateway = await startWorkers(await startUpstream(wellDone), {}, folder);
    const before = await workerIds(gateway);
    writeFileSync(join(folder, '.env'), `${line}\n`);
    gateway.process.kill('SIGHUP');
    await gateway.line(new RegExp(`"msg":"(${message})"`));
    await until(async () => (await workerIds(gateway)).length === 2);
    expect(await workerIds(gateway)).toEqual(before);
    expect((await ask(gateway, readOf('F1').body)).data).toEqual(readOf('F1').expected);
    gateway.process.kill('SIGTERM');
    const { code, stdout } = await gateway.ended;
    expect(code).toBe(0);
    expect(stdout).not.toContain('CANARY');
  });
});
