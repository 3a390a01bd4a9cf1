import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** A limit per minute for each key. */
export interface RateLimit {
  /**
   * Counts one more.
   *
   * @returns seconds to wait if the limit is exceeded; `null` otherwise.
   */
  take(key: string): Promise<number | null>;
}

/** All entries together take some 10 MB. */
const defaultMaxKeys = 20_000;

const windowSeconds = 60;

// The limiter's timer ends the minute, even if the wall clock is set back: no wait is longer.
const secondsOf = ({ msBeforeNext }: RateLimiterRes): number =>
  Math.min(windowSeconds, Math.max(1, Math.ceil(msBeforeNext / 1000)));

/**
 * Counts in memory. The minute of a key begins with its first request.
 *
 * @param perMinute the limit of each key.
 * @param maxKeys the maximum number of keys: a further one replaces that whose minute began first.
 */
export const createRateLimit = (perMinute: number, maxKeys = defaultMaxKeys): RateLimit => {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: windowSeconds, keyPrefix: '' });
  /** In the order in which their minutes began. */
  const known = new Set<string>();
  // One iterator is kept: a new one would pass over all deleted entries again.
  const order = known.values();
  const remember = async (key: string): Promise<null> => {
    known.delete(key);
    known.add(key);
    if (known.size <= maxKeys) return null;
    const oldest = order.next().value;
    if (oldest === undefined) return null;
    known.delete(oldest);
    await limiter.delete(oldest);
    return null;
  };
  return {
    take: (key) =>
      limiter.consume(key).then(
        (counted) => (counted.isFirstInDuration ? remember(key) : null),
        (refused: unknown) => {
          if (refused instanceof RateLimiterRes) return secondsOf(refused);
          throw refused;
        },
      ),
  };
};
