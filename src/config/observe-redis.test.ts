import { expect, it } from 'vitest';
import type { OpenedRedis } from '../redis/shared-redis.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { observeRedis } from './observe-redis.ts';

it('reports a Redis that is lost and back, at most once a minute', async () => {
  const lines: unknown[] = [];
  const log = {
    info: (...line: unknown[]) => void lines.push(line),
    warn: (...line: unknown[]) => void lines.push(line),
    error: () => {},
  };
  const metrics = createMetrics();
  let change: (isUp: boolean) => void = () => {};
  let fail: Parameters<OpenedRedis['onFailure']>[0] = () => {};
  let isUp = false;
  const redis: OpenedRedis = {
    run: async () => null,
    isUp: () => isUp,
    onChange: (listener) => {
      change = listener;
    },
    onFailure: (listener) => {
      fail = listener;
    },
    lastFault: () => 'connection refused',
    publish: () => {},
    subscribe: async () => {},
    close: async () => {},
  };
  let time = 0;
  observeRedis(redis, metrics, log, () => time);
  const warning = 'Redis is not available: this process counts for itself until it is back';
  expect(lines).toEqual([[{ fault: 'connection refused', count: 1 }, warning]]);
  expect(await metrics.read()).toContain('recollect_redis_up 0');
  const become = (next: boolean): void => {
    isUp = next;
    change(next);
  };
  become(true);
  expect(lines.splice(0)).toHaveLength(2);
  expect(await metrics.read()).toContain('recollect_redis_up 1');
  for (let times = 0; times < 5; times += 1) {
    become(false);
    become(true);
  }
  expect(lines).toEqual([]);
  time = 60_000;
  become(false);
  expect(lines).toEqual([[{ fault: 'connection refused', count: 6 }, warning]]);
  fail('limits', 'timeout');
  expect(await metrics.read()).toContain('recollect_redis_failures_total{use="limits"} 1');
  expect(await metrics.read()).toContain('recollect_redis_failures_total{use="cache"} 0');
  lines.length = 0;
  fail('updates', 'timeout');
  expect(lines).toEqual([]);
  fail('updates', 'no permission');
  fail('updates', 'no permission');
  expect(lines).toEqual([
    [{ count: 1 }, expect.stringContaining('the user of Redis may not use the channel of the gateway')],
  ]);
  expect(await metrics.read()).toContain('recollect_redis_failures_total{use="updates"} 3');
});
