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

/// What a shop is built from.
#[derive(Debug)]
pub struct ShopSettings {
    /// Its database.
    pub database: DatabaseSettings,
    /// Whether that has every migration; if not, it is asked for nothing until somebody says that it has.
    pub is_migrated: bool,
    /// Replicas of it that answer reads.
    pub replicas: Vec<DatabaseSettings>,
    /// How far behind a replica may be.
    pub max_lag: Duration,
    /// Where changes of the database are heard: a direct connection to it, if there is a pooler before that one.
    pub listen_url: Option<ConnectionString>,
    /// What several servers share beside it.
    pub redis: Option<RedisSettings>,
    /// The secrets that make an administrator.
    pub admin_secrets: Vec<SecretString>,
    /// What signs the tokens of sessions; without it there are none.
    pub jwt_secret: Option<SecretString>,
    /// How often it may be called.
    pub rates: RateSettings,
    /// What is kept of its answers.
    pub cache: CacheSettings,
    /// Where its images are kept.
    pub images: ImageSettings,
    /// What becomes of what uploaded pictures say of where, when and with which camera they were taken.
    pub image_metadata: ImageMetadata,
    /// What is noted of requests, and who may read it.
    pub metrics: MetricsSettings,
    /// How long its log of changes is kept.
    pub changes_kept: Duration,
    /// Where failures that nobody expected are told of, if anywhere.
    pub tracker: Option<TrackerSettings>,
    /// How it is served.
    pub http: HttpSettings,
    /// What it is run for, such as `production`.
    pub environment: &'static str,
}

/// What is noted of requests.
#[derive(Debug)]
pub struct MetricsSettings {
    /// How many days notes are kept in the database; `None` if they are not.
    pub kept_days: Option<u16>,
    /// How many bytes a day they may take there: a gibibyte.
    pub bytes_a_day: u64,
    /// How much of clients' addresses they hold.
    pub addresses: AddressDetail,
    /// Where Prometheus reads how the server is, if it does.
    pub listener: Option<TcpListener>,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        Self {
            kept_days: Some(30),
            bytes_a_day: 1 << 30,
            addresses: AddressDetail::default(),
            listener: None,
        }
    }
}

/// Where images are kept.
#[derive(Debug, Clone)]
pub enum ImageSettings {
    /// At Cloudinary.
    Cloudinary(CloudinarySettings),
    /// In this folder, which the shop serves as `/media`.
    Folder(PathBuf),
}

/// Where images are kept.
pub(crate) struct Images {
    pub(crate) store: Arc<dyn ImageStore>,
    /// Whether the store is there, if it can be away.
    pub(crate) probe: Option<Arc<dyn Probe>>,
    /// What the addresses of images of a folder begin with, which is where this server is.
    pub(crate) base: Option<String>,
}

impl ImageSettings {
    /// The image store of a shop that listens there.
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

/// Where several servers count and keep answers together.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// Its address.
    pub url: SecretString,
    /// What its keys begin with.
    pub prefix: String,
    /// How long a call to it may take.
    pub patience: Duration,
}

impl RedisSettings {
    /// The usual settings.
    pub fn new(url: SecretString) -> Self {
        Self {
            url,
            prefix: "eggypro".to_owned(),
            patience: Duration::from_millis(50),
        }
    }
}

/// How often a shop may be called.
#[derive(Debug, Clone)]
pub struct RateSettings {
    /// How many requests a client has in a window.
    pub max_requests: u64,
    /// How long that window is.
    pub window: Duration,
    /// How many anonymous writes an address has in a window of theirs.
    pub max_anonymous_writes: u64,
    /// How often all addresses together may write in a window without credentials.
    pub max_anonymous_writes_of_all: u64,
    /// How many requests an API key has in a window.
    pub max_key_requests: u64,
    /// How many documents an address has in a window.
    pub max_documents: u64,
    /// How many pictures and health answers an address has in a window.
    pub max_open_reads: u64,
    /// How many wrong credentials an address has in a window of theirs.
    pub max_wrong_credentials: u64,
    /// How long that one is.
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
