import { rowCacheBytes } from '../upstreams/rows/row-cache.ts';
import type { Settings } from './settings.ts';

/**
 * Returns the settings of one of several processes that serve a port: its share of the limits that each process counts by
 * itself, at least 1, so that all processes together keep to the limits of the settings. Everything else is unchanged.
 *
 * Limits that all processes count together, such as those in Redis, take the whole value of the settings instead.
 *
 * @param workers the number of processes, 1 or more.
 */
export const shareOfLimits = (settings: Settings, workers: number): Settings => {
  const share = (whole: number): number => Math.max(1, Math.floor(whole / workers));
  const shareOrNone = (whole: number | null): number | null => (whole === null ? null : share(whole));
  const { rateLimits, upstreams } = settings;
  return {
    ...settings,
    maxConnections: share(settings.maxConnections),
    rateLimits: {
      perCaller: shareOrNone(rateLimits.perCaller),
      perAddress: shareOrNone(rateLimits.perAddress),
      failuresPerAddress: shareOrNone(rateLimits.failuresPerAddress),
    },
    upstreams: {
      ...upstreams,
      maxConcurrency: share(upstreams.maxConcurrency),
      maxWaiting: share(upstreams.maxWaiting),
    },
  };
};

/** Returns the bytes that one of several processes may keep of rows of portfolios. */
export const shareOfRowCache = (workers: number): number => Math.floor(rowCacheBytes / workers);
