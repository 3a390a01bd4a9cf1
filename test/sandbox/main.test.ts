import { describe, expect, it } from 'vitest';
import { run } from '../support/process.ts';

describe('npm run sandbox', () => {
  it('serves both APIs on their fixed ports, and prints the settings that point the gateway to it', async () => {
    const sandbox = run('sandbox/main.js');
    await sandbox.line(/^ {2}(RECOVERYCONNECT_PASSWORD)=/m);
    const printed = await sandbox.line(/(SCOLLECT_URL=[\s\S]*)$/);
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
    const gateway = run('main.js', { PORT: '0', AUTH_DISABLED: 'true', ...settings });
    const url = await gateway.line(/^Recollect is ready at (\S+)$/m);
    const query = encodeURIComponent(
      '{ account(fileNumber: "r1166") { fileNumber } order(orderId: 20) { orderId } }',
    );
    const response = await fetch(`${url}?query=${query}`);
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
