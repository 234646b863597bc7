mod memory;
mod observation;
mod receivers;
mod settings;
mod tasks;
mod webhooks;

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use actix_web::dev::{Server, ServerHandle};
use eggypro_auth::{AdminSecrets, Authenticator, SessionTokens};
use eggypro_cache::Cache;
use eggypro_domain::categories::CategoryService;
use eggypro_domain::changes::ChangeFollower;
use eggypro_domain::health::Probe;
use eggypro_domain::images::ImageService;
use eggypro_domain::keys::KeyRepository;
use eggypro_domain::products::ProductService;
use eggypro_domain::reviews::ReviewService;
use eggypro_http::{Api, CachedProbe, HttpSettings, KeyUses, Stopping};
use eggypro_imports::Importer;
use eggypro_persistence::{
    Database, Listener, PostgresCategories, PostgresChanges, PostgresIdempotency, PostgresImages,
    PostgresImports, PostgresKeys, PostgresMetrics, PostgresProductSource, PostgresProducts,
    PostgresReviews, PostgresSessions, PostgresStock, PostgresSynonyms, PostgresWebhooks,
};
use eggypro_search::{CatalogueIndex, Follower};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::change_listener::{self, Dispatcher};
use crate::followers::Followers;
use crate::tracking::Tracker;

use self::memory::Memory;
use self::observation::Observation;
use self::receivers::Receivers;
use self::settings::Images;
use self::webhooks::Webhooks;

pub use self::settings::{
    ImageSettings, MetricsSettings, RateSettings, RedisSettings, ShopSettings, WebhookSettings,
};

pub(crate) use self::webhooks::USER_AGENT;

/// Maximum time for the database threads to close their connections.
const CLOSING: Duration = Duration::from_secs(3);

/// Maximum time for giving the running import back. Without that, others wait for the end of its lease.
const GIVING_BACK: Duration = Duration::from_secs(1);

/// How long a health check of the database is reused.
const DATABASE_STATE_TTL: Duration = Duration::from_secs(1);

/// The same for Redis.
const REDIS_STATE_TTL: Duration = Duration::from_secs(1);

/// The same for the image service, which allows an account a few hundred calls an hour.
const IMAGE_SERVICE_STATE_TTL: Duration = Duration::from_secs(60);

/// A shop that answers requests while its future is polled.
pub struct RunningShop {
    server: Server,
    stopping: Stopping,
    database: Database,
    listening: JoinHandle<()>,
    following: JoinHandle<()>,
    cleaning: JoinHandle<()>,
    importing: Importing,
    webhooks: Webhooks,
    observation: Observation,
    uses: (Arc<dyn KeyRepository>, KeyUses),
    tracker: Option<Arc<Tracker>>,
    is_connected: watch::Receiver<bool>,
}

