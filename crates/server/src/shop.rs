use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use eggypro_auth::{AdminSecrets, Authenticator, SessionTokens};
use eggypro_cache::{Cache, CacheSettings};
use eggypro_domain::categories::CategoryService;
use eggypro_domain::changes::Audience;
use eggypro_domain::products::ProductService;
use eggypro_http::{Api, HttpSettings, RateLimits};
use eggypro_persistence::{
    Database, DatabaseSettings, Heard, PostgresCategories, PostgresProducts, listen as changes,
};
use eggypro_ratelimit::{Limiter, Policy};
use eggypro_redis::Redis;
use secrecy::SecretString;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long the database threads may take to put their connections down.
const CLOSING: Duration = Duration::from_secs(5);

/// What a shop is built from.
#[derive(Debug)]
pub struct ShopSettings {
    /// Its database, which has every migration.
    pub database: DatabaseSettings,
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
    /// How it is served.
    pub http: HttpSettings,
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
        limits.wrong_credentials.limit = self.max_wrong_credentials;
        limits.wrong_credentials.window = self.wrong_credentials_window;
        limits
    }
}

/// A shop that answers requests while its future is polled.
pub struct RunningShop {
    server: Server,
    database: Database,
    listening: JoinHandle<()>,
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
    let database = Database::start(&settings.database)?.telling(Arc::new(cache.clone()));
    let listen_url = settings
        .listen_url
        .as_ref()
        .unwrap_or(&settings.database.url);
    cache.hears_nothing();
    let (hears, is_hearing) = watch::channel(false);
    let listening = tokio::spawn(listen(changes(listen_url)?, cache.clone(), hears));
    let api = Api {
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
    let server = eggypro_http::serve(listener, api, rates, &settings.http)?;
    Ok(RunningShop {
        server,
        database,
        listening,
        is_hearing,
    })
}

/// How many changes may wait to be told of one by one.
const BACKLOG: usize = 16;

/// Lets the cache know what changes, here and on other servers.
async fn listen(mut changes: UnboundedReceiver<Heard>, cache: Cache, hears: watch::Sender<bool>) {
    while let Some(heard) = changes.recv().await {
        if changes.len() > BACKLOG {
            // Where they come faster than Redis can be told of each, everything is given up at once.
            while changes.try_recv().is_ok() {}
            cache.missed_changes().await;
            continue;
        }
        match heard {
            Heard::Change(change) => cache.changed(&change).await,
            Heard::Listening => {
                cache.missed_changes().await;
                hears.send_replace(true);
            }
            // What is kept is served until its time is over; when changes are heard again, it is given up.
            Heard::Deaf => {
                cache.hears_nothing();
                hears.send_replace(false);
            }
        }
    }
}

impl RunningShop {
    /// Whether the shop hears what changes in its database; until then it keeps answers for a moment alone.
    pub fn is_hearing(&self) -> watch::Receiver<bool> {
        self.is_hearing.clone()
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
        self.database.close(CLOSING);
        result
    }
}

impl std::fmt::Debug for RunningShop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningShop").finish_non_exhaustive()
    }
}
