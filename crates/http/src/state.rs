use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use eggypro_auth::Authenticator;
use eggypro_cache::Cache;
use eggypro_domain::Slug;
use eggypro_domain::categories::CategoryService;
use eggypro_domain::changes::ChangeLog;
use eggypro_domain::health::Probe;
use eggypro_domain::idempotency::IdempotencyRepository;
use eggypro_domain::images::ImageService;
use eggypro_domain::imports::ImportRepository;
use eggypro_domain::keys::{KeyId, KeyRepository};
use eggypro_domain::metrics::{MetricsRepository, RequestRecorder};
use eggypro_domain::products::{Country, IndexCheck, ProductService};
use eggypro_domain::reviews::ReviewService;
use eggypro_domain::sessions::SessionRepository;
use eggypro_domain::stock::StockRepository;
use eggypro_domain::synonyms::SynonymRepository;
use eggypro_domain::webhooks::WebhookRepository;
use iso_currency::Currency;
use time::OffsetDateTime;
use tokio::sync::watch;

use crate::receivers::WebhookReceivers;

/// The services and settings that the handlers use.
#[derive(Clone)]
pub struct Api {
    /// The products.
    pub products: ProductService,
    /// Compares the catalogue index with the store of products.
    pub index: Arc<dyn IndexCheck>,
    /// What all products of the shop have in common.
    pub storefront: Arc<Storefront>,
    /// The categories.
    pub categories: CategoryService,
    /// The reviews.
    pub reviews: ReviewService,
    /// The images.
    pub images: ImageService,
    /// The imports. The server must run them.
    pub imports: Arc<dyn ImportRepository>,
    /// The synonyms of searches.
    pub synonyms: Arc<dyn SynonymRepository>,
    /// The stock.
    pub stock: Arc<dyn StockRepository>,
    /// The answers to writes with an idempotency key.
    pub idempotency: Arc<dyn IdempotencyRepository>,
    /// The log of changes.
    pub changes: Arc<dyn ChangeLog>,
    /// A counter that rises when this server receives changes. Requests for events wait until it rises.
    pub change_signal: watch::Receiver<u64>,
    /// The webhooks. The server must send their events.
    pub webhooks: Arc<dyn WebhookRepository>,
    /// Checks the URLs of webhooks and sends tests.
    pub receivers: Arc<dyn WebhookReceivers>,
    /// Finished answers. The server must notify it of changes.
    pub cache: Cache,
    /// Reads the metrics of requests.
    pub metrics: Arc<dyn MetricsRepository>,
    /// Records requests; `None` records nothing.
    pub recorder: Option<Arc<dyn RequestRecorder>>,
    /// Receives unexpected failures; `None` reports them nowhere but in the log.
    pub tracker: Option<Arc<dyn ErrorTracker>>,
    /// Checks the admin secret and session tokens.
    pub admin: Authenticator,
    /// The API keys.
    pub keys: Arc<dyn KeyRepository>,
    /// When each API key was last used.
    pub key_uses: KeyUses,
    /// The sessions that were ended before they expired.
    pub sessions: Arc<dyn SessionRepository>,
    /// Checks whether the database is available; the server is ready if it is. The probe must limit by itself how often
    /// it asks the database, since `/api/health/ready` is not rate limited: see [`CachedProbe`](crate::CachedProbe).
    pub database: Arc<dyn Probe>,
    /// Checks whether the image service is available, if one is used. Must limit itself, like `database`.
    pub image_service: Option<Arc<dyn Probe>>,
    /// Checks whether the memory that several servers share, such as Redis, is available, if it is used. Must limit
    /// itself, like `database`.
    pub shared_memory: Option<Arc<dyn Probe>>,
    /// The name of the environment, such as `production`.
    pub environment: &'static str,
    /// When the server started.
    pub started: Instant,
    /// Whether the server is about to stop.
    pub stopping: Stopping,
}

/// What all products of the shop have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storefront {
    /// The currency of all prices.
    pub currency: Currency,
    /// The country of the shop, in which it sells.
    pub country: Option<Country>,
    /// The brand of products without one of their own.
    pub brand: String,
    /// The URL of the shop, without a slash at the end.
    pub url: String,
    /// The URL of a product's page, with `{slug}` where its slug belongs.
    pub product_url: String,
}

impl Default for Storefront {
    fn default() -> Self {
        Self {
            currency: Currency::EUR,
            country: None,
            brand: "EggyPro".to_owned(),
            url: "http://localhost:3000".to_owned(),
            product_url: "http://localhost:3000/products/{slug}".to_owned(),
        }
    }
}

impl Storefront {
    /// The URL of a product's page in the shop.
    pub(crate) fn url_of(&self, slug: &Slug) -> String {
        self.product_url.replace("{slug}", slug.as_str())
    }
}

/// Collects when API keys were last used. The server stores it once a minute for each key, not once for each request.
#[derive(Debug, Clone, Default)]
pub struct KeyUses(Arc<Mutex<HashMap<KeyId, OffsetDateTime>>>);

impl KeyUses {
    pub(crate) fn record(&self, id: &KeyId, at: OffsetDateTime) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match uses.get_mut(id) {
            Some(last) => *last = at,
            None => drop(uses.insert(id.clone(), at)),
        }
    }

    /// Puts back uses that could not be stored.
    pub fn put_back(&self, uses: Vec<(KeyId, OffsetDateTime)>) {
        let mut recorded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, at) in uses {
            let last = recorded.entry(id).or_insert(at);
            *last = at.max(*last);
        }
    }

    /// Takes the uses that were recorded since the last call.
    pub fn take(&self) -> Vec<(KeyId, OffsetDateTime)> {
        let uses = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        uses.into_iter().collect()
    }
}

/// Reports unexpected failures to an error tracking service.
pub trait ErrorTracker: Send + Sync {
    /// Reports a failure. Must not block.
    fn track(&self, failure: UnexpectedFailure<'_>);
}

/// A request that failed with 500.
#[derive(Debug, Clone, Copy)]
pub struct UnexpectedFailure<'a> {
    /// The pattern of the route.
    pub endpoint: &'a str,
    /// The method.
    pub method: &'a str,
    /// The request id, which the client also received.
    pub request_id: &'a str,
    /// The client's `User-Agent`.
    pub user_agent: Option<&'a str>,
    /// The client's address.
    pub address: IpAddr,
    /// The cause, which is not sent to clients.
    pub cause: &'a str,
}

/// Whether a server is about to stop. Such a server is not ready any more, but still answers.
#[derive(Debug, Clone, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// Marks the server as about to stop.
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
