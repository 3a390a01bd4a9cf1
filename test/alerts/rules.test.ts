import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { rulesFolder } from '../support/alert-rules.ts';
import { hasPrometheus, promtoolPath } from '../support/prometheus.ts';

const promtool = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(promtoolPath, args, { cwd: rulesFolder })).stdout;

describe.runIf(hasPrometheus('the checks of deploy/prometheus'))('promtool', () => {
  it('accepts deploy/prometheus/alerts.yml, with its lint rules', async () => {
    expect(await promtool('check', 'rules', '--lint=all', '--lint-fatal', 'alerts.yml')).toContain('SUCCESS');
  });

  it('finds that each alert fires when it should, and only then', async () => {
    expect(await promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
  });
});
