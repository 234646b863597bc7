use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use eggypro_auth::Authenticator;
use eggypro_cache::Cache;
use eggypro_domain::categories::CategoryService;
use eggypro_domain::changes::ChangeLog;
use eggypro_domain::health::Probe;
use eggypro_domain::images::ImageService;
use eggypro_domain::keys::{KeyId, KeyRepository};
use eggypro_domain::metrics::{MetricsRepository, RequestRecorder};
use eggypro_domain::products::{IndexCheck, ProductService};
use eggypro_domain::reviews::ReviewService;
use eggypro_domain::sessions::SessionRepository;
use eggypro_domain::synonyms::SynonymRepository;
use time::OffsetDateTime;
use tokio::sync::watch;

/// What the handlers work with.
#[derive(Clone)]
pub struct Api {
    /// The products.
    pub products: ProductService,
    /// Compares the index of products with their store.
    pub index: Arc<dyn IndexCheck>,
    /// The categories.
    pub categories: CategoryService,
    /// The reviews.
    pub reviews: ReviewService,
    /// The images.
    pub images: ImageService,
    /// The synonyms of searches.
    pub synonyms: Arc<dyn SynonymRepository>,
    /// What was changed, and by whom.
    pub changes: Arc<dyn ChangeLog>,
    /// A counter of the changes that this server has heard of. Requests for events wait until it moves.
    pub news: watch::Receiver<u64>,
    /// Finished answers. Somebody must tell it what changes.
    pub cache: Cache,
    /// How requests went.
    pub metrics: Arc<dyn MetricsRepository>,
    /// Where requests are recorded, if they are.
    pub recorder: Option<Arc<dyn RequestRecorder>>,
    /// Who is told of failures that nobody expected, if somebody is.
    pub tracker: Option<Arc<dyn ErrorTracker>>,
    /// Who is an administrator.
    pub admin: Authenticator,
    /// Who else may call for the shop.
    pub keys: Arc<dyn KeyRepository>,
    /// When they were used last.
    pub key_uses: KeyUses,
    /// Which of their sessions have been ended.
    pub sessions: Arc<dyn SessionRepository>,
    /// Whether the database is there, which is what being ready means. It bounds by itself how often it is asked, since
    /// anybody may ask without a limit: see [`CachedProbe`](crate::CachedProbe).
    pub database: Arc<dyn Probe>,
    /// Whether the image service is there, if one is used. It bounds by itself how often it is asked, too.
    pub image_service: Option<Arc<dyn Probe>>,
    /// Whether what several servers share beside the database is there, if it is used; bounded as well.
    pub shared_memory: Option<Arc<dyn Probe>>,
    /// What the server is run for, such as `production`.
    pub environment: &'static str,
    /// Since when it runs.
    pub started: Instant,
    /// Whether it is about to stop.
    pub stopping: Stopping,
}

/// When keys were used last, until that is written down: once for each and minute, not once for each request.
#[derive(Debug, Clone, Default)]
pub struct KeyUses(Arc<Mutex<HashMap<KeyId, OffsetDateTime>>>);

impl KeyUses {
    pub(crate) fn note(&self, id: &KeyId, at: OffsetDateTime) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match uses.get_mut(id) {
            Some(last) => *last = at,
            None => drop(uses.insert(id.clone(), at)),
        }
    }

    /// Notes again what could not be written down.
    pub fn put_back(&self, uses: Vec<(KeyId, OffsetDateTime)>) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, at) in uses {
            let last = noted.entry(id).or_insert(at);
            *last = at.max(*last);
        }
    }

    /// All that was noted since the last call.
    pub fn take(&self) -> Vec<(KeyId, OffsetDateTime)> {
        let uses = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        uses.into_iter().collect()
    }
}

/// Somebody who is told of failures that nobody expected. It never waits.
pub trait ErrorTracker: Send + Sync {
    /// Takes note of one.
    fn track(&self, failure: UnexpectedFailure<'_>);
}

/// A request that failed without anybody's doing: a 500.
#[derive(Debug, Clone, Copy)]
pub struct UnexpectedFailure<'a> {
    /// The pattern of the route.
    pub endpoint: &'a str,
    /// The method.
    pub method: &'a str,
    /// What the client can name it by.
    pub request_id: &'a str,
    /// How the client calls itself.
    pub user_agent: Option<&'a str>,
    /// Where the client is.
    pub address: IpAddr,
    /// What happened, which no client is told.
    pub cause: &'a str,
}

/// Whether a server is about to stop: then it is not ready any more, but still answers.
#[derive(Debug, Clone, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// From now on the server is about to stop.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}
