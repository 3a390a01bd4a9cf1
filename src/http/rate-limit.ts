import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** So many times a minute, for each of those who come. */
export interface RateLimit {
  /**
   * Counts one more.
   *
   * @returns seconds to wait, where that is one too many; `null` where it is not.
   */
  take(key: string): Promise<number | null>;
}

/** Some 10 MB where all are taken, a minute after each of so many has come. */
const defaultMaxKeys = 20_000;

const windowSeconds = 60;

// The limiter's timer ends the minute, whatever the wall clock says: so nobody is asked to wait for longer.
const secondsOf = ({ msBeforeNext }: RateLimiterRes): number =>
  Math.min(windowSeconds, Math.max(1, Math.ceil(msBeforeNext / 1000)));

/**
 * Counts in memory, for each key in minutes of its own that begin when it first comes.
 *
 * @param perMinute how often a key may come.
 * @param maxKeys how many keys are known at a time: for a further one, that which began first is forgotten.
 */
export const createRateLimit = (perMinute: number, maxKeys = defaultMaxKeys): RateLimit => {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: windowSeconds, keyPrefix: '' });
  /** In the order in which their minutes began. */
  const known = new Set<string>();
  // One for all time: whatever it comes to is forgotten, and a new one would have to pass by all that was.
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
