import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { rulesFolder } from './alert-rules.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The programs of Debian's package `prometheus`, or of other paths. */
export const prometheusPath = process.env['PROMETHEUS'] ?? '/usr/bin/prometheus';
export const promtoolPath = process.env['PROMTOOL'] ?? '/usr/bin/promtool';

/**
 * Whether Prometheus is installed. Without it, stderr names what is skipped.
 *
 * @throws {Error} without it in CI, where no test may be skipped.
 */
export const hasPrometheus = (skipped: string): boolean => {
  const missing = [prometheusPath, promtoolPath].filter((path) => !existsSync(path));
  if (missing.length > 0 && process.env['CI']) throw new Error(`CI needs ${missing.join(' and ')}.`);
  if (missing.length > 0)
    process.stderr.write(`Skipped: ${skipped}, for want of ${missing.join(' and ')}.\n`);
  return missing.length === 0;
};

/** The rules of `deploy/prometheus/alerts.yml`: each `for` is a second. Expressions are unchanged. */
const hurriedRules = (): string =>
  readFileSync(join(rulesFolder, 'alerts.yml'), 'utf8').replaceAll(/^(\s+for: )\d+m$/gm, '$11s');

const activeAlerts = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
        state: z.enum(['pending', 'firing']),
      }),
    ),
  }),
});

/** An alert that fires. */
export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Prometheus {
  /** Replaces the targets of the job `recollect`. */
  scrape(...urls: readonly URL[]): void;
  /** Waits until the present targets were scraped this often; twice by default, so that later events are increases. */
  scraped(times?: number): Promise<void>;
  /** Waits until alerts of all these names fire, and returns all. `repeat` is called before each look. */
  firing(names: readonly string[], repeat?: () => Promise<unknown>): Promise<FiringAlert[]>;
}

/** Starts a Prometheus that scrapes and evaluates each second. */
export const startPrometheus = async (): Promise<Prometheus> => {
  const folder = temporaryFolder();
  const targets = join(folder, 'targets.json');
  let hosts: readonly string[] = [];
  const scrape = (...urls: readonly URL[]): void => {
    hosts = urls.map(({ host }) => host);
    // Renamed, since a file that is being written would be read.
    writeFileSync(`${targets}.new`, JSON.stringify([{ targets: hosts }]));
    renameSync(`${targets}.new`, targets);
  };
  scrape();
  writeFileSync(join(folder, 'alerts.yml'), hurriedRules());
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['alerts.yml'],
    scrape_configs: [
      { job_name: 'recollect', file_sd_configs: [{ files: ['targets.json'], refresh_interval: '1s' }] },
    ],
  };
  writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
  const child = spawn(
    prometheusPath,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const printed: string[] = [];
  let address: string | undefined;
  createInterface({ input: child.stderr }).on('line', (line) => {
    printed.push(line);
    address ??= /msg="Listening on" address=(\S+)/.exec(line)?.[1];
  });
  while (address === undefined) {
    if (child.exitCode !== null) throw new Error(`Prometheus does not start: ${printed.join('\n')}`);
    await pause(20);
  }
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://${address}${path}`).catch(() => null);
    // Until it has read its data it answers 503.
    return response?.ok ? response.json() : null;
  };
  const active = async (): Promise<z.output<typeof activeAlerts>['data']['alerts']> => {
    const answer = activeAlerts.safeParse(await get('/api/v1/alerts'));
    return answer.data?.data.alerts ?? [];
  };
  return {
    scrape,
    scraped: async (times = 2) => {
      const up = `sum_over_time(up{instance=~"${hosts.join('|')}"}[1m])`;
      const query = encodeURIComponent(`count(${up} >= ${times}) == ${hosts.length}`);
      const result = z.object({ data: z.object({ result: z.array(z.unknown()).min(1) }) });
      while (!result.safeParse(await get(`/api/v1/query?query=${query}`)).success) await pause(200);
    },
    firing: async (names, repeat = () => Promise.resolve()) => {
      for (;;) {
        await repeat();
        const alerts = (await active()).filter(({ state }) => state === 'firing');
        const nameOf = ({ labels }: FiringAlert): string => labels['alertname'] ?? '';
        if (names.every((name) => alerts.some((alert) => nameOf(alert) === name))) return alerts;
        await pause(200);
      }
    },
  };
};
