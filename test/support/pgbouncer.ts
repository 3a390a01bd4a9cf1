import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { asPostgres, postgresFolder, until } from './postgres-server.ts';

/** Whether this machine has PgBouncer. A CI machine must have it. */
export const hasPgbouncer = spawnSync('pgbouncer', ['--version']).status === 0;
if (!hasPgbouncer) {
  const message = 'no pgbouncer: its tests are skipped';
  if (process.env['CI'] !== undefined) throw new Error(message);
  process.stderr.write(`${message}\n`);
}

const accepts = async (port: number): Promise<boolean> => {
  const socket = connect({ host: '127.0.0.1', port });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
};

/**
 * Starts a pooler that gives each transaction any of its few connections to a server.
 *
 * @returns its port.
 */
export const startPgbouncer = async (
  serverPort: number,
): Promise<{ readonly port: number; close(): Promise<void> }> => {
  const port = await freePort();
  const folder = postgresFolder();
  const file = join(folder, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${serverPort} user=postgres`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 3',
    // The connection that was used longest ago is next, so that transactions change their connections.
    'server_round_robin = 1',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o644 });
  const [program, ...words] = asPostgres;
  const child = spawn(program, [...words, 'pgbouncer', '-q', file], { cwd: '/', stdio: 'ignore' });
  await until('PgBouncer accepts connections', () => accepts(port));
  return {
    port,
    close: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
