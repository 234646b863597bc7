mod images;
mod rates;

use std::net::TcpListener;
use std::time::Duration;

use eggypro_cache::CacheSettings;
use eggypro_domain::images::ImageMetadata;
use eggypro_domain::metrics::AddressDetail;
use eggypro_http::{HttpSettings, Storefront};
use eggypro_persistence::{ConnectionString, DatabaseSettings};
use secrecy::SecretString;

pub use self::images::ImageSettings;
pub(super) use self::images::Images;
pub use self::rates::RateSettings;
use crate::tracking::TrackerSettings;

/// Settings of a shop.
#[derive(Debug)]
pub struct ShopSettings {
    /// The database.
    pub database: DatabaseSettings,
    /// Whether the database has every migration. If not, it gets no queries until
    /// [`Database::migrated`](eggypro_persistence::Database::migrated) is called.
    pub is_migrated: bool,
    /// Replicas that answer reads.
    pub replicas: Vec<DatabaseSettings>,
    /// Maximum lag of a replica.
    pub max_lag: Duration,
    /// A direct connection for the change listener, if `database` is reached through a pooler.
    pub listen_url: Option<ConnectionString>,
    /// Redis, which several servers share.
    pub redis: Option<RedisSettings>,
    /// The secrets of administrators.
    pub admin_secrets: Vec<SecretString>,
    /// The secret that signs session tokens. Without it there are no sessions.
    pub jwt_secret: Option<SecretString>,
    /// Rate limits.
    pub rates: RateSettings,
    /// Settings of the cache.
    pub cache: CacheSettings,
    /// What all products of the shop have in common.
    pub storefront: Storefront,
    /// Where images are stored.
    pub images: ImageSettings,
    /// Whether uploaded pictures keep their metadata: where, when and with which camera they were taken.
    pub image_metadata: ImageMetadata,
    /// Settings of the request log and of metrics.
    pub metrics: MetricsSettings,
    /// How long changes stay in the log of changes.
    pub changes_kept: Duration,
    /// Where webhooks may lead.
    pub webhooks: WebhookSettings,
    /// Where unexpected failures are reported, if anywhere.
    pub tracker: Option<TrackerSettings>,
    /// Settings of the HTTP server.
    pub http: HttpSettings,
    /// The mode of the server, such as `production`.
    pub environment: &'static str,
}

/// Settings of the request log and of metrics.
#[derive(Debug)]
pub struct MetricsSettings {
    /// How many days request records stay in the database; `None` if they are not stored.
    pub retention_days: Option<u16>,
    /// Maximum size of a day's records in the database, in bytes; by default a gibibyte.
    pub bytes_a_day: u64,
    /// How much of a client's address is recorded.
    pub addresses: AddressDetail,
    /// The socket at which Prometheus reads metrics, if there is one.
    pub listener: Option<TcpListener>,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        Self {
            retention_days: Some(30),
            bytes_a_day: 1 << 30,
            addresses: AddressDetail::default(),
            listener: None,
        }
    }
}

/// Where webhooks may lead. The default is for production: https, to public addresses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WebhookSettings {
    /// Whether addresses may be private.
    pub allow_private: bool,
    /// Whether URLs may have the scheme http.
    pub allow_http: bool,
}

/// A Redis in which several servers share rate limits and cached answers.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// The address of Redis.
    pub url: SecretString,
    /// The prefix of all keys.
    pub prefix: String,
    /// Maximum time of a call.
    pub timeout: Duration,
}

impl RedisSettings {
    /// The default settings: the prefix `eggypro`, 50 ms.
    pub fn new(url: SecretString) -> Self {
        Self {
            url,
            prefix: "eggypro".to_owned(),
            timeout: Duration::from_millis(50),
        }
    }
}
