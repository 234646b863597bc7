mod scripts;

use std::fmt;
use std::time::Duration;

use eggypro_redis::Redis;
use eggypro_redis::redis::{AsyncCommands, Script, ScriptInvocation};

use self::scripts::{ADD, GET, SUBTRACT};
use crate::Budget;

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
