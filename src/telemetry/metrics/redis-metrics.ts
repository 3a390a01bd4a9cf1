import { Counter, Gauge, type Registry } from 'prom-client';

/** The purposes for which Redis is used. */
const uses = ['limits', 'token', 'slots', 'cache', 'updates'] as const;

/** The metrics of the shared Redis. */
export interface RedisMetrics {
  /** Adds a gauge of its state, and a counter of failures. */
  watch(isUp: () => boolean): void;
  /** Counts a command that failed. */
  readonly onFailure: (use: (typeof uses)[number]) => void;
}

export const createRedisMetrics = (registers: Registry[]): RedisMetrics => {
  let failures: Counter | undefined;
  return {
    watch: (isUp) => {
      new Gauge({
        name: 'recollect_redis_up',
        help: '1 if the shared Redis is connected and can be written, else 0.',
        registers,
        collect() {
          this.set(isUp() ? 1 : 0);
        },
      });
      failures = new Counter({
        name: 'recollect_redis_failures_total',
        help: 'Commands to the shared Redis that failed.',
        labelNames: ['use'],
        registers,
      });
      // An alert on an increase sees the first one only if the counter exists before.
      for (const use of uses) failures.inc({ use }, 0);
    },
    onFailure: (use) => failures?.inc({ use }),
  };
};
