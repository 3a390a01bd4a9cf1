import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasRedis } from '../../test/support/redis.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { RedisUnavailableError } from './redis-fault.ts';
import { type OpenedRedis, openSharedRedis, type RedisScript } from './shared-redis.ts';

const add: RedisScript = { name: 'add', use: 'limits', lua: "return redis.call('INCR', KEYS[1])" };

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const startRedis = async (port: number, ...options: string[]): Promise<ChildProcess> => {
  const args = ['--port', String(port), '--save', '', '--bind', '127.0.0.1', '--dir', temporaryFolder()];
  const server = spawn('redis-server', [...args, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void server.kill('SIGKILL'));
  let output = '';
  for await (const part of server.stdout ?? []) {
    output += String(part);
    if (/Ready to accept connections/.test(output)) break;
  }
  return server;
};

const open = (url: string): OpenedRedis => {
  const redis = openSharedRedis(url, { timeoutMs: 1000 });
  onTestFinished(() => redis.close());
  return redis;
};

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(10);
};

const fault = async (redis: OpenedRedis): Promise<string> => {
  const error: unknown = await redis.run(add, ['k'], []).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(RedisUnavailableError);
  return (error as RedisUnavailableError).fault;
};

describe.skipIf(!hasRedis)('a shared Redis that', () => {
  it('is restarted, is used again, and has its scripts again', async () => {
    const port = await freePort();
    const server = await startRedis(port);
    const redis = open(`redis://127.0.0.1:${port}`);
    await until(redis.isUp);
    expect(await redis.run(add, ['k'], [])).toBe(1);
    server.kill('SIGKILL');
    await until(() => !redis.isUp());
    expect(await fault(redis)).toBe('not connected');
    await startRedis(port);
    await until(redis.isUp);
    expect(await redis.run(add, ['k'], [])).toBe(1);
  });

  it('hangs, fails the pending commands in time, later ones at once, and is used again afterwards', async () => {
    const port = await freePort();
    const server = await startRedis(port);
    const redis = open(`redis://127.0.0.1:${port}`);
    await until(redis.isUp);
    server.kill('SIGSTOP');
    expect(await Promise.all([fault(redis), fault(redis)])).toContain('timeout');
    expect(redis.isUp()).toBe(false);
    expect(await fault(redis)).toBe('not connected');
    server.kill('SIGCONT');
    await until(redis.isUp);
  });

  it('ends during commands, does not receive them again after its restart', async () => {
    const port = await freePort();
    const server = await startRedis(port);
    const redis = open(`redis://127.0.0.1:${port}`);
    await until(redis.isUp);
    server.kill('SIGSTOP');
    const pending = Promise.all([fault(redis), fault(redis)]);
    server.kill('SIGKILL');
    // Both fail, and nobody knows whether they were executed.
    await pending;
    await startRedis(port);
    await until(redis.isUp);
    expect(await redis.run(add, ['k'], [])).toBe(1);
  });

  it('is a replica, is not used until it is a primary', async () => {
    const [primary, port] = [await freePort(), await freePort()];
    await startRedis(primary);
    await startRedis(port);
    const redis = open(`redis://127.0.0.1:${port}`);
    const { Redis } = await import('ioredis');
    const admin = new Redis(port, '127.0.0.1');
    onTestFinished(() => admin.disconnect());
    await until(redis.isUp);
    await admin.replicaof('127.0.0.1', primary);
    expect(await fault(redis)).toBe('read-only');
    expect(redis.isUp()).toBe(false);
    await admin.replicaof('NO', 'ONE');
    await until(redis.isUp);
  });

  it('is full, is not used', async () => {
    const port = await freePort();
    await startRedis(port, '--maxmemory', '1', '--maxmemory-policy', 'noeviction');
    const redis = open(`redis://127.0.0.1:${port}`);
    await until(() => redis.lastFault() === 'out of memory');
    expect(redis.isUp()).toBe(false);
  });

  it.each([
    ['', 'wrong password'],
    [':wrong@', 'wrong password'],
    [':s%40cret@', null],
  ])('requires a password, and is given %j: %s', async (credentials, expected) => {
    const port = await freePort();
    await startRedis(port, '--requirepass', 's@cret');
    const redis = open(`redis://${credentials}127.0.0.1:${port}`);
    await until(() => redis.isUp() || redis.lastFault() !== null);
    expect(redis.lastFault()).toBe(expected);
  });

  it('loses the connection of a channel, or is restarted, sends its messages again', async () => {
    const port = await freePort();
    const server = await startRedis(port);
    const [redis, other] = [open(`redis://127.0.0.1:${port}`), open(`redis://127.0.0.1:${port}`)];
    await until(() => redis.isUp() && other.isUp());
    const received: string[] = [];
    await redis.subscribe('recollect:test', (message) => void received.push(message));
    let sent = 0;
    const untilReceived = async (): Promise<void> => {
      received.length = 0;
      // Those that are sent without a connection are lost.
      await until(() => {
        sent += 1;
        other.publish('recollect:test', `${sent}`);
        return received.length > 0;
      });
    };
    await untilReceived();
    const { Redis } = await import('ioredis');
    const admin = new Redis(port, '127.0.0.1');
    expect(await admin.client('KILL', 'TYPE', 'PUBSUB')).toBe(1);
    await untilReceived();
    admin.disconnect();
    server.kill('SIGKILL');
    await until(() => !redis.isUp() && !other.isUp());
    await startRedis(port);
    await until(() => redis.isUp() && other.isUp());
    await untilReceived();
    // It is not received twice.
    other.publish('recollect:test', 'last');
    await until(() => received.includes('last'));
    expect(received).toEqual([...new Set(received)]);
  });

  it('has no such database, is not used in another one', async () => {
    const port = await freePort();
    await startRedis(port);
    const redis = open(`redis://127.0.0.1:${port}/99`);
    await until(() => redis.lastFault() === 'no such database');
    expect(redis.isUp()).toBe(false);
  });
});
