import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from './support/root.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('An audit trail on stdout', () => {
  it('whose reader has stopped loses lines, counts them, and does not block requests', async () => {
    const child = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
      cwd: temporaryFolder(),
      env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'silent' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let printed = '';
    const ready = /^Recollect is ready at (\S+)$/m;
    while (!ready.test(printed)) printed += String((await once(child.stdout, 'data'))[0]);
    child.stdout.pause();
    const url = ready.exec(printed)?.[1] ?? '';
    // More lines than a pipe takes; at a second for each they would outlast this test by far.
    for (let n = 0; n < 500; n += 1) {
      const response = await fetch(`${url}?query={__typename}`);
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    }
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    const lost = Number(/^recollect_audit_lines_lost_total (\d+)$/m.exec(metrics)?.[1]);
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(500);
  });
});
