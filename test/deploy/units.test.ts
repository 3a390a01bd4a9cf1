import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { programAt } from '../support/deploy/programs.ts';
import { root } from '../support/root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const systemd = programAt('systemd-analyze', 'the test of deploy/systemd');
const promtool = programAt('promtool', 'the test of deploy/prometheus/prometheus.yml');

/** Returns everything that a program prints. */
const outputOf = (program: string, ...words: string[]): string =>
  execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', program, ...words], { encoding: 'utf8' });

/** The exposure that `systemd-analyze security` gives at most, in tenths; a unit without protection has 96. */
const maxExposure = 20;

it.skipIf(systemd === undefined)(
  'deploy/systemd/recollect.service: systemd accepts every line, and rates it as safe',
  () => {
    const file = join(temporaryFolder(), 'recollect.service');
    const unit = readFileSync(join(root, 'deploy/systemd/recollect.service'), 'utf8');
    // Node need not be where production has it.
    writeFileSync(file, unit.replace('ExecStart=/usr/bin/node', `ExecStart=${process.execPath}`));
    chmodSync(file, 0o644);
    expect(outputOf(systemd ?? '', 'verify', file)).toBe('');
    const security = ['security', '--offline=true', `--threshold=${maxExposure}`, file];
    expect(outputOf(systemd ?? '', ...security)).toContain('Overall exposure level');
  },
);

it.skipIf(promtool === undefined)('deploy/prometheus/prometheus.yml: promtool accepts it', () => {
  const file = join(root, 'deploy/prometheus/prometheus.yml');
  expect(outputOf(promtool ?? '', 'check', 'config', file)).toContain('SUCCESS');
});
