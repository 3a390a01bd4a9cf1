import type { RedisScript } from '../../redis/shared-redis.ts';

/** Times of the leases of concurrency slots, in milliseconds. */
export const slotTimes = {
  /** Redis keeps the share of a process for this long after its last renewal. */
  lease: 4000,
  /** A process stops using its share this long before Redis would give it to others. */
  margin: 500,
  /** With more processes than slots, the slots move to other processes this often. */
  rotation: 2000,
} as const;

/**
 * Renews the share of a process in the slots of an upstream.
 *
 * Keys: the leases (sorted set of holders by the end of their lease), the shares (hash: slots held, demand and sequence
 * number of each holder), and the time until which no share grows. Arguments: holder, limit, milliseconds of a lease
 * and of the rotation, sequence number, whether the holder's lease has not ended, its share, its calls in flight, and
 * its demand. Returns the new share and the number of holders; -1 for a call that arrives after a later one.
 *
 * - The sum of the shares never exceeds the limit: a share is at most what the others' held slots leave.
 * - A holder that is to have fewer slots holds those that it had until its next call confirms that it has fewer.
 * - Small demands are met first, and the rest is divided evenly. Without demand, half of the free slots are divided, and
 *   half are left for whom needs them first.
 * - A holder whose entry is missing or too low shows that Redis has lost data. Others may have slots that Redis does not
 *   know, until they have renewed their leases too.
 */
export const renewSlots: RedisScript = {
  name: 'renew-slots',
  use: 'slots',
  lua: `
local leases, shares, lostUntil = KEYS[1], KEYS[2], KEYS[3]
local holder, limit, lease, rotation = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local sequence, isMember = tonumber(ARGV[5]), ARGV[6] == '1'
local share, inFlight, demand = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

for _, ended in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now)) do
  redis.call('ZREM', leases, ended)
  redis.call('HDEL', shares, ended)
end

local holders, demands, held, own = {}, {}, 0, nil
for _, each in ipairs(redis.call('ZRANGE', leases, 0, -1)) do
  local slots, wanted, last = string.match(redis.call('HGET', shares, each) or '', '^(%d+) (%d+) (%d+)$')
  if each == holder then
    own = slots and { held = tonumber(slots), sequence = tonumber(last) }
  elseif slots then
    holders[#holders + 1] = each
    demands[each] = tonumber(wanted)
    held = held + tonumber(slots)
  end
end
if own and own.sequence >= sequence then return {-1, 0} end
holders[#holders + 1] = holder
demands[holder] = demand
table.sort(holders)

local wants, sum = {}, 0
for _, each in ipairs(holders) do
  local wanted = demands[each]
  if #holders <= limit then wanted = wanted + math.floor(wanted / 4) + 1 end
  wants[each] = wanted
  sum = sum + wanted
end
if #holders <= limit and sum < limit then
  local extra = math.floor((limit - sum) / (2 * #holders))
  for _, each in ipairs(holders) do wants[each] = wants[each] + extra end
end

local target, left, open = 0, limit, {}
for _, each in ipairs(holders) do
  if wants[each] > 0 then open[#open + 1] = each end
end
while #open > 0 do
  local level, rest = math.floor(left / #open), {}
  for _, each in ipairs(open) do
    if wants[each] > level then
      rest[#rest + 1] = each
    else
      left = left - wants[each]
      if each == holder then target = wants[each] end
    end
  end
  if #rest == #open then
    local first = 0
    if level == 0 then first = math.floor(now / rotation) * limit % #rest end
    for index, each in ipairs(rest) do
      if each == holder then
        target = level
        if (index - 1 - first) % #rest < left - level * #rest then target = level + 1 end
      end
    end
    break
  end
  open = rest
end

if isMember and (not own or own.held < math.max(share, inFlight)) then
  redis.call('SET', lostUntil, now + lease, 'PX', lease)
end
local granted = math.min(target, limit - held)
if now < (tonumber(redis.call('GET', lostUntil) or '') or 0) then granted = math.min(granted, share) end
granted = math.max(granted, 0)

redis.call('ZADD', leases, now + lease, holder)
redis.call('HSET', shares, holder, string.format('%d %d %d', math.max(granted, share, inFlight), demand, sequence))
redis.call('PEXPIRE', leases, 10 * lease)
redis.call('PEXPIRE', shares, 10 * lease)
return {granted, #holders}
`,
};

/** Ends the lease of one holder. Keys: as for `renewSlots`. Argument: the holder. */
export const releaseSlots: RedisScript = {
  name: 'release-slots',
  use: 'slots',
  lua: `
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('HDEL', KEYS[2], ARGV[1])
`,
};
