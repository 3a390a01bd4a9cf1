import { describe, expect, it } from 'vitest';
import { rowCacheBytes } from '../upstreams/rows/row-cache.ts';
import { readSettings } from './settings.ts';
import { shareOfLimits, shareOfRowCache } from './share-of-limits.ts';

const settings = readSettings({
  AUTH_JWT_SECRET: 's'.repeat(32),
  MAX_CONNECTIONS: '1001',
  UPSTREAM_MAX_CONCURRENCY: '3',
  UPSTREAM_MAX_WAITING: '100',
  RATE_LIMIT_PER_CALLER: '600',
  RATE_LIMIT_PER_ADDRESS: '0',
});

describe('shareOfLimits', () => {
  it('changes nothing for one process', () => {
    expect(shareOfLimits(settings, 1)).toEqual(settings);
    expect(shareOfRowCache(1)).toBe(rowCacheBytes);
  });

  it('divides what each process counts by itself, and nothing else', () => {
    expect(shareOfLimits(settings, 4)).toEqual({
      ...settings,
      maxConnections: 250,
      rateLimits: { perCaller: 150, perAddress: null, failuresPerAddress: 150 },
      // At least one call, or nothing would ever be sent.
      upstreams: { ...settings.upstreams, maxConcurrency: 1, maxWaiting: 25 },
    });
    expect(shareOfRowCache(4)).toBe(rowCacheBytes / 4);
  });
});
