import { connect } from 'node:net';

/** The address of the Redis for tests: `TEST_REDIS_URL`, or the usual port of this machine. */
export const testRedisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

const isListening = (url: string): Promise<boolean> => {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const end = (found: boolean) => () => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
};

/**
 * Whether there is a Redis for tests. Without one they are skipped with a message, but not on a CI machine, where each
 * test must run.
 */
export const hasRedis = await isListening(testRedisUrl);
if (!hasRedis) {
  const message = `no Redis at ${testRedisUrl}: its tests are skipped (set TEST_REDIS_URL, or start redis-server)`;
  if (process.env['CI'] !== undefined) throw new Error(message);
  process.stderr.write(`${message}\n`);
}