/// Builds the parts of a shop and serves it on a socket.
///
/// # Errors
/// When the system grants no threads or the socket can't be used.
pub fn start(listener: TcpListener, settings: &ShopSettings) -> io::Result<RunningShop> {
    let Memory {
        cache,
        limiter,
        probe: shared_memory,
    } = Memory::open(settings)?;
    let Catalogue {
        database,
        index,
        products,
        followers,
    } = Catalogue::open(settings, &cache)?;
    let observation = Observation::begin(settings)?;
    let (change_sender, change_signal) = watch::channel(0);
    let (connected, is_connected) = watch::channel(false);
    followers.disconnected();
    let (follower, check) = (followers.index.clone(), followers.clone());
    let (following, checking) = (follower.clone().run(), check.clone().check_hourly());
    let following = tokio::spawn(async move {
        tokio::join!(following, checking);
    });
    let dispatcher = Dispatcher {
        database: database.clone(),
        followers: Arc::new(followers),
        connected,
        change_signal: change_sender,
        figures: Arc::clone(&observation.figures),
        is_held_back: AtomicBool::default(),
    };
    let listening = listen(settings, dispatcher)?;
    let Images { store, probe, base } = settings.images.open(listener.local_addr()?)?;
    let records = PostgresImages::new(database.clone());
    let images = ImageService::new(store, Arc::new(records.clone()));
    let images = images.with_metadata(settings.image_metadata);
    let keys: Arc<dyn KeyRepository> = Arc::new(PostgresKeys::new(database.clone()));
    let key_uses = KeyUses::default();
    let changes = Arc::new(PostgresChanges::new(database.clone()));
    let idempotency = Arc::new(PostgresIdempotency::new(database.clone()));
    let stock = Arc::new(PostgresStock::new(database.clone()));
    let webhooks = Arc::new(PostgresWebhooks::new(database.clone()));
    let sender = webhooks::sender(settings.webhooks);
    let receivers = Arc::new(Receivers::new(sender.clone()));
    let storefront = Arc::new(settings.storefront.clone());
    let delivering = Webhooks::begin(
        Arc::clone(&webhooks),
        sender,
        Arc::clone(&storefront),
        change_signal.clone(),
    );
    let withdrawing = tasks::drop_deliveries(Arc::clone(&webhooks));
    let expiring = tasks::delete_old_deliveries(Arc::clone(&webhooks));
    let imports = PostgresImports::new(database.clone());
    let importing = Importing::begin(imports.clone(), products.clone());
    let dropping = tasks::delete_old_imports(imports.clone());
    let switching = tasks::switch_products(products.clone());
    let forgetting = tasks::delete_old_answers(Arc::clone(&idempotency));
    let releasing = tasks::release_expired(Arc::clone(&stock));
    let cleaning = tasks::clean(images.clone(), Arc::clone(&observation.figures));
    let recording = tasks::record_uses(Arc::clone(&keys), key_uses.clone());
    let uses = (Arc::clone(&keys), key_uses.clone());
    let deletion = tasks::delete_old_changes(Arc::clone(&changes), settings.changes_kept);
    let cleaning = tokio::spawn(async move {
        tasks::follow(&records, base).await;
        tokio::join!(
            cleaning,
            deletion,
            dropping,
            expiring,
            forgetting,
            recording,
            releasing,
            switching,
            withdrawing
        );
    });
    let tracker = settings.tracker.as_ref().map(Tracker::new);
    let stopping = Stopping::default();
    let api = Api {
        products: ProductService::new(Arc::new(products), index),
        index: Arc::new(check),
        storefront,
        categories: CategoryService::new(Arc::new(PostgresCategories::new(database.clone()))),
        reviews: ReviewService::new(Arc::new(PostgresReviews::new(database.clone()))),
        images,
        imports: Arc::new(imports),
        idempotency,
        stock,
        synonyms: Arc::new(PostgresSynonyms::new(database.clone())),
        changes,
        change_signal,
        webhooks,
        receivers,
        cache,
        metrics: Arc::new(PostgresMetrics::new(database.clone())),
        recorder: observation.recorder(),
        tracker: tracker.clone().map(|tracker| tracker as _),
        admin: Authenticator::new(
            AdminSecrets::new(&settings.admin_secrets),
            settings.jwt_secret.as_ref().map(SessionTokens::new),
        ),
        keys,
        key_uses,
        sessions: Arc::new(PostgresSessions::new(database.clone())),
        database: cached_probe(Arc::new(database.clone()), DATABASE_STATE_TTL),
        image_service: probe.map(|service| cached_probe(service, IMAGE_SERVICE_STATE_TTL)),
        shared_memory: shared_memory.map(|redis| cached_probe(redis, REDIS_STATE_TTL)),
        environment: settings.environment,
        started: Instant::now(),
        stopping: stopping.clone(),
    };
    if let Some(listener) = &settings.metrics.listener {
        let deliverer = &delivering.deliverer;
        observation.show(listener, &api, &database, &follower, deliverer)?;
    }
    let rates = settings.rates.limits(limiter);
    let server = eggypro_http::serve(listener, api, rates, &http_settings(settings))?;
    Ok(RunningShop {
        server,
        stopping,
        database,
        listening,
        following,
        cleaning,
        importing,
        webhooks: delivering,
        observation,
        uses,
        tracker,
        is_connected,
    })
}

/// The imports that this server runs.
struct Importing {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Importing {
    fn begin(imports: PostgresImports, products: PostgresProducts) -> Self {
        let importer = Importer::new(Arc::new(imports.clone()), Arc::new(products));
        let (stop, stops) = watch::channel(false);
        let task = tokio::spawn(tasks::run_imports(importer, imports, stops));
        Self { task, stop }
    }

