import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/root.ts';
import { jwtSecret } from '../support/token.ts';

export interface RunningGateway {
  readonly url: string;
  /** The audit lines since the last time. */
  readonly lines: () => Readonly<Record<string, unknown>>[];
  readonly stop: () => Promise<void>;
}

/** Starts the gateway as a subgraph, before its sandbox, for all tests of a file. */
export const startSubgraphProcess = async (): Promise<RunningGateway> => {
  const folder = mkdtempSync(join(tmpdir(), 'recollect-'));
  const audit = join(folder, 'audit.log');
  const child = spawn(process.execPath, [join(root, 'dist/main.js')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      LOG_LEVEL: 'warn',
      FEDERATION: 'true',
      AUTH_JWT_SECRET: jwtSecret,
      AUDIT_LOG: audit,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk;
  });
  const found = () => /Recollect is ready at ([^\s"]+)/.exec(printed)?.[1];
  while (found() === undefined && child.exitCode === null) {
    await Promise.race([once(child.stdout, 'data'), ended]);
  }
  let read = 0;
  return {
    url: found() ?? '',
    lines: () => {
      const all = readFileSync(audit, 'utf8').split('\n').filter(Boolean);
      const fresh = all.slice(read);
      read = all.length;
      return fresh.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
};
