/** A limit per minute for each key. */
export interface RateLimit {
  /**
   * Counts one more.
   *
   * @returns seconds to wait if the limit is exceeded; `null` otherwise.
   */
  take(key: string): number | null | Promise<number | null>;
}

/** The minute of one key. */
interface Minute {
  /** Monotonic milliseconds: no wait is longer if the wall clock is set back. */
  readonly end: number;
  admitted: number;
}

/** All entries together take some 4 MB. */
const defaultMaxKeys = 20_000;

const windowSeconds = 60;

/**
 * Counts in memory. The minute of a key begins with its first request.
 *
 * @param perMinute the limit of each key.
 * @param maxKeys the maximum number of keys: a further one replaces that whose minute began first.
 */
export const createRateLimit = (perMinute: number, maxKeys = defaultMaxKeys): RateLimit => {
  /** In the order in which they began. */
  const minutes = new Map<string, Minute>();
  // One iterator is kept: a new one would pass over all deleted entries again.
  const order = minutes.keys();
  const begin = (key: string, now: number): Minute => {
    const begun = { end: now + windowSeconds * 1000, admitted: 0 };
    minutes.delete(key);
    minutes.set(key, begun);
    const oldest = minutes.size > maxKeys ? order.next().value : undefined;
    if (oldest !== undefined) minutes.delete(oldest);
    return begun;
  };
  return {
    take: (key) => {
      const now = performance.now();
      const known = minutes.get(key);
      const minute = known && now < known.end ? known : begin(key, now);
      if (minute.admitted >= perMinute) return Math.min(windowSeconds, Math.ceil((minute.end - now) / 1000));
      minute.admitted += 1;
      return null;
    },
  };
};
