import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';

const installed = '/usr/lib/postgresql';

/** Returns the folder of the programs of the newest Postgres; `undefined` if there is none. */
export const postgresPrograms = (): string | undefined =>
  (existsSync(installed) ? readdirSync(installed) : [])
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(installed, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));

// Postgres and PgBouncer refuse to run as root. Unlike runuser, setpriv becomes the program: signals reach it.
export const asPostgres = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] as const;

/** Whether a test can start a server of its own. A CI machine must be able to. */
export const hasPostgresPrograms = postgresPrograms() !== undefined && process.getuid?.() === 0;
if (!hasPostgresPrograms) {
  const message = 'no Postgres programs, or not root: tests with a server of their own are skipped';
  if (process.env['CI'] !== undefined) throw new Error(message);
  process.stderr.write(`${message}\n`);
}

/** Executes a program as the user `postgres`; returns what it prints. */
export const runAsPostgres = (program: string, words: readonly string[]): string => {
  const [first, ...rest] = asPostgres;
  return execFileSync(first, [...rest, program, ...words], {
    cwd: '/',
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

/** A folder that only the user `postgres` may read. */
export const postgresFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'recollect-postgres-'));
  chmodSync(folder, 0o700);
  execFileSync('chown', ['postgres', folder]);
  return folder;
};

/** Tries a condition until it holds. */
export const until = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited too long until ${what}.`);
    await pause(50);
  }
};

/** A Postgres of its own, which can be stopped. */
export interface PostgresServer {
  readonly port: number;
  /** The folder of its data. */
  readonly data: string;
  /** @param database by default `postgres`. */
  url(database?: string): string;
  /** Executes SQL as the superuser. */
  query(text: string, database?: string): Promise<readonly Record<string, unknown>[]>;
  /** Ends it at once, as a crash does, or after its connections have been closed. */
  stop(how: 'kill' | 'fast'): Promise<void>;
  /** Starts it again, and waits until it accepts connections. */
  start(): Promise<void>;
  /** Creates a standby that follows it; not for one that is a standby itself. */
  addStandby(): Promise<PostgresServer>;
  /** Makes a standby a primary. */
  promote(): Promise<void>;
  close(): Promise<void>;
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '16MB',
  max_connections: '60',
  wal_level: 'replica',
  hot_standby: 'on',
  wal_sender_timeout: '5s',
};

export type ServerSettings = Readonly<Record<string, string>>;

const serve = async (programs: string, data: string, more: ServerSettings): Promise<PostgresServer> => {
  const port = await freePort();
  const flags = Object.entries({ ...settings, ...more, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  let child: ChildProcess | undefined;
  const url = (database = 'postgres') => `postgres://postgres@127.0.0.1:${port}/${database}`;
  const query: PostgresServer['query'] = async (text, database) => {
    const client = new pg.Client({ connectionString: url(database), connectionTimeoutMillis: 5000 });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  };
  const isUp = (): Promise<boolean> =>
    query('SELECT 1').then(
      () => true,
      () => false,
    );
  const start = async (): Promise<void> => {
    // After a kill, its own processes may not have ended yet.
    rmSync(join(data, 'postmaster.pid'), { force: true });
    const [program, ...words] = asPostgres;
    child = spawn(program, [...words, join(programs, 'postgres'), '-D', data, ...flags], {
      cwd: '/',
      stdio: 'ignore',
    });
    await until('the server accepts connections', isUp);
  };
  const stop: PostgresServer['stop'] = async (how) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(how === 'kill' ? 'SIGQUIT' : 'SIGINT');
    await ended;
  };
  await start();
  return {
    port,
    data,
    url,
    query,
    stop,
    start,
    addStandby: async () => {
      const folder = postgresFolder();
      const copy = [
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-U',
        'postgres',
        '-D',
        folder,
        '-R',
        '-c',
        'fast',
      ];
      runAsPostgres(join(programs, 'pg_basebackup'), copy);
      return serve(programs, folder, more);
    },
    promote: async () => {
      runAsPostgres(join(programs, 'pg_ctl'), ['promote', '-w', '-D', data]);
    },
    close: async () => {
      await stop('kill');
      rmSync(data, { recursive: true, force: true });
    },
  };
};

/** Starts a new server on a free port of this machine, whose superuser `postgres` needs no password. */
export const startPostgresServer = async (more: ServerSettings = {}): Promise<PostgresServer> => {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('There is no Postgres.');
  const data = postgresFolder();
  runAsPostgres(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-N']);
  return serve(programs, data, more);
};
