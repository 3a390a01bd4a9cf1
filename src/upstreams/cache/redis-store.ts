import { randomBytes } from 'node:crypto';
import type { SharedRedis } from '../../redis/shared-redis.ts';
import type { CacheStore } from './cache-store.ts';
import { findScript, invalidateScript, storeScript } from './redis-scripts.ts';

export interface RedisStoreOptions {
  readonly redis: SharedRedis;
  /** The beginning of all keys. It is called when a key is first needed. */
  readonly prefix: () => string;
  /** Called when a write could not be reported to Redis. Other processes may return older values until they expire. */
  readonly onUnreported?: () => void;
}

/** Longer than the longest TTL: a value cannot outlive its generations. */
const generationLifeMs = 2 * 3600 * 1000;

const retryMs = 1000;

/** The scope of all entries. */
const everything = 'everything';

const isAnswer = (value: unknown): value is [Buffer, number, Buffer, Buffer | null, number] =>
  Array.isArray(value) && value.length === 5 && Buffer.isBuffer(value[0]) && Buffer.isBuffer(value[2]);

/**
 * Creates a store in the Redis that the processes of a gateway share.
 *
 * After each loss of the connection the process invalidates everything before it uses the store again: Redis may have been
 * restarted with older data, and writes of this process may not have been reported meanwhile. It does the same after a
 * failed report, and repeats it until it succeeds.
 */
export const createRedisStore = ({
  redis,
  prefix,
  onUnreported = () => {},
}: RedisStoreOptions): CacheStore => {
  let isTrusted = false;
  let trusting: Promise<void> | undefined;
  let losses = 0;
  let isRetrying = false;

  const generationKey = (scope: string): string => `${prefix()}cache:generation:${scope}`;
  const writersKey = (scope: string): string => `${prefix()}cache:writers:${scope}`;

  const invalidateEverything = async (): Promise<void> => {
    const loss = losses;
    await redis.run(invalidateScript, [generationKey(everything), writersKey(everything)], ['', 0]);
    if (loss === losses) isTrusted = true;
  };

  /** @throws {RedisUnavailableError} */
  const trust = async (): Promise<void> => {
    if (isTrusted) return;
    trusting ??= invalidateEverything().finally(() => {
      trusting = undefined;
    });
    await trusting;
  };

  const retry = (): void => {
    if (isRetrying) return;
    isRetrying = true;
    setTimeout(() => {
      isRetrying = false;
      if (redis.isUp()) trust().catch(retry);
    }, retryMs).unref();
  };

  const distrust = (): void => {
    isTrusted = false;
    losses += 1;
    retry();
  };

  redis.onChange((isUp) => {
    distrust();
    if (isUp) trust().catch(retry);
  });

  const invalidate = async (scopes: readonly string[], writer: string, holdMs: number): Promise<void> => {
    try {
      await redis.run(
        invalidateScript,
        [...scopes.map(generationKey), ...scopes.map(writersKey)],
        [writer, Math.ceil(holdMs)],
      );
    } catch {
      onUnreported();
      distrust();
    }
  };

  const all = (scopes: readonly string[]): string[] => [everything, ...scopes];

  return {
    find: async (entry, scopes, ttlMs) => {
      if (!redis.isUp()) return null;
      try {
        await trust();
        if (!isTrusted) return null;
        const loss = losses;
        const names = all(scopes);
        const keys = [
          `${prefix()}cache:entry:${entry}`,
          ...names.map(generationKey),
          ...names.map(writersKey),
        ];
        const created = randomBytes(12).toString('base64url');
        const answer = await redis.run(findScript, keys, [created, generationLifeMs, ttlMs]);
        // The connection may have been lost meanwhile, and with it the report of a write.
        if (!isAnswer(answer) || loss !== losses) return null;
        const [generation, held, time, value, ageMs] = answer;
        return { generation: String(generation), isHeld: held === 1, time: Number(time), value, ageMs };
      } catch {
        return null;
      }
    },
    store: async (entry, scopes, { generation, isHeld, time }, value, ttlMs) => {
      if (isHeld) return;
      const keys = [`${prefix()}cache:entry:${entry}`, ...all(scopes).map(generationKey)];
      // What is not stored is read again.
      await redis.run(storeScript, keys, [generation, time, value, ttlMs]).catch(() => {});
    },
    begin: (scopes, writer, leaseMs) => invalidate(scopes, writer, leaseMs),
    end: (scopes, writer, holdMs) => invalidate(scopes, writer, holdMs),
  };
};
