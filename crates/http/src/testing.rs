//! Test support: an API without a database.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use eggypro_auth::{AdminSecrets, Authenticator};
use eggypro_cache::{Cache, CacheSettings};
use eggypro_domain::StoreError;
use eggypro_domain::categories::CategoryService;
use eggypro_domain::changes::NoChangeLog;
use eggypro_domain::health::Probe;
use eggypro_domain::images::ImageService;
use eggypro_domain::metrics::{EndpointSummary, MetricsPoint, MetricsRepository, RequestBatch};
use eggypro_domain::products::{IndexCheck, IndexComparison, ProductService};
use eggypro_domain::reviews::ReviewService;
use eggypro_domain::testing::{InMemoryImages, InMemoryShop};
use eggypro_domain::webhooks::{AllowedSchemes, Target, WebhookUrl};
use tokio::sync::watch;

use crate::receivers::{TestEvent, TestedReceiver, WebhookReceivers};
use crate::state::{Api, KeyUses, Stopping};

impl Api {
    /// The API of an empty shop in memory, which no credentials open and which records no requests.
    pub fn in_memory() -> Self {
        let shop = Arc::new(InMemoryShop::default());
        Self {
            products: ProductService::new(shop.clone(), shop.clone()),
            index: Arc::new(Nothing),
            storefront: Arc::default(),
            categories: CategoryService::new(shop.clone()),
            images: ImageService::new(Arc::new(InMemoryImages::default()), shop.clone()),
            reviews: ReviewService::new(shop.clone()),
            imports: shop.clone(),
            idempotency: shop.clone(),
            stock: shop.clone(),
            webhooks: shop.clone(),
            receivers: Arc::new(Nothing),
            keys: shop.clone(),
            key_uses: KeyUses::default(),
            synonyms: shop.clone(),
            sessions: shop,
            changes: Arc::new(NoChangeLog),
            change_signal: watch::channel(0).1,
            cache: Cache::new(&CacheSettings::default(), None, ""),
            admin: Authenticator::new(AdminSecrets::new(&[]), None),
            metrics: Arc::new(Nothing),
            recorder: None,
            tracker: None,
            database: Arc::new(Nothing),
            image_service: None,
            shared_memory: None,
            environment: "test",
            started: Instant::now(),
            stopping: Stopping::default(),
        }
    }
}

/// A store of metrics, a check and a probe that have nothing to do, and receivers that can't be reached.
struct Nothing;

#[async_trait]
impl MetricsRepository for Nothing {
    async fn store(&self, _: Arc<RequestBatch>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn summarize(&self, _: u8) -> Result<Vec<EndpointSummary>, StoreError> {
        Ok(vec![])
    }

    async fn series(&self, _: u8) -> Result<Vec<MetricsPoint>, StoreError> {
        Ok(vec![])
    }

    async fn delete_old(&self, _: u16) -> Result<usize, StoreError> {
        Ok(0)
    }
}

#[async_trait]
impl IndexCheck for Nothing {
    async fn check(&self) -> Result<IndexComparison, StoreError> {
        Ok(IndexComparison::new(0, vec![]))
    }
}

#[async_trait]
impl Probe for Nothing {
    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl WebhookReceivers for Nothing {
    fn schemes(&self) -> AllowedSchemes {
        AllowedSchemes::Https
    }

    fn check(&self, _: &WebhookUrl) -> Result<(), String> {
        Ok(())
    }

    async fn test(&self, _: &Target, _: TestEvent) -> Result<TestedReceiver, StoreError> {
        Ok(TestedReceiver {
            status: None,
            milliseconds: 0,
            error: Some("the receiver can't be reached".to_owned()),
        })
    }
}
