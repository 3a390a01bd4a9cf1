import { describe, expect, it } from 'vitest';
import { run } from '../support/process.ts';
import { areSandboxPortsTaken } from '../support/sandbox-ports.ts';

const areTaken = await areSandboxPortsTaken('npm run sandbox');

describe.skipIf(areTaken)('npm run sandbox', () => {
  it('serves both APIs on their fixed ports, and prints the settings that point the gateway to it and a fault to set', async () => {
    const sandbox = run('sandbox/main.js');
    await sandbox.line(/^ {2}(RECOVERYCONNECT_PASSWORD)=/m);
    const printed = await sandbox.line(/(AUTH_DISABLED=[\s\S]*)$/);
    const settings = Object.fromEntries(
      printed
        .trim()
        .split(/\n\s*/)
        .map((line) => line.split('=', 2) as [string, string]),
    );
    expect(settings).toMatchObject({
      SCOLLECT_URL: 'http://127.0.0.1:4101',
      RECOVERYCONNECT_URL: 'http://127.0.0.1:4102',
    });
    const [, url = '', switches] = /curl -X PUT (\S+) -d '(.*)'/.exec(await sandbox.line(/(.*curl.*)/)) ?? [];
    const set = await fetch(url, { method: 'PUT', body: switches ?? '' });
    expect({ status: set.status, body: await set.json() }).toEqual({
      status: 200,
      body: [{ operation: 'run_payment_external', fault: 'lose-answer', times: 1 }],
    });
    const gateway = run('main.js', { PORT: '0', ...settings });
    const gatewayUrl = await gateway.line(/^Recollect is ready at (\S+)$/m);
    const query = encodeURIComponent(
      '{ account(fileNumber: "r1166") { fileNumber } order(orderId: 20) { orderId } }',
    );
    const response = await fetch(`${gatewayUrl}?query=${query}`);
    expect(await response.json()).toEqual({
      data: { account: { fileNumber: 'R1166' }, order: { orderId: '20' } },
    });

    const second = await run('sandbox/main.js').ended;
    expect(second).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Port 4101 is taken: .*\n$/),
    });
    sandbox.process.kill('SIGTERM');
    expect((await sandbox.ended).code).toBe(0);
  });
});
