import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';

/** Whether this machine has the program `redis-server`. A CI machine must have it. */
export const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedisServer && process.env['CI'] !== undefined) throw new Error('no redis-server');

/** A Redis of its own for one test, which can be stopped. It keeps nothing on disk. */
export interface RedisServer {
  readonly url: string;
  /** Ends it at once, with all data. */
  kill(): Promise<void>;
  /** Starts it again, empty. */
  start(): Promise<void>;
  /** Keeps its connections, and answers nothing. */
  hang(): void;
  /** Continues after `hang`. */
  resume(): void;
}

/**
 * Starts a Redis that ends with the test.
 *
 * @param password required of clients; without one, everybody may use it.
 */
export const startRedisServer = async (password = ''): Promise<RedisServer> => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'recollect-redis-'));
  const flags = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
    '--requirepass',
    password,
  ];
  let server: ChildProcess;
  const start = async (): Promise<void> => {
    const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'ignore'] });
    server = child;
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    while (!printed.includes('Ready to accept connections')) await once(child.stdout, 'data');
  };
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  await start();
  onTestFinished(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    url: `redis://${password && `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    kill,
    start,
    hang: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
  };
};
