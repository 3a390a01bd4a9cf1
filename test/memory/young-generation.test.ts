import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { jwtSecret } from '../support/token.ts';

const fill = fileURLToPath(new URL('./fill-young-generation.mjs', import.meta.url));

it('half of the young generation has at most 16 MB, even if V8 allows more', async () => {
  const flags = ['--max-semi-space-size=64', `--import=${fill}`];
  const settings = { PORT: '0', AUTH_JWT_SECRET: jwtSecret, AUDIT_LOG: 'off' };
  const gateway = run('main.js', settings, temporaryFolder(), flags);
  const size = Number(await gateway.line(/^young generation: (\d+) MB$/m));
  expect(size).toBeGreaterThan(8);
  expect(size).toBeLessThanOrEqual(16);
});
