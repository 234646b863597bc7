//! Measures the cost of the edge: the same handler with and without it. Run with `cargo bench -p eggypro-http`.

use std::sync::Arc;
use std::time::Instant;

use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::middleware::from_fn;
use actix_web::rt::System;
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, web};
use async_trait::async_trait;
use criterion::{Criterion, criterion_group, criterion_main};
use eggypro_auth::{AdminSecrets, Authenticator};
use eggypro_cache::{Cache, CacheSettings};
use eggypro_domain::StoreError;
use eggypro_domain::categories::CategoryService;
use eggypro_domain::changes::NoChangeLog;
use eggypro_domain::health::Probe;
use eggypro_domain::images::ImageService;
use eggypro_domain::metrics::{EndpointSummary, MetricsRepository, RequestBatch};
use eggypro_domain::products::{IndexCheck, IndexComparison, ProductService};
use eggypro_domain::reviews::ReviewService;
use eggypro_domain::testing::{InMemoryImages, InMemoryShop};
use eggypro_http::{Api, Edge, HttpSettings, RateLimits, routes};
use eggypro_ratelimit::Limiter;

struct Nothing;

#[async_trait]
impl MetricsRepository for Nothing {
    async fn store(&self, _: Arc<RequestBatch>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn summarize(&self, _: u8) -> Result<Vec<EndpointSummary>, StoreError> {
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

fn api() -> Api {
    let shop = Arc::new(InMemoryShop::default());
    Api {
        products: ProductService::new(shop.clone(), shop.clone()),
        index: Arc::new(Nothing),
        categories: CategoryService::new(shop.clone()),
        images: ImageService::new(Arc::new(InMemoryImages::default()), shop.clone()),
        reviews: ReviewService::new(shop.clone()),
        keys: shop.clone(),
        key_uses: eggypro_http::KeyUses::default(),
        synonyms: shop.clone(),
        sessions: shop,
        changes: Arc::new(NoChangeLog),
        change_signal: tokio::sync::watch::channel(0).1,
        cache: Cache::new(&CacheSettings::default(), None, ""),
        admin: Authenticator::new(AdminSecrets::new(&[]), None),
        metrics: Arc::new(Nothing),
        recorder: None,
        tracker: None,
        database: Arc::new(Nothing),
        image_service: None,
        shared_memory: None,
        environment: "test",
        started: std::time::Instant::now(),
        stopping: eggypro_http::Stopping::default(),
    }
}

/// A request as a browser sends it.
fn request() -> actix_http::Request {
    TestRequest::get()
        .uri("/api/categories")
        .peer_addr(([203, 0, 113, 7], 40_000).into())
        .insert_header(("Host", "shop.example"))
        .insert_header((
            "User-Agent",
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101",
        ))
        .insert_header(("Accept", "application/json"))
        .insert_header(("Accept-Encoding", "gzip, deflate, br, zstd"))
        .insert_header(("Origin", "https://shop.example"))
        .to_request()
}

fn measure<S>(criterion: &mut Criterion, system: &actix_web::rt::SystemRunner, name: &str, app: &S)
where
    S: Service<actix_http::Request, Response = ServiceResponse, Error = Error>,
{
    criterion.bench_function(name, |bencher| {
        bencher.iter_custom(|times| {
            let started = Instant::now();
            system.block_on(async {
                for _ in 0..times {
                    drop(app.call(request()).await);
                }
            });
            started.elapsed()
        });
    });
}

fn edge(criterion: &mut Criterion) {
    // Logs as a server does, so that spans cost the same.
    tracing_subscriber::fmt().with_writer(std::io::sink).init();
    let system = System::new();
    let api = api();
    let settings = HttpSettings {
        cors_origins: vec!["https://shop.example".to_owned()],
        hsts: Some(HeaderValue::from_static("max-age=31536000")),
        ..HttpSettings::default()
    };
    let mut rates = RateLimits::new(Limiter::in_memory());
    rates.standard.limit = u64::MAX;
    let edge = Arc::new(Edge::new(api.clone(), rates, &settings));
    let bare = App::new()
        .app_data(web::Data::new(api.clone()))
        .configure(routes);
    let guarded = App::new()
        .app_data(web::Data::new(api))
        .wrap(from_fn(move |request, next| {
            Arc::clone(&edge).around(request, next)
        }))
        .configure(routes);
    let bare = system.block_on(init_service(bare));
    measure(criterion, &system, "a handler without the edge", &bare);
    let guarded = system.block_on(init_service(guarded));
    measure(criterion, &system, "the same with the edge", &guarded);
}

criterion_group!(benches, edge);
criterion_main!(benches);
