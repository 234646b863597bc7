mod user;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use eggypro_cache::CacheSettings;
use eggypro_domain::images::ImageMetadata;
use eggypro_http::{HttpLimits, HttpSettings, Storefront};
use eggypro_persistence::DatabaseSettings;
use eggypro_persistence::testing::TestDatabase;
use eggypro_server::{ImageSettings, MetricsSettings, RateSettings, ShopSettings, WebhookSettings};
use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::Value;
use tempfile::TempDir;

pub use self::user::User;
use crate::log;
use crate::{a_category, a_product};

/// The administrator's secret of every test shop.
pub const ADMIN_SECRET: &str = "the-admin-secret-of-every-test-shop";

/// The secret that signs the sessions of every test shop.
pub const JWT_SECRET: &str = "the-jwt-secret-of-every-test-shop";

/// The origin whose pages may call a test shop.
pub const ORIGIN: &str = "https://shop.example";

/// A shop for one test: the production server on a free port, with its own migrated database.
#[derive(Debug)]
pub struct TestShop {
    /// The address that the server listens on.
    pub address: SocketAddr,
    /// The database, dropped with the shop.
    pub database: TestDatabase,
    /// The folder of the stored images.
    images: TempDir,
    server: ServerHandle,
    /// Shared by all users, as opening a connection takes longer than most calls.
    client: Client,
}

impl TestShop {
    /// Starts an empty shop.
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// Starts an empty shop with changed settings.
    pub async fn start_with(change: impl FnOnce(&mut ShopSettings)) -> Self {
        Self::start_on(TestDatabase::migrated(), change).await
    }

    /// Starts a shop on this database, with changed settings.
    pub async fn start_on(database: TestDatabase, change: impl FnOnce(&mut ShopSettings)) -> Self {
        log::watch();
        let images = TempDir::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut settings = ShopSettings {
            database: DatabaseSettings {
                pool_size: 4,
                min_idle: 0,
                ..DatabaseSettings::new(database.address())
            },
            is_migrated: true,
            admin_secrets: vec![ADMIN_SECRET.into()],
            replicas: vec![],
            max_lag: Duration::from_secs(1),
            listen_url: None,
            redis: None,
            jwt_secret: Some(JWT_SECRET.into()),
            rates: RateSettings {
                max_requests: 1_000_000,
                max_anonymous_writes: 1_000_000,
                max_wrong_credentials: 1_000_000,
                ..RateSettings::default()
            },
            cache: CacheSettings::default(),
            storefront: Storefront::default(),
            images: ImageSettings::Folder(images.path().to_owned()),
            image_metadata: ImageMetadata::Removed,
            environment: "test",
            metrics: MetricsSettings::default(),
            changes_kept: Duration::from_secs(90 * 24 * 60 * 60),
            // The receivers of tests are on this machine.
            webhooks: WebhookSettings {
                allow_private: true,
                allow_http: true,
            },
            tracker: None,
            http: HttpSettings {
                workers: Some(1),
                cors_origins: vec![ORIGIN.into()],
                limits: HttpLimits {
                    // All clients of a test come from one address.
                    connections_of_address: 1_024,
                    ..HttpLimits::default()
                },
                ..HttpSettings::default()
            },
        };
        change(&mut settings);
        let shop = eggypro_server::start(listener, &settings).unwrap();
        let server = shop.handle();
        let mut is_connected = shop.is_connected();
        tokio::spawn(shop.run());
        // The change listener can't connect if the database is unavailable.
        let connected = is_connected.wait_for(|is_connected| *is_connected);
        drop(tokio::time::timeout(Duration::from_secs(2), connected).await);
        Self {
            address,
            database,
            images,
            server,
            client: Client::builder()
                // Reading the system's certificates takes long.
                .tls_certs_only([])
                .redirect(Policy::none())
                .build()
                .unwrap(),
        }
    }

    /// A user without credentials.
    pub fn anonymous(&self) -> User {
        User {
            base: format!("http://{}", self.address),
            client: self.client.clone(),
            secret: None,
        }
    }

    /// A user with this bearer token.
    pub fn bearer(&self, token: &str) -> User {
        User {
            secret: Some(token.to_owned()),
            ..self.anonymous()
        }
    }

    /// The administrator.
    pub fn admin(&self) -> User {
        self.bearer(ADMIN_SECRET)
    }

    /// The number of stored image files.
    pub fn image_files(&self) -> usize {
        fn count(folder: &Path) -> usize {
            // The folder may be removed meanwhile.
            let entries = std::fs::read_dir(folder).into_iter().flatten();
            let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
            paths
                .map(|path| if path.is_dir() { count(&path) } else { 1 })
                .sum()
        }
        count(self.images.path())
    }

    /// Creates a product with these fields and returns it.
    pub async fn create_product(&self, fields: Value) -> Value {
        self.admin()
            .post("/api/products", &a_product(fields))
            .await
            .expect(201)
            .json()
    }

    /// Creates a category and returns it.
    pub async fn create_category(&self, name: &str) -> Value {
        self.admin()
            .post("/api/categories", &a_category(name))
            .await
            .expect(201)
            .json()
    }
}

impl Drop for TestShop {
    fn drop(&mut self) {
        // The call sends the stop command. The returned future only waits for the end.
        drop(self.server.stop(false));
        if !std::thread::panicking() {
            log::check();
        }
    }
}
