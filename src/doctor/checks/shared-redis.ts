import { Redis } from 'ioredis';
import type { Settings } from '../../config/settings.ts';
import { type OpenedRedis, openSharedRedis, type RedisScript } from '../../redis/shared-redis.ts';
import { type CheckSubject, note, ok, type Report, skipped, trouble } from '../result.ts';
import type { Check } from '../run-check.ts';

export interface SharedRedisContext {
  readonly settings: Pick<Settings, 'redisUrl'>;
}

const latency: CheckSubject = { id: 'redis.latency', subject: 'Latency of Redis' };
const eviction: CheckSubject = { id: 'redis.eviction', subject: 'Eviction policy of Redis' };

/** Milliseconds for a connection, a first failure of it included. */
const connectMs = 5000;

/** Requests wait for one command at most, which ends after 250 ms. */
const slowMs = 25;

const samples = 9;

/** Permitted to a user with the prefix of the gateway; expires within a second. */
const key = 'recollect:probe:doctor';
const write: RedisScript = {
  name: 'doctor',
  use: 'limits',
  lua: "return redis.call('SET', KEYS[1], '1', 'PX', 1000)",
};

/** Returns whether Redis is connected and can be written: after the first success or failure. */
const connects = (redis: OpenedRedis): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), connectMs);
    redis.onChange((isUp) => {
      clearTimeout(timer);
      resolve(isUp);
    });
  });

/** Returns the median of the milliseconds of a write. */
const measure = async (redis: OpenedRedis): Promise<number> => {
  const times: number[] = [];
  for (let n = 0; n < samples; n += 1) {
    const begin = performance.now();
    await redis.run(write, [key], []);
    times.push(performance.now() - begin);
  }
  times.sort((one, other) => one - other);
  return times[Math.floor(samples / 2)] ?? 0;
};

const reportLatency = (milliseconds: number, report: Report): void => {
  const text = `${milliseconds < 1 ? 'less than 1' : Math.round(milliseconds)} ms for a write`;
  if (milliseconds <= slowMs) report(ok(latency, `${text}.`));
  else report(note(latency, `${text}: requests wait for it.`, 'Use a Redis in the same network.'));
};

/** Returns a value in a reply of INFO. */
const valueIn = (info: string, name: string): string =>
  new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? '';

/** Returns the reply of INFO; `null` without the permission for it, which the gateway does not need. */
const readMemory = async (url: string): Promise<string | null> => {
  const client = new Redis(url, {
    connectTimeout: connectMs,
    commandTimeout: connectMs,
    enableReadyCheck: false,
    retryStrategy: () => null,
    protocol: 2,
    disableClientInfo: true,
  });
  // Without a listener, the client prints the error, which contains the address.
  client.on('error', () => {});
  try {
    return await client.info('memory');
  } catch {
    return null;
  } finally {
    client.disconnect();
  }
};

const advice = 'Set maxmemory, and maxmemory-policy to noeviction (docs/redis.md).';

const reportEviction = (info: string | null, report: Report): void => {
  const policy = info === null ? '' : valueIn(info, 'maxmemory_policy');
  if (info === null || policy === '') {
    report(skipped(eviction, 'this user may not read it (INFO).'));
  } else if (valueIn(info, 'maxmemory') === '0') {
    report(note(eviction, 'maxmemory is not set: Redis may use all memory of its machine.', advice));
  } else if (policy === 'noeviction') {
    report(ok(eviction, 'none: a full Redis fails writes, and each process then counts for itself.'));
  } else {
    report(note(eviction, 'a full Redis removes leases: limits are then exceeded unnoticed.', advice));
  }
};

const examine = async (url: string, report: Report): Promise<void> => {
  const redis = openSharedRedis(url, { connectTimeoutMs: connectMs });
  try {
    if (!(await connects(redis))) {
      const fault = redis.lastFault() ?? 'timeout';
      report(
        trouble(
          sharedRedisCheck,
          `cannot be used: ${fault}. Each process counts its limits for itself.`,
          'Check REDIS_URL, the network, and the permissions of the user (docs/redis.md).',
        ),
      );
      for (const check of [latency, eviction]) report(skipped(check, 'Redis cannot be used.'));
      return;
    }
    report(ok(sharedRedisCheck, 'connected, and can be written.'));
    try {
      reportLatency(await measure(redis), report);
    } catch {
      report(trouble(latency, `a write failed: ${redis.lastFault() ?? 'script failed'}.`));
    }
    reportEviction(await readMemory(url), report);
  } finally {
    await redis.close();
  }
};

/** Connects to the shared Redis, writes a key that expires at once, and reads its eviction policy. */
export const sharedRedisCheck: Check<SharedRedisContext> = {
  id: 'redis',
  subject: 'REDIS_URL',
  run: async ({ settings: { redisUrl } }, report) => {
    if (redisUrl !== null) await examine(redisUrl, report);
    else for (const check of [sharedRedisCheck, latency, eviction]) report(skipped(check, 'not set.'));
  },
};
