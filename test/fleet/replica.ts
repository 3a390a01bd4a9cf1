import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/root.ts';
import type { Host } from './network.ts';

const libraries = ['/usr/lib/x86_64-linux-gnu/faketime', '/usr/lib/aarch64-linux-gnu/faketime'];

/** Returns libfaketime's library, by which a clock can be stepped; `undefined` without it. */
export const faketimeLibrary = (): string | undefined =>
  libraries.map((folder) => join(folder, 'libfaketimeMT.so.1')).find((path) => existsSync(path));

/** A gateway with several workers on a host. */
export interface Replica {
  /** Kills one of the workers at once. */
  killWorker(): void;
  /** Kills the gateway and its workers at once. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Halts all of its processes. */
  halt(): void;
  wake(): void;
  /** Steps the wall clock of its processes by seconds, from the right time. */
  stepClock(seconds: number): void;
  /** What it has printed. */
  printed(): string;
}

const port = 4000;

/** The processes below a process, by their pids. */
const descendantsOf = (pid: number): number[] => {
  const file = `/proc/${pid}/task/${pid}/children`;
  const children = existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
};

export interface ReplicaOptions {
  /** A folder of its own. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a gateway on a host, and waits until it is ready. */
export const startReplica = async (host: Host, { folder, env }: ReplicaOptions): Promise<Replica> => {
  const clock = join(folder, 'clock');
  const library = faketimeLibrary();
  const stepClock = (seconds: number): void =>
    writeFileSync(clock, `${seconds >= 0 ? '+' : ''}${seconds}s\n`);
  stepClock(0);
  let printed = '';
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const begin = printed.length;
    const started = host.start(process.execPath, [join(root, 'dist/main.js')], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOST: '0.0.0.0',
        PORT: String(port),
        ...(library && {
          LD_PRELOAD: library,
          FAKETIME_TIMESTAMP_FILE: clock,
          FAKETIME_NO_CACHE: '1',
          // A step of the wall clock leaves it alone.
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        }),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const exited = once(started, 'exit');
    let hasExited = false;
    void exited.then(() => {
      hasExited = true;
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        printed += chunk;
      });
    }
    while (!printed.slice(begin).includes('Recollect is ready at')) {
      if (hasExited) throw new Error(`The gateway does not start: ${printed.slice(begin)}`);
      await Promise.race([started.stdout && once(started.stdout, 'data'), exited]);
    }
  };

  const all = (): number[] => (child?.pid === undefined ? [] : [child.pid, ...descendantsOf(child.pid)]);
  const signal = (pids: readonly number[], name: NodeJS.Signals): void => {
    for (const pid of pids) process.kill(pid, name);
  };

  await start();
  return {
    killWorker: () => {
      const [worker] = all().slice(1);
      if (worker === undefined) throw new Error('The gateway has no worker.');
      signal([worker], 'SIGKILL');
    },
    kill: async () => {
      const ended = child && child.exitCode === null ? once(child, 'exit') : undefined;
      // The workers after their parent, which would replace them.
      signal(all(), 'SIGKILL');
      await ended;
    },
    start,
    halt: () => signal(all(), 'SIGSTOP'),
    wake: () => signal(all(), 'SIGCONT'),
    stepClock,
    printed: () => printed,
  };
};
