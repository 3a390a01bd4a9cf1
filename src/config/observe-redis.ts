import type { OpenedRedis } from '../redis/shared-redis.ts';
import type { Log } from '../telemetry/log.ts';
import { createThrottledWarning } from '../telemetry/log-throttle.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Counts failures of the shared Redis, and logs when it is lost and back: at most once a minute each. */
export const observeRedis = (
  redis: OpenedRedis,
  { redis: metrics }: Pick<Metrics, 'redis'>,
  log: Log,
  now?: () => number,
): void => {
  metrics.watch(redis.isUp);
  const warnOfChannel = createThrottledWarning(
    log,
    null,
    'the user of Redis may not use the channel of the gateway: writes through other machines are reported to subscriptions at the next poll',
    now,
  );
  redis.onFailure((use, fault) => {
    metrics.onFailure(use);
    if (use === 'updates' && fault === 'no permission') warnOfChannel('channel', () => ({}));
  });
  const warn = createThrottledWarning(
    log,
    null,
    'Redis is not available: this process counts for itself until it is back',
    now,
  );
  let isReported = false;
  const report = (isUp: boolean): void => {
    if (!isUp) {
      warn('down', () => {
        isReported = true;
        return { fault: redis.lastFault() };
      });
    } else if (isReported) {
      isReported = false;
      log.info({}, 'Redis is available again');
    }
  };
  redis.onChange(report);
  // The first connection may have failed before.
  if (!redis.isUp() && redis.lastFault() !== null) report(false);
};
