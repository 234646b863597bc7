use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use deadpool_redis::redis::{AsyncCommands, RedisError, Script, ScriptInvocation};
use deadpool_redis::{Config, Connection, Pool, Runtime};
use secrecy::{ExposeSecret, SecretString};

use crate::{Budget, InvalidAddress};

/// How long a check may wait for Redis, connecting included.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long Redis is left alone after a failure.
const PAUSE: Duration = Duration::from_secs(5);

/// Counts each key once more and lets a new one expire; all or nothing.
const ADD: &str = "local counts = {} \
     for i, key in ipairs(KEYS) do \
     local count = redis.call('INCR', key) \
     if count == 1 then redis.call('PEXPIRE', key, ARGV[i]) end \
     counts[i] = count end return counts";

/// Counts in Redis. Every call answers `None` while Redis doesn't.
pub(crate) struct Shared {
    pool: Pool,
    prefix: String,
    patience: Duration,
    add: Script,
    health: Mutex<Health>,
}

enum Health {
    Well,
    Failed { retry_at: Instant },
}

enum Failure {
    Slow,
    Unreachable,
    Redis(RedisError),
}

impl Shared {
    pub(crate) fn new(address: &SecretString, prefix: &str) -> Result<Self, InvalidAddress> {
        let builder = Config::from_url(address.expose_secret())
            .builder()
            .map_err(|_| InvalidAddress)?;
        // One limit over connecting and asking together stands around each call.
        let pool = builder.runtime(Runtime::Tokio1).max_size(64).build();
        Ok(Self {
            pool: pool.map_err(|_| InvalidAddress)?,
            prefix: prefix.to_owned(),
            patience: PATIENCE,
            add: Script::new(ADD),
            health: Mutex::new(Health::Well),
        })
    }

    pub(crate) fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    pub(crate) async fn add(&self, budgets: &[Budget<'_>], now: Duration) -> Option<Vec<u64>> {
        let mut script: ScriptInvocation<'_> = self.add.prepare_invoke();
        for budget in budgets {
            // A little longer than the window, since the clocks of machines differ.
            let lifetime = budget.policy.reset(now) + Duration::from_secs(60);
            script
                .key(self.key(budget, now))
                .arg(u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX));
        }
        self.attempt(async |mut connection| Ok(script.invoke_async(&mut connection).await?))
            .await
    }

    pub(crate) async fn get(&self, budget: &Budget<'_>, now: Duration) -> Option<u64> {
        let key = self.key(budget, now);
        let get = async |mut connection: Connection| {
            let count: Option<u64> = connection.get(key).await?;
            Ok(count.unwrap_or(0))
        };
        self.attempt(get).await
    }

    pub(crate) async fn remove(&self, budget: &Budget<'_>, now: Duration) {
        let key = self.key(budget, now);
        let remove = async |mut connection: Connection| {
            let _: u64 = connection.del(key).await?;
            Ok(())
        };
        self.attempt(remove).await;
    }

    /// A client's keys lie in one slot of a cluster, since they share what stands in braces.
    fn key(&self, budget: &Budget<'_>, now: Duration) -> String {
        let Budget { policy, client } = budget;
        let address = client.split(' ').next().unwrap_or_default();
        format!(
            "{}:limit:1:{{{address}}}:{}:{}:{client}",
            self.prefix,
            policy.name,
            policy.window_end(now).as_millis()
        )
    }

    async fn attempt<T>(
        &self,
        work: impl AsyncFnOnce(Connection) -> Result<T, Failure>,
    ) -> Option<T> {
        if self.is_left_alone() {
            return None;
        }
        let whole = async { work(self.pool.get().await.map_err(|_| Failure::Unreachable)?).await };
        let result = tokio::time::timeout(self.patience, whole)
            .await
            .unwrap_or(Err(Failure::Slow));
        self.remember(result.as_ref().err());
        result.ok()
    }

    fn is_left_alone(&self) -> bool {
        let health = self.health.lock().map(|health| match *health {
            Health::Well => false,
            Health::Failed { retry_at } => Instant::now() < retry_at,
        });
        health.unwrap_or(false)
    }

    /// One line in the log when Redis goes and one when it comes back.
    fn remember(&self, failure: Option<&Failure>) {
        let Ok(mut health) = self.health.lock() else {
            return;
        };
        match (&*health, failure) {
            (Health::Well, Some(failure)) => {
                tracing::warn!(%failure, "limits are counted by each server alone: Redis does not answer");
            }
            (Health::Failed { .. }, None) => {
                tracing::info!("limits are counted together again: Redis is back")
            }
            _ => {}
        }
        *health = match failure {
            Some(_) => Health::Failed {
                retry_at: Instant::now() + PAUSE,
            },
            None => Health::Well,
        };
    }
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        Self::Redis(error)
    }
}

impl fmt::Display for Failure {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow => f.write_str("no answer in time"),
            Self::Unreachable => f.write_str("no connection"),
            Self::Redis(error) => write!(f, "{:?}", error.kind()),
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}
