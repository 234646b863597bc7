/// Raises each key to a floor, if it has one, and increments it. Starts with the last key and stops at the first one that is
/// beyond its limit. Sets the expiry of new keys. A value that is not a number counts as 0; any other error, such as out of
/// memory, is returned. A floor does no harm if it is sent again, as after a timeout, when nobody knows whether Redis got it.
pub(super) const ADD: &str = "local counts = {} \
     for i = 1, #KEYS do counts[i] = 0 end \
     for i = #KEYS, 1, -1 do \
     local key, limit, lifetime, floor = KEYS[i], tonumber(ARGV[3 * i - 2]), ARGV[3 * i - 1], tonumber(ARGV[3 * i]) \
     if floor > 0 then \
     local old = redis.pcall('GET', key) \
     if type(old) ~= 'string' or (tonumber(old) or 0) < floor then redis.call('SET', key, floor, 'PX', lifetime) end end \
     local count = redis.pcall('INCR', key) \
     if type(count) ~= 'number' then \
     if not (string.find(count.err, 'WRONGTYPE') or string.find(count.err, 'not an integer')) then return count end \
     redis.call('SET', key, 1); count = 1 end \
     if count == 1 then redis.call('PEXPIRE', key, lifetime) end \
     counts[i] = count \
     if count > limit then break end end return counts";

/// Decrements each key that is above 0.
pub(super) const SUBTRACT: &str = "for _, key in ipairs(KEYS) do \
     local count = redis.pcall('GET', key) \
     if type(count) == 'string' and (tonumber(count) or 0) > 0 then redis.call('DECR', key) end end";

/// Reads a key. A value that is not a number counts as 0.
pub(super) const GET: &str = "local count = redis.pcall('GET', KEYS[1]) \
     return type(count) == 'string' and tonumber(count) or 0";
