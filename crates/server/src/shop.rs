use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use eggypro_auth::{AdminSecrets, Authenticator, SessionTokens};
use eggypro_domain::categories::CategoryService;
use eggypro_domain::products::ProductService;
use eggypro_http::{Api, HttpSettings};
use eggypro_persistence::{Database, DatabaseSettings, PostgresCategories, PostgresProducts};
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
    /// How it is served.
    pub http: HttpSettings,
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
    let server = eggypro_http::serve(listener, api, &settings.http)?;
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
