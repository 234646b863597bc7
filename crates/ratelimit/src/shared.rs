use std::fmt;
use std::time::Duration;

use eggypro_redis::Redis;
use eggypro_redis::redis::{AsyncCommands, Script, ScriptInvocation};

use crate::Budget;

/// Raises each key to a floor, if it has one, and increments it. Starts with the last key and stops at the first one that is
/// beyond its limit. Sets the expiry of new keys. A value that is not a number counts as 0; any other error, such as out of
/// memory, is returned. A floor does no harm if it is sent again, as after a timeout, when nobody knows whether Redis got it.
const ADD: &str = "local counts = {} \
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
const SUBTRACT: &str = "for _, key in ipairs(KEYS) do \
     local count = redis.pcall('GET', key) \
     if type(count) == 'string' and (tonumber(count) or 0) > 0 then redis.call('DECR', key) end end";

/// Reads a key. A value that is not a number counts as 0.
const GET: &str = "local count = redis.pcall('GET', KEYS[1]) \
     return type(count) == 'string' and tonumber(count) or 0";

/// Counts in Redis. `add` and `get` return `None` while Redis is unavailable.
pub(crate) struct Shared {
    redis: Redis,
    prefix: String,
    add: Script,
    subtract: Script,
    get: Script,
}

impl Shared {
    pub(crate) fn new(redis: Redis, prefix: &str) -> Self {
        Self {
            redis,
            prefix: prefix.to_owned(),
            add: Script::new(ADD),
            subtract: Script::new(SUBTRACT),
            get: Script::new(GET),
        }
    }

    pub(crate) async fn add<const N: usize>(
        &self,
        budgets: &[Budget<'_>; N],
        floors: &[u64; N],
        now: Duration,
    ) -> Option<[u64; N]> {
        let mut script: ScriptInvocation<'_> = self.add.prepare_invoke();
        for (budget, floor) in budgets.iter().zip(floors) {
            // One minute longer than the window, since the clocks of machines differ.
            let lifetime = budget.policy.reset(now) + Duration::from_secs(60);
            script
                .key(self.key(budget, now))
                .arg(budget.policy.limit)
                .arg(u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX))
                .arg(*floor);
        }
        let add = async |mut connection| script.invoke_async::<Vec<u64>>(&mut connection).await;
        self.redis.call(add).await?.try_into().ok()
    }

    pub(crate) async fn subtract(&self, budgets: &[Budget<'_>], now: Duration) {
        let mut script: ScriptInvocation<'_> = self.subtract.prepare_invoke();
        for budget in budgets {
            script.key(self.key(budget, now));
        }
        let subtract = async |mut connection| script.invoke_async::<()>(&mut connection).await;
        self.redis.call(subtract).await;
    }

    pub(crate) async fn get(&self, budget: &Budget<'_>, now: Duration) -> Option<u64> {
        let script = self.get.key(self.key(budget, now));
        let get = async |mut connection| script.invoke_async(&mut connection).await;
        self.redis.call(get).await
    }

    pub(crate) async fn remove(&self, budget: &Budget<'_>, now: Duration) {
        let key = self.key(budget, now);
        let remove =
            async |mut connection| AsyncCommands::del::<_, u64>(&mut connection, key).await;
        self.redis.call(remove).await;
    }

    /// The key of a budget. The hash tag in braces puts all keys of a client into one slot of a cluster. The key has a
    /// digest of the user agent, which itself may be very long.
    fn key(&self, budget: &Budget<'_>, now: Duration) -> String {
        let Budget { policy, client } = budget;
        format!(
            "{}:limit:1:{{{}}}:{}:{}:{}",
            self.prefix,
            client.network(),
            policy.name,
            policy.window_end(now).as_millis(),
            client.agent_digest(),
        )
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}
