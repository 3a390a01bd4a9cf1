import type { RedisScript } from '../../redis/shared-redis.ts';

/**
 * Returns the stored token; else takes the lock for a log-in.
 *
 * Keys: token, lock, pause, failures. Arguments: a stored value that is of no use, the owner of the lock, its
 * milliseconds. The value of no use is removed together with taking the lock, and a newer one never is.
 */
export const claimLogIn: RedisScript = {
  name: 'claim-log-in',
  use: 'token',
  lua: `
local stored = redis.call('GET', KEYS[1])
if stored and stored ~= ARGV[1] then
  return {'stored', stored, redis.call('PTTL', KEYS[1])}
end
local pause = redis.call('PTTL', KEYS[3])
if pause > 0 then
  return {'paused', redis.call('GET', KEYS[3]), pause, tonumber(redis.call('GET', KEYS[4]) or '1') or 1}
end
if not redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3]) then
  return {'busy'}
end
if stored then redis.call('DEL', KEYS[1]) end
return {'claimed'}
`,
};

/**
 * Stores a token, ends all pauses, and releases the lock.
 *
 * Keys: token, lock, pause, failures. Arguments: the owner, the sealed token, its milliseconds. A token that
 * was stored during the log-in remains, so that all processes have the same.
 */
export const storeToken: RedisScript = {
  name: 'store-token',
  use: 'token',
  lua: `
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
redis.call('DEL', KEYS[3], KEYS[4])
redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PX', ARGV[3])
return 1
`,
};

/**
 * Begins a pause after refused credentials, and releases the lock. Refusals during a pause count once.
 *
 * Keys: lock, pause, failures. Arguments: the owner, the kind of refusal, the milliseconds of the shortest, the first
 * and the longest pause, and for how long failures are counted. Returns the milliseconds left and the failures.
 */
export const refuseLogIn: RedisScript = {
  name: 'refuse-log-in',
  use: 'token',
  lua: `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
local left = redis.call('PTTL', KEYS[2])
if left > 0 then
  return {left, tonumber(redis.call('GET', KEYS[3]) or '1') or 1}
end
local failures = redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], ARGV[6])
local doubled = tonumber(ARGV[4]) * 2 ^ math.min(failures - 1, 30)
left = math.floor(math.min(math.max(tonumber(ARGV[3]), doubled), tonumber(ARGV[5])))
redis.call('SET', KEYS[2], ARGV[2], 'PX', left)
return {left, failures}
`,
};

/** Extends the own lock, or releases it. Key: lock. Arguments: the owner, milliseconds or 0. */
export const holdLogIn: RedisScript = {
  name: 'hold-log-in',
  use: 'token',
  lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`,
};
