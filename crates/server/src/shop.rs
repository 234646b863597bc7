mod settings;

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::{Server, ServerHandle};
use eggypro_auth::{AdminSecrets, Authenticator, SessionTokens};
use eggypro_cache::Cache;
use eggypro_domain::categories::CategoryService;
use eggypro_domain::changes::Audience;
use eggypro_domain::images::{ImageService, Removed};
use eggypro_domain::metrics::MetricsRepository;
use eggypro_domain::products::ProductService;
use eggypro_domain::reviews::ReviewService;
use eggypro_http::{Api, HttpSettings, Stopping};
use eggypro_persistence::{
    Database, DatabaseSettings, PostgresCategories, PostgresImages, PostgresMetrics,
    PostgresProducts, PostgresReviews, listen as changes,
};
use eggypro_ratelimit::Limiter;
use eggypro_redis::Redis;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::hearing;
use crate::metrics::{self, Figures, Recorder, Sources, Writer};
use crate::tracking::Tracker;

pub use self::settings::{
    ImageSettings, MetricsSettings, RateSettings, RedisSettings, ShopSettings,
};

/// How long the database threads may take to put their connections down.
const CLOSING: Duration = Duration::from_secs(3);

/// How long the last notes of requests may take to be written. Together with [`CLOSING`] this is what a stop takes at most
/// when no request runs any more.
const LAST_NOTES: Duration = Duration::from_secs(5);

/// A shop that answers requests while its future is polled.
pub struct RunningShop {
    server: Server,
    stopping: Stopping,
    database: Database,
    listening: JoinHandle<()>,
    cleaning: JoinHandle<()>,
    notes: Option<Notes>,
    figures: Option<Server>,
    tracker: Option<Arc<Tracker>>,
    is_hearing: watch::Receiver<bool>,
}

/// Who writes notes of requests, and on what.
struct Notes {
    database: Database,
    writing: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Notes {
    /// Writes what is left, as far as that is done in time.
    async fn close(self) -> Database {
        self.stop.send_replace(true);
        let mut writing = self.writing;
        if tokio::time::timeout(LAST_NOTES, &mut writing)
            .await
            .is_err()
        {
            tracing::warn!("the last notes of requests are lost");
            writing.abort();
        }
        self.database
    }
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
    let figures = Arc::new(Figures::new().map_err(io::Error::other)?);
    let cleaning = tokio::spawn(clean(images.clone(), Arc::clone(&figures)));
    let recorder = Arc::new(Recorder::default());
    let page = match &settings.metrics.listener {
        Some(listener) => {
            let sources = Sources {
                cache: cache.clone(),
                database: database.clone(),
                recorder: Arc::clone(&recorder),
            };
            Some(metrics::serve(
                listener.try_clone()?,
                Arc::clone(&figures),
                sources,
            )?)
        }
        None => None,
    };
    let notes = take_notes(settings, &recorder, figures)?;
    let tracker = settings.tracker.as_ref().map(Tracker::new);
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
        metrics: Arc::new(PostgresMetrics::new(database.clone())),
        recorder: notes.is_some().then_some(recorder as _),
        tracker: tracker.clone().map(|tracker| tracker as _),
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
        notes,
        figures: page,
        tracker,
        is_hearing,
    })
}

/// Starts to write notes of requests, on a connection that nobody else waits for. `None` if nobody wants any.
fn take_notes(
    settings: &ShopSettings,
    recorder: &Arc<Recorder>,
    figures: Arc<Figures>,
) -> io::Result<Option<Notes>> {
    let MetricsSettings {
        kept_days,
        addresses,
        ref listener,
    } = settings.metrics;
    if kept_days.is_none() && listener.is_none() {
        return Ok(None);
    }
    let database = Database::start(&DatabaseSettings {
        pool_size: 1,
        min_idle: 0,
        ..settings.database.clone()
    })?;
    let (stop, stopped) = watch::channel(false);
    let writer = Writer {
        recorder: Arc::clone(recorder),
        figures,
        addresses,
        store: kept_days.map(|days| {
            let store: Arc<dyn MetricsRepository> =
                Arc::new(PostgresMetrics::new(database.clone()));
            (store, days)
        }),
    };
    Ok(Some(Notes {
        database,
        writing: tokio::spawn(writer.run(stopped)),
        stop,
    }))
}

/// How often images are looked for that could not be removed when they should have been.
const CLEANING: Duration = Duration::from_secs(60);

/// Removes images that are due, now and then.
async fn clean(images: ImageService, figures: Arc<Figures>) {
    let mut times = tokio::time::interval(CLEANING);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        times.tick().await;
        match images.remove_due().await {
            Ok(done) if done == Removed::default() => {}
            Ok(Removed { removed, postponed }) => {
                figures.images_removed.inc_by(removed);
                figures.images_postponed.inc_by(postponed);
                tracing::info!(removed, postponed, "removed images");
            }
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

    /// Answers requests until the shop is stopped, and lets those that run end; or until `cut_off`, which waits for
    /// none. Either way the last notes are written and the connections put down, which takes eight seconds at most.
    ///
    /// # Errors
    /// When the server breaks.
    pub async fn run_until(self, cut_off: impl Future<Output = ()>) -> io::Result<()> {
        if let Some(figures) = self.figures {
            // It ends with the runtime, and its readers see the shop until then.
            tokio::spawn(figures);
        }
        let result = tokio::select! {
            result = self.server => result,
            () = cut_off => Ok(()),
        };
        self.listening.abort();
        self.cleaning.abort();
        let mut databases = vec![self.database];
        if let Some(notes) = self.notes {
            databases.push(notes.close().await);
        }
        let databases = databases.into_iter();
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
