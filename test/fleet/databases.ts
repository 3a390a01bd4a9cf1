import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { asPostgres } from '../support/postgres-server.ts';
import type { Host } from './network.ts';
import { type Service, startService } from './service.ts';
import type { SmallDisk } from './small-disk.ts';

const accepts = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isOpen: boolean) => () => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', end(true)).once('error', end(false));
    socket.setTimeout(1000, end(false));
  });

/** The server does not need much of the small disk for itself. */
const settings = {
  listen_addresses: '*',
  unix_socket_directories: '',
  min_wal_size: '4MB',
  max_wal_size: '8MB',
  shared_buffers: '32MB',
  max_connections: '60',
  tcp_keepalives_idle: '5',
};

/** Starts a Postgres on a host, with its data on a disk. */
export const startPostgres = async (
  programs: string,
  host: Host,
  disk: SmallDisk,
): Promise<Service & { readonly url: string }> => {
  const data = join(disk.path, 'data');
  mkdirSync(data, { mode: 0o700 });
  execFileSync('chown', ['postgres', data]);
  const [program, ...words] = asPostgres;
  const initdb = [join(programs, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '--wal-segsize=1'];
  execFileSync(program, [...words, ...initdb], { stdio: 'ignore', cwd: '/' });
  execFileSync('sh', ['-c', `echo 'host all all 0.0.0.0/0 trust' >> ${join(data, 'pg_hba.conf')}`]);
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const url = `postgres://postgres@${host.address}:5432/postgres?sslmode=disable`;
  const isReady = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  };
  const service = await startService(() => {
    // After a kill, its own processes may not have ended yet.
    rmSync(join(data, 'postmaster.pid'), { force: true });
    return host.start(program, [...words, join(programs, 'postgres'), '-D', data, ...flags], {
      stdio: 'ignore',
      cwd: '/',
    });
  }, isReady);
  return { ...service, url };
};

/** Starts a Redis on a host, which keeps nothing across a restart. */
export const startRedis = async (
  program: string,
  host: Host,
): Promise<Service & { readonly url: string }> => {
  const flags = ['--port', '6379', '--save', '', '--appendonly', 'no', '--protected-mode', 'no'];
  const service = await startService(
    () => host.start(program, flags, { stdio: 'ignore', cwd: '/tmp' }),
    () => accepts(host.address, 6379),
  );
  return { ...service, url: `redis://${host.address}:6379` };
};
