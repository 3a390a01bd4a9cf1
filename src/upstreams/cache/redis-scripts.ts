// A generation is a key with a random value. To invalidate a scope, its key is deleted: that also works when Redis is out
// of memory. The next read creates another one. A key that Redis evicted or lost has the same effect.

const clock = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * Keys: the entry, then the generations of its scopes, then the writers of its scopes. Arguments: a new generation, the
 * lifetime of generations, the maximum age of the value.
 */
export const findScript = {
  name: 'cache-find',
  use: 'cache',
  lua: `${clock}
local scopes = (#KEYS - 1) / 2
local generations = {}
local held = 0
for index = 1, scopes do
  local generation = redis.call('GET', KEYS[1 + index])
  if not generation then
    generation = ARGV[1]
    redis.call('SET', KEYS[1 + index], generation, 'PX', ARGV[2])
  end
  generations[index] = generation
  if redis.call('ZCOUNT', KEYS[1 + scopes + index], now, '+inf') > 0 then held = 1 end
end
-- A write that needs memory: it fails at a replica, which may lag behind its primary, and where no write can be reported.
redis.call('SET', KEYS[2], generations[1], 'PX', ARGV[2])
local generation = table.concat(generations, ' ')
local stored = redis.call('HMGET', KEYS[1], 'generation', 'time', 'value')
if held == 1 or stored[1] ~= generation then return {generation, held, tostring(now), false, 0} end
local age = now - tonumber(stored[2])
if age < 0 or age >= tonumber(ARGV[3]) then return {generation, held, tostring(now), false, 0} end
return {generation, held, tostring(now), stored[3], age}`,
} as const;

/** Keys: the entry, then the generations of its scopes. Arguments: generation, time and value of the read, its TTL. */
export const storeScript = {
  name: 'cache-store',
  use: 'cache',
  lua: `${clock}
local generations = {}
for index = 2, #KEYS do
  local generation = redis.call('GET', KEYS[index])
  if not generation then return 0 end
  generations[index - 1] = generation
end
if table.concat(generations, ' ') ~= ARGV[1] then return 0 end
local left = tonumber(ARGV[2]) + tonumber(ARGV[4]) - now
if left <= 0 or left > tonumber(ARGV[4]) then return 0 end
redis.call('HSET', KEYS[1], 'generation', ARGV[1], 'time', ARGV[2], 'value', ARGV[3])
redis.call('PEXPIRE', KEYS[1], left)
return 1`,
} as const;

/** Keys: generations of scopes, then their writers. Arguments: the writer, and the milliseconds of its lease or hold. */
export const invalidateScript = {
  name: 'cache-invalidate',
  use: 'cache',
  lua: `${clock}
local scopes = #KEYS / 2
local hold = tonumber(ARGV[2])
for index = 1, scopes do redis.call('DEL', KEYS[index]) end
for index = scopes + 1, #KEYS do
  local writers = KEYS[index]
  redis.call('ZREMRANGEBYSCORE', writers, '-inf', now)
  if hold > 0 then
    redis.call('ZADD', writers, now + hold, ARGV[1])
    if redis.call('PTTL', writers) < hold then redis.call('PEXPIRE', writers, hold) end
  else
    redis.call('ZREM', writers, ARGV[1])
  end
end
return 1`,
} as const;
