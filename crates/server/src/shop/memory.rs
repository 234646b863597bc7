use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use eggypro_cache::Cache;
use eggypro_domain::StoreError;
use eggypro_domain::health::Probe;
use eggypro_ratelimit::Limiter;
use eggypro_redis::Redis;

use super::ShopSettings;

/// What is kept of answers and counted of requests: in this process, and in Redis if there is one.
pub(super) struct Memory {
    pub(super) cache: Cache,
    pub(super) limiter: Limiter,
    /// Whether Redis is there, if it is used.
    pub(super) probe: Option<Arc<dyn Probe>>,
}

impl Memory {
    pub(super) fn open(settings: &ShopSettings) -> io::Result<Self> {
        let Some(shared) = &settings.redis else {
            return Ok(Self {
                cache: Cache::new(&settings.cache, None, ""),
                limiter: Limiter::in_memory(),
                probe: None,
            });
        };
        let prefix = &shared.prefix;
        let redis = Redis::with_patience(&shared.url, shared.patience).map_err(io::Error::other)?;
        Ok(Self {
            cache: Cache::new(&settings.cache, Some(redis.clone()), prefix),
            limiter: Limiter::shared(redis.clone(), prefix),
            probe: Some(Arc::new(RedisProbe {
                key: format!("{prefix}:health"),
                redis,
            })),
        })
    }
}

/// Whether Redis takes what is written to it.
struct RedisProbe {
    redis: Redis,
    key: String,
}

#[async_trait]
impl Probe for RedisProbe {
    async fn check(&self) -> Result<(), StoreError> {
        let checked = self.redis.check(&self.key).await;
        checked.map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}
