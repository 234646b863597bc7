use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eggypro_cache::CacheSettings;
use eggypro_domain::health::Probe;
use eggypro_domain::images::{ImageMetadata, ImageStore};
use eggypro_domain::metrics::AddressDetail;
use eggypro_http::{HttpSettings, RateLimits};
use eggypro_imaging::LocalImages;
use eggypro_imaging::cloudinary::{Cloudinary, CloudinarySettings};
use eggypro_persistence::{ConnectionString, DatabaseSettings};
use eggypro_ratelimit::{Limiter, Policy};
use secrecy::SecretString;

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
    /// Where images are stored.
    pub images: ImageSettings,
    /// Whether uploaded pictures keep their metadata: where, when and with which camera they were taken.
    pub image_metadata: ImageMetadata,
    /// Settings of the request log and of metrics.
    pub metrics: MetricsSettings,
    /// How long changes stay in the log of changes.
    pub changes_kept: Duration,
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

/// Where images are stored.
#[derive(Debug, Clone)]
pub enum ImageSettings {
    /// At Cloudinary.
    Cloudinary(CloudinarySettings),
    /// In this folder, which the shop serves as `/media`.
    Folder(PathBuf),
}

/// An opened image store.
pub(crate) struct Images {
    pub(crate) store: Arc<dyn ImageStore>,
    /// Whether the store is available; `None` for a folder.
    pub(crate) probe: Option<Arc<dyn Probe>>,
    /// The address of this server, with which the addresses of images of a folder begin; `None` for Cloudinary.
    pub(crate) base: Option<String>,
}

impl ImageSettings {
    /// Opens the image store of a shop that listens at this address.
    ///
    /// # Errors
    /// When the settings can't be used.
    pub(crate) fn open(&self, address: SocketAddr) -> io::Result<Images> {
        match self {
            Self::Cloudinary(settings) => {
                let cloudinary = Cloudinary::new(settings.clone()).map_err(io::Error::other)?;
                let cloudinary = Arc::new(cloudinary);
                Ok(Images {
                    store: cloudinary.clone(),
                    probe: Some(cloudinary),
                    base: None,
                })
            }
            Self::Folder(folder) => {
                let host = if address.ip().is_unspecified() {
                    format!("localhost:{}", address.port())
                } else {
                    address.to_string()
                };
                let base = format!("http://{host}/media");
                Ok(Images {
                    store: Arc::new(LocalImages::new(folder, &base)),
                    probe: None,
                    base: Some(base),
                })
            }
        }
    }
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

/// Rate limits of a shop.
#[derive(Debug, Clone)]
pub struct RateSettings {
    /// Maximum number of requests of a client in a window.
    pub max_requests: u64,
    /// Length of that window.
    pub window: Duration,
    /// Maximum number of anonymous writes of an address, in a separate window.
    pub max_anonymous_writes: u64,
    /// Maximum number of anonymous writes of all addresses together, in a separate window.
    pub max_anonymous_writes_of_all: u64,
    /// Maximum number of requests of an API key in `window`.
    pub max_key_requests: u64,
    /// Maximum number of documents for an address in `window`.
    pub max_documents: u64,
    /// Maximum number of pictures and health answers for an address in `window`.
    pub max_open_reads: u64,
    /// Maximum number of wrong credentials of an address in `wrong_credentials_window`.
    pub max_wrong_credentials: u64,
    /// Length of the window of wrong credentials.
    pub wrong_credentials_window: Duration,
}

impl Default for RateSettings {
    fn default() -> Self {
        Self {
            max_requests: Policy::STANDARD.limit,
            window: Policy::STANDARD.window,
            max_anonymous_writes: Policy::STRICT.limit,
            max_anonymous_writes_of_all: Policy::STRICT_GLOBAL.limit,
            max_key_requests: Policy::KEYS.limit,
            max_documents: Policy::DOCUMENTS.limit,
            max_open_reads: Policy::OPEN.limit,
            max_wrong_credentials: Policy::AUTH.limit,
            wrong_credentials_window: Policy::AUTH.window,
        }
    }
}

impl RateSettings {
    pub(super) fn limits(&self, limiter: Limiter) -> RateLimits {
        let mut limits = RateLimits::new(limiter);
        limits.standard.limit = self.max_requests;
        limits.standard.window = self.window;
        limits.strict.limit = self.max_anonymous_writes;
        limits.strict_global.limit = self.max_anonymous_writes_of_all;
        limits.keys.limit = self.max_key_requests;
        limits.keys.window = self.window;
        limits.documents.limit = self.max_documents;
        limits.documents.window = self.window;
        limits.open.limit = self.max_open_reads;
        limits.open.window = self.window;
        limits.wrong_credentials.limit = self.max_wrong_credentials;
        limits.wrong_credentials.window = self.wrong_credentials_window;
        limits
    }
}
