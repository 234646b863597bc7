use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::{Server, ServerHandle};
use eggypro_auth::{AdminSecrets, Authenticator, SessionTokens};
use eggypro_cache::{Cache, CacheSettings};
use eggypro_domain::categories::CategoryService;
use eggypro_domain::changes::Audience;
use eggypro_domain::health::Probe;
use eggypro_domain::images::{ImageService, ImageStore, Removed};
use eggypro_domain::products::ProductService;
use eggypro_domain::reviews::ReviewService;
use eggypro_http::{Api, HttpSettings, RateLimits, Stopping};
use eggypro_imaging::LocalImages;
use eggypro_imaging::cloudinary::{Cloudinary, CloudinarySettings};
use eggypro_persistence::{
    Database, DatabaseSettings, PostgresCategories, PostgresImages, PostgresProducts,
    PostgresReviews, listen as changes,
};
use eggypro_ratelimit::{Limiter, Policy};
use eggypro_redis::Redis;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::hearing;

/// How long the database threads may take to put their connections down.
const CLOSING: Duration = Duration::from_secs(5);

/// What a shop is built from.
#[derive(Debug)]
pub struct ShopSettings {
    /// Its database, which has every migration.
    pub database: DatabaseSettings,
    /// Replicas of it that answer reads.
    pub replicas: Vec<DatabaseSettings>,
    /// How far behind a replica may be.
    pub max_lag: Duration,
    /// Where changes of the database are heard: a direct connection to it, if there is a pooler before that one.
    pub listen_url: Option<SecretString>,
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
    /// How it is served.
    pub http: HttpSettings,
    /// What it is run for, such as `production`.
    pub environment: &'static str,
}

/// Where images are kept.
#[derive(Debug, Clone)]
pub enum ImageSettings {
    /// At Cloudinary.
    Cloudinary(CloudinarySettings),
    /// In this folder, which the shop serves as `/media`.
    Folder(PathBuf),
}

/// An image store, and whether it is there, if it can be away.
type Images = (Arc<dyn ImageStore>, Option<Arc<dyn Probe>>);

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
                Ok((cloudinary.clone(), Some(cloudinary)))
            }
            Self::Folder(folder) => {
                let host = if address.ip().is_unspecified() {
                    format!("localhost:{}", address.port())
                } else {
                    address.to_string()
                };
                let store = LocalImages::new(folder, &format!("http://{host}/media"));
                Ok((Arc::new(store), None))
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
            max_wrong_credentials: Policy::AUTH.limit,
            wrong_credentials_window: Policy::AUTH.window,
        }
    }
}

impl RateSettings {
    fn limits(&self, limiter: Limiter) -> RateLimits {
        let mut limits = RateLimits::new(limiter);
        limits.standard.limit = self.max_requests;
        limits.standard.window = self.window;
        limits.strict.limit = self.max_anonymous_writes;
        limits.wrong_credentials.limit = self.max_wrong_credentials;
        limits.wrong_credentials.window = self.wrong_credentials_window;
        limits
    }
}

/// A shop that answers requests while its future is polled.
pub struct RunningShop {
    server: Server,
    stopping: Stopping,
    database: Database,
    listening: JoinHandle<()>,
    cleaning: JoinHandle<()>,
    is_hearing: watch::Receiver<bool>,
}

/// Builds the parts of a shop and serves it on a socket.
///
/// # Errors
/// When the system grants no threads or the socket can't be used.
pub fn start(listener: TcpListener, settings: &ShopSettings) -> io::Result<RunningShop> {
    let redis = match &settings.redis {
        Some(redis) => {
            Some(Redis::with_patience(&redis.url, redis.patience).map_err(io::Error::other)?)
        }
        None => None,
    };
    let prefix = settings.redis.as_ref().map_or("", |redis| &redis.prefix);
    let limiter = match &redis {
        Some(redis) => Limiter::shared(redis.clone(), prefix),
        None => Limiter::in_memory(),
    };
    let cache = Cache::new(&settings.cache, redis, prefix);
    let mut database = Database::start(&settings.database)?.telling(Arc::new(cache.clone()));
    if !settings.replicas.is_empty() {
        database = database.reading_from(&settings.replicas, settings.max_lag)?;
    }
    let listen_url = settings
        .listen_url
        .as_ref()
        .unwrap_or(&settings.database.url);
    cache.hears_nothing();
    let (hears, is_hearing) = watch::channel(false);
    let changes = changes(listen_url)?;
    let listening = tokio::spawn(hearing::listen(
        changes,
        listen_url.clone(),
        hearing::Ears {
            database: database.clone(),
            cache: cache.clone(),
            hears,
        },
    ));
    let (store, image_service) = settings.images.open(listener.local_addr()?)?;
    let records = Arc::new(PostgresImages::new(database.clone()));
    let images = ImageService::new(store, records);
    let cleaning = tokio::spawn(clean(images.clone()));
    let stopping = Stopping::default();
    let api = Api {
        reviews: ReviewService::new(Arc::new(PostgresReviews::new(database.clone()))),
        images,
        image_service,
        environment: settings.environment,
        started: Instant::now(),
        stopping: stopping.clone(),
        products: ProductService::new(Arc::new(PostgresProducts::new(database.clone()))),
        categories: CategoryService::new(Arc::new(PostgresCategories::new(database.clone()))),
        cache,
        admin: Authenticator::new(
            AdminSecrets::new(&settings.admin_secrets),
            settings.jwt_secret.as_ref().map(SessionTokens::new),
        ),
        database: Arc::new(database.clone()),
    };
    let rates = settings.rates.limits(limiter);
    let http = HttpSettings {
        media: match &settings.images {
            ImageSettings::Folder(folder) => Some(folder.clone()),
            ImageSettings::Cloudinary(_) => None,
        },
        ..settings.http.clone()
    };
    let server = eggypro_http::serve(listener, api, rates, &http)?;
    Ok(RunningShop {
        server,
        stopping,
        database,
        listening,
        cleaning,
        is_hearing,
    })
}

/// How often images are looked for that could not be removed when they should have been.
const CLEANING: Duration = Duration::from_secs(60);

/// Removes images that are due, now and then.
async fn clean(images: ImageService) {
    let mut times = tokio::time::interval(CLEANING);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        times.tick().await;
        match images.remove_due().await {
            Ok(done) if done == Removed::default() => {}
            Ok(done) => tracing::info!(
                removed = done.removed,
                postponed = done.postponed,
                "removed images"
            ),
            // The pool says that the database is away.
            Err(error) => tracing::debug!(%error, "images that are due are not known"),
        }
    }
}

impl RunningShop {
    /// Whether the shop hears what changes in its database; until then it keeps answers for a moment alone.
    pub fn is_hearing(&self) -> watch::Receiver<bool> {
        self.is_hearing.clone()
    }

    /// Tells the shop from elsewhere that it is about to stop: then it calls itself not ready, and still answers.
    pub fn stopping(&self) -> Stopping {
        self.stopping.clone()
    }

    /// Stops the shop from elsewhere.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Answers requests until the shop is stopped, then puts its connections down.
    ///
    /// # Errors
    /// When the server breaks.
    pub async fn run(self) -> io::Result<()> {
        let result = self.server.await;
        self.listening.abort();
        self.cleaning.abort();
        self.database.close(CLOSING);
        result
    }
}

impl std::fmt::Debug for RunningShop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningShop").finish_non_exhaustive()
    }
}