    /// Gives the running import back, so that another server goes on with it at once.
    async fn end(self) {
        self.stop.send_replace(true);
        let abort = self.task.abort_handle();
        if tokio::time::timeout(GIVING_BACK, self.task).await.is_err() {
            abort.abort();
        }
    }
}

fn cached_probe(service: Arc<dyn Probe>, ttl: Duration) -> Arc<dyn Probe> {
    Arc::new(CachedProbe::new(service, ttl))
}

/// The products of the database, and the followers of its changes.
struct Catalogue {
    /// Reports each write to the followers.
    database: Database,
    index: Arc<CatalogueIndex>,
    products: PostgresProducts,
    followers: Followers,
}

impl Catalogue {
    fn open(settings: &ShopSettings, cache: &Cache) -> io::Result<Self> {
        let database = open_database(settings)?;
        let index = Arc::new(CatalogueIndex::new().map_err(io::Error::other)?);
        let source = Arc::new(PostgresProductSource::new(database.clone()));
        let followers = Followers {
            index: Follower::new(Arc::clone(&index), source),
            products: PostgresProducts::new(database.clone()),
            cache: cache.clone(),
        };
        let database = database.with_follower(Arc::new(followers.clone()));
        Ok(Self {
            products: followers.products.written_by(database.clone()),
            database,
            index,
            followers,
        })
    }
}

fn open_database(settings: &ShopSettings) -> io::Result<Database> {
    let database = Database::start(&settings.database)?;
    let database = if settings.is_migrated {
        database
    } else {
        database.awaiting_migrations()
    };
    if settings.replicas.is_empty() {
        return Ok(database);
    }
    database.reading_from(&settings.replicas, settings.max_lag)
}

/// Starts the change listener, which also receives changes of other servers.
fn listen(settings: &ShopSettings, dispatcher: Dispatcher) -> io::Result<JoinHandle<()>> {
    let url = settings.listen_url.as_ref();
    let listener = Listener::new(url.unwrap_or(&settings.database.url).clone());
    let listening = change_listener::listen(listener.listen()?, listener, dispatcher);
    Ok(tokio::spawn(listening))
}

fn http_settings(settings: &ShopSettings) -> HttpSettings {
    HttpSettings {
        media: match &settings.images {
            ImageSettings::Folder(folder) => Some(folder.clone()),
            ImageSettings::Cloudinary(_) => None,
        },
        ..settings.http.clone()
    }
}

impl RunningShop {
    /// Whether the change listener is connected. Until then answers are cached only for a moment.
    pub fn is_connected(&self) -> watch::Receiver<bool> {
        self.is_connected.clone()
    }

    /// All handles of the database. The caller must report to each that it is [migrated](Database::migrated).
    pub fn databases(&self) -> Vec<Database> {
        let log_database = self.observation.database();
        [self.database.clone()]
            .into_iter()
            .chain(log_database)
            .collect()
    }

    /// Announces from elsewhere that the shop is about to stop. It then reports that it is not ready, and still
    /// answers.
    pub fn stopping(&self) -> Stopping {
        self.stopping.clone()
    }

    /// Stops the shop from elsewhere.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Answers requests until the shop is stopped and running requests have ended, or until `cut_off`, without waiting
    /// for them. Then writes the last request records and closes the connections, which takes at most seven seconds.
    ///
    /// # Errors
    /// When the server breaks.
    pub async fn run_until(self, cut_off: impl Future<Output = ()>) -> io::Result<()> {
        let result = tokio::select! {
            result = self.server => result,
            () = cut_off => Ok(()),
        };
        self.listening.abort();
        self.following.abort();
        self.cleaning.abort();
        let ((), (), log_database) = tokio::join!(
            self.importing.end(),
            self.webhooks.end(),
            self.observation.end()
        );
        let (keys, uses) = self.uses;
        tasks::write_uses(keys.as_ref(), &uses).await;
        let databases = [self.database].into_iter().chain(log_database);
        let mut closing: Vec<_> = databases
            .map(|database| tokio::task::spawn_blocking(move || database.close(CLOSING)))
            .collect();
        if let Some(tracker) = self.tracker {
            closing.push(tokio::task::spawn_blocking(move || tracker.close()));
        }
        for closed in closing {
            drop(closed.await);
        }
        result
    }

    /// Answers requests until the shop is stopped.
    ///
    /// # Errors
    /// When the server breaks.
    pub async fn run(self) -> io::Result<()> {
        self.run_until(std::future::pending()).await
    }
}

impl std::fmt::Debug for RunningShop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningShop").finish_non_exhaustive()
    }
}
