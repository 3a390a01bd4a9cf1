import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reply } from '../support/gateway.ts';
import { root } from '../support/root.ts';

/** A step of one charge, which its amount names, at which a gateway ends itself. */
export interface KillAt {
  readonly when: 'before' | 'after';
  /**
   * What is written of it into the ledger: `INTENT` for a new key, `TAKEOVER` for one that was released. Or the
   * call, or the log-in for whichever call, before which alone it can end.
   */
  readonly step:
    | 'INTENT'
    | 'TAKEOVER'
    | 'NOTE'
    | 'RENEWAL'
    | 'SETTLED'
    | 'UNKNOWN'
    | 'RELEASED'
    | 'LOGIN'
    | 'CALL';
  readonly amount: string;
  /** `SIGSTOP` halts it instead. */
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
}

export interface GatewayProcess {
  /** Asks it over HTTP; `null` where it died before it answered. */
  ask(document: string, variables?: object): Promise<Omit<Reply, 'status'> | null>;
  /** Ends it at once, and waits until it is gone. */
  kill(): Promise<void>;
  /** Waits until it has halted itself. */
  halted(): Promise<void>;
  /** Continues it. */
  wake(): void;
  readonly url: string;
  /** What it has printed so far. */
  printed(): string;
  /** How it ended, where nobody killed it. */
  failure(): string | null;
}

export interface GatewayOptions {
  /** An SQLite file; otherwise `env` contains the settings of the store. */
  readonly storeFile?: string;
  readonly scollectUrl: string;
  readonly killAt?: KillAt | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

const dist = join(root, 'dist');
const preload = new URL('kill-at.mjs', import.meta.url).href;

/** Starts what its user would start, and waits until it is ready. */
export const startGatewayProcess = async ({
  storeFile,
  scollectUrl,
  killAt,
  env = {},
}: GatewayOptions): Promise<GatewayProcess> => {
  const child = spawn(process.execPath, ['--import', preload, join(dist, 'main.js')], {
    cwd: dist,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      AUTH_DISABLED: 'true',
      SCOLLECT_URL: scollectUrl,
      SCOLLECT_API_KEY: 'key',
      SCOLLECT_PIN: 'pin',
      ...(storeFile === undefined ? {} : { STORE_URL: `file:${storeFile}` }),
      ...(killAt ? { KILL_AT: JSON.stringify(killAt) } : {}),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
    });
  }
  const exited = once(child, 'exit');
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const urlIn = (text: string) => /^Recollect is ready at (\S+)$/m.exec(text)?.[1];
  while (urlIn(printed) === undefined && !hasExited()) {
    await Promise.race([once(child.stdout, 'data'), exited]);
  }
  const url = urlIn(printed);
  if (url === undefined) throw new Error(`The gateway does not start: ${printed}`);

  const failure = (): string | null =>
    child.exitCode === null ? null : `ended with ${child.exitCode}: ${printed}`;

  return {
    ask: async (query, variables = {}) => {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify({ query, variables }),
        });
        return (await response.json()) as Reply;
      } catch (error) {
        // The connection ends a little earlier than the process is known to have ended.
        await Promise.race([exited, pause(10_000, undefined, { ref: false })]);
        if (!hasExited()) throw error;
        return null;
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      if (!hasExited()) await exited;
    },
    halted: async () => {
      while (!printed.includes('At its step: SIGSTOP')) await once(child.stdout, 'data');
    },
    wake: () => {
      child.kill('SIGCONT');
    },
    url,
    printed: () => printed,
    failure,
  };
};
