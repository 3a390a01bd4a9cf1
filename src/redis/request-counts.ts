import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { redisPrefix } from './redis-prefix.ts';
import type { Shared } from './shared.ts';
import type { RedisScript } from './shared-redis.ts';

/**
 * Counts requests of one key, and grants further ones up to the limit. The window of a key has an id. A process that
 * names another one counted in a window that Redis has lost, or never had: all of its requests are added then.
 *
 * If the answer is lost, the requests are counted twice when they are reported again: the limit is never exceeded.
 */
const count: RedisScript = {
  name: 'limits.count',
  use: 'limits',
  lua: `
local limit, wanted, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local stored = redis.call('HMGET', KEYS[1], 'id', 'count')
local id, count = stored[1], tonumber(stored[2] or '')
local left = redis.call('PTTL', KEYS[1])
if not id or not count then
  id, count, left = ARGV[4], tonumber(ARGV[7]), tonumber(ARGV[8])
elseif id == ARGV[5] then
  count = count + tonumber(ARGV[6])
else
  count = count + tonumber(ARGV[7])
end
if left < 1 or left > longest then left = longest end
local granted = math.max(0, math.min(wanted, limit - count))
redis.call('HSET', KEYS[1], 'id', id, 'count', count + granted)
redis.call('PEXPIRE', KEYS[1], left)
return {id, granted, left}`,
};

/** What one process knows of the window of a key. */
export interface CountReport {
  readonly limit: number;
  /** Further requests to grant. */
  readonly wanted: number;
  readonly windowMs: number;
  /** The id of the window in Redis; empty if the process knows none. */
  readonly windowId: string;
  /** Requests that were admitted and are not counted in that window. */
  readonly uncounted: number;
  /** All requests that were admitted in the window. */
  readonly admitted: number;
  /** Milliseconds to the end of the window, if Redis has none. */
  readonly leftMs: number;
}

export interface CountReply {
  readonly windowId: string;
  readonly granted: number;
  /** Milliseconds to the end of the window. */
  readonly leftMs: number;
}

export interface RequestCounts {
  /** Whether requests can be counted in Redis at present. */
  isUp(): boolean;
  /**
   * Counts requests of a key in all processes.
   *
   * @throws {RedisUnavailableError}
   */
  count(key: string, report: CountReport): Promise<CountReply>;
}

/** Creates the counts of one kind of limit. Redis has a keyed digest of each key: nobody finds addresses or names by it. */
export const createRequestCounts = ({ redis, gatewayKey }: Shared, kind: string): RequestCounts => {
  const key = Buffer.from(hkdfSync('sha256', gatewayKey(), '', 'recollect: rate limits in Redis', 32));
  const prefix = `${redisPrefix(gatewayKey())}limit:`;
  const keyOf = (name: string): string =>
    prefix +
    createHmac('sha256', key)
      .update(JSON.stringify([kind, name]))
      .digest('base64url')
      .slice(0, 22);
  return {
    isUp: redis.isUp,
    count: async (name, { limit, wanted, windowMs, windowId, uncounted, admitted, leftMs }) => {
      const newId = randomBytes(9).toString('base64url');
      const left = Math.max(1, Math.ceil(leftMs));
      const args = [limit, wanted, windowMs, newId, windowId, uncounted, admitted, left];
      const reply = (await redis.run(count, [keyOf(name)], args)) as [Buffer, number, number];
      return { windowId: reply[0].toString(), granted: reply[1], leftMs: reply[2] };
    },
  };
};
