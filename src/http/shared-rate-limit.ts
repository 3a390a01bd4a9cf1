import { RedisUnavailableError } from '../redis/redis-fault.ts';
import type { RequestCounts } from '../redis/request-counts.ts';
import type { RateLimit } from './rate-limit.ts';

const windowMs = 60_000;
const defaultMaxKeys = 20_000;

/**
 * The requests that a process admits without asking, and reserves at once when it asks, as a share of the limit: most
 * callers need no round trip, and busy ones need few.
 */
const batchShare = 0.01;

/** The minute of one key, as this process knows it. */
interface Window {
  /** Monotonic milliseconds. */
  end: number;
  /** The id of the window in Redis; empty before the first answer. */
  id: string;
  /** Requests that this process admitted. */
  admitted: number;
  /** Requests of this process that Redis has counted: more than `admitted` if some are reserved. */
  counted: number;
  /** Whether all processes together have reached the limit. */
  isExhausted: boolean;
  /** Whether an answer is awaited that will confirm what was not counted. */
  isReporting: boolean;
}

export interface SharedRateLimitOptions {
  /** Requests per minute of all processes. */
  readonly perMinute: number;
  /** Requests per minute of this process alone, while Redis is not available. */
  readonly ownPerMinute: number;
  readonly maxKeys?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

const isReserved = ({ admitted, counted }: Window): boolean => admitted < counted;

/**
 * Counts in a Redis that processes share. With Redis, n processes together admit at most the limit and n - 1 batches; a
 * batch is 1 % of the limit. Without it, each admits its own limit, including what it had admitted before.
 *
 * A request waits for one command at most. A key that has reached its limit costs no command.
 */
export const createSharedRateLimit = (
  counts: RequestCounts,
  {
    perMinute,
    ownPerMinute,
    maxKeys = defaultMaxKeys,
    now = () => performance.now(),
  }: SharedRateLimitOptions,
): RateLimit => {
  const batch = Math.floor(perMinute * batchShare);
  /** In the order in which they began. */
  const windows = new Map<string, Window>();

  const windowOf = (key: string): Window => {
    const known = windows.get(key);
    if (known && now() < known.end) return known;
    windows.delete(key);
    const begun: Window = {
      end: now() + windowMs,
      id: '',
      admitted: 0,
      counted: 0,
      isExhausted: false,
      isReporting: false,
    };
    windows.set(key, begun);
    if (windows.size > maxKeys) {
      for (const oldest of windows.keys()) {
        windows.delete(oldest);
        break;
      }
    }
    return begun;
  };

  const admit = (window: Window): null => {
    window.admitted += 1;
    return null;
  };
  const secondsOf = ({ end }: Window): number =>
    Math.min(windowMs / 1000, Math.max(1, Math.ceil((end - now()) / 1000)));
  const takeOwn = (window: Window): number | null =>
    window.admitted < ownPerMinute ? admit(window) : secondsOf(window);

  const ask = async (key: string, window: Window): Promise<number | null> => {
    // Of simultaneous requests one reports, and reserves a batch. The others ask for themselves.
    const isReporter = !window.isReporting;
    const { id: windowId } = window;
    const uncounted = isReporter ? Math.max(0, window.admitted - window.counted) : 0;
    const admitted = isReporter ? window.admitted : 0;
    const wanted = isReporter ? Math.max(1, batch) : 1;
    const sentAt = now();
    const report = { limit: perMinute, wanted, windowMs, windowId, uncounted, admitted };
    if (isReporter) window.isReporting = true;
    try {
      const reply = await counts.count(key, { ...report, leftMs: window.end - sentAt });
      if (isReporter && reply.windowId !== windowId) window.counted = admitted;
      else window.counted += uncounted;
      window.counted += reply.granted;
      window.id = reply.windowId;
      // By the time of the question: the window never lasts longer here than in Redis.
      window.end = sentAt + Math.min(windowMs, reply.leftMs);
      window.isExhausted = reply.granted === 0;
      // Another request may have reserved one meanwhile.
      return isReserved(window) ? admit(window) : secondsOf(window);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      return takeOwn(window);
    } finally {
      if (isReporter) window.isReporting = false;
    }
  };

  return {
    take: async (key) => {
      const window = windowOf(key);
      const isFirst = window.id === '' && window.admitted < Math.min(batch, ownPerMinute);
      if (isReserved(window) || isFirst) return admit(window);
      if (window.isExhausted) return secondsOf(window);
      return counts.isUp() ? ask(key, window) : takeOwn(window);
    },
  };
};
