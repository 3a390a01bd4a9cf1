import type { Log } from '../telemetry/log.ts';
import { createThrottledWarning, type WarnOnce } from '../telemetry/log-throttle.ts';
import type { CacheMetrics } from '../telemetry/metrics/cache-metrics.ts';
import { cachedOperations } from './cache-setting.ts';
import type { CacheReports } from './read-caches.ts';
import type { Settings } from './settings.ts';

/** Counts cached reads, and warns about writes that could not be reported. @param log returns the log, which exists later. */
export const cacheReports = (metrics: CacheMetrics, log: () => Log): CacheReports => {
  let warn: WarnOnce | undefined;
  return {
    onResult: metrics.onResult,
    onUnreported: () => {
      warn ??= createThrottledWarning(
        log(),
        null,
        'a write could not be reported to Redis: other processes may return cached data from before it, until its TTL ends or Redis is reached',
      );
      warn('unreported', () => ({}));
    },
  };
};

/** Adds the metrics of the cached operations, and warns if other processes would not know of writes. */
export const announceCache = (
  { cache, redisUrl }: Pick<Settings, 'cache' | 'redisUrl'>,
  metrics: CacheMetrics,
  log: Log,
): void => {
  if (!cache) return;
  metrics.addKnown(cachedOperations(cache));
  if (redisUrl !== null) return;
  log.warn(
    { setting: 'CACHE' },
    'reads are cached in the memory of this process: no other process may write to the same upstreams',
  );
};
