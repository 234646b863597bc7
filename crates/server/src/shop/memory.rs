use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use eggypro_cache::Cache;
use eggypro_domain::StoreError;
use eggypro_domain::health::Probe;
use eggypro_ratelimit::Limiter;
use eggypro_redis::Redis;

use super::ShopSettings;

/// The cache and the rate limiter, in this process and in Redis if that is used.
pub(super) struct Memory {
    pub(super) cache: Cache,
    pub(super) limiter: Limiter,
    /// Whether Redis is available; `None` if it is not used.
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
        let redis =
            Redis::with_call_timeout(&shared.url, shared.timeout).map_err(io::Error::other)?;
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

/// Checks whether Redis accepts writes.
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
