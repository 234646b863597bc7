use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use eggypro_auth::{AdminSecrets, Authenticator, SessionTokens};
use eggypro_domain::categories::CategoryService;
use eggypro_domain::products::ProductService;
use eggypro_http::{Api, HttpSettings, RateLimits};
use eggypro_persistence::{Database, DatabaseSettings, PostgresCategories, PostgresProducts};
use eggypro_ratelimit::Limiter;
use eggypro_redis::Redis;
use secrecy::SecretString;

/// How long the database threads may take to put their connections down.
const CLOSING: Duration = Duration::from_secs(5);

/// What a shop is built from.
#[derive(Debug)]
pub struct ShopSettings {
    /// Its database, which has every migration.
    pub database: DatabaseSettings,
    /// The secrets that make an administrator.
    pub admin_secrets: Vec<SecretString>,
    /// What signs the tokens of sessions; without it there are none.
    pub jwt_secret: Option<SecretString>,
    /// How often it may be called.
    pub rates: RateSettings,
    /// How it is served.
    pub http: HttpSettings,
}

/// How often a shop may be called.
#[derive(Debug, Clone)]
pub struct RateSettings {
    /// Where several servers count together; without it each counts by itself.
    pub redis_url: Option<SecretString>,
    /// What the keys in Redis begin with.
    pub prefix: String,
    /// How many requests a client has in a window.
    pub max_requests: u64,
    /// How long that window is.
    pub window: Duration,
    /// How many wrong credentials an address has in fifteen minutes.
    pub max_wrong_credentials: u64,
}

impl Default for RateSettings {
    fn default() -> Self {
        Self {
            redis_url: None,
            prefix: "eggypro".to_owned(),
            max_requests: 100,
            window: Duration::from_secs(15 * 60),
            max_wrong_credentials: 5,
        }
    }
}

impl RateSettings {
    fn limits(&self) -> io::Result<RateLimits> {
        let limiter = match &self.redis_url {
            Some(url) => {
                let redis = Redis::at(url).map_err(io::Error::other)?;
                Limiter::shared(redis, &self.prefix)
            }
            None => Limiter::in_memory(),
        };
        let mut limits = RateLimits::new(limiter);
        limits.standard.limit = self.max_requests;
        limits.standard.window = self.window;
        limits.wrong_credentials.limit = self.max_wrong_credentials;
        Ok(limits)
    }
}

/// A shop that answers requests while its future is polled.
pub struct RunningShop {
    server: Server,
    database: Database,
}

/// Builds the parts of a shop and serves it on a socket.
///
/// # Errors
/// When the system grants no threads or the socket can't be used.
pub fn start(listener: TcpListener, settings: &ShopSettings) -> io::Result<RunningShop> {
    let database = Database::start(&settings.database)?;
    let api = Api {
        products: ProductService::new(Arc::new(PostgresProducts::new(database.clone()))),
        categories: CategoryService::new(Arc::new(PostgresCategories::new(database.clone()))),
        admin: Authenticator::new(
            AdminSecrets::new(&settings.admin_secrets),
            settings.jwt_secret.as_ref().map(SessionTokens::new),
        ),
        database: Arc::new(database.clone()),
    };
    let rates = settings.rates.limits()?;
    let server = eggypro_http::serve(listener, api, rates, &settings.http)?;
    Ok(RunningShop { server, database })
}

impl RunningShop {
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
        self.database.close(CLOSING);
        result
    }
}

impl std::fmt::Debug for RunningShop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningShop").finish_non_exhaustive()
    }
}
