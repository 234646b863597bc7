use super::*;

use actix_web::body::to_bytes;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::{App, web};
use async_trait::async_trait;
use eggypro_auth::{AdminSecrets, Authenticator};
use eggypro_cache::{Cache, CacheSettings};
use eggypro_domain::categories::CategoryService;
use eggypro_domain::changes::NoChangeLog;
use eggypro_domain::health::Probe;
use eggypro_domain::images::ImageService;
use eggypro_domain::metrics::{EndpointSummary, MetricsRepository, RequestBatch};
use eggypro_domain::products::{IndexCheck, IndexComparison, ProductService};
use eggypro_domain::reviews::ReviewService;
use eggypro_domain::testing::{InMemoryImages, InMemoryShop};
use eggypro_ratelimit::Limiter;

use crate::state::Stopping;

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

#[actix_web::test]
async fn a_panic_is_an_opaque_500_with_every_header() {
    async fn panics() -> HttpResponse {
        panic!("with a secret")
    }
    let shop = Arc::new(InMemoryShop::default());
    let api = Api {
        products: ProductService::new(shop.clone(), shop.clone()),
        index: Arc::new(Nothing),
        categories: CategoryService::new(shop.clone()),
        images: ImageService::new(Arc::new(InMemoryImages::default()), shop.clone()),
        reviews: ReviewService::new(shop.clone()),
        keys: shop.clone(),
        key_uses: crate::state::KeyUses::default(),
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
        stopping: Stopping::default(),
    };
    let settings = HttpSettings {
        cors_origins: vec!["https://shop.example".to_owned()],
        ..HttpSettings::default()
    };
    let edge = Edge::new(api, RateLimits::new(Limiter::in_memory()), &settings);
    let edge = Arc::new(edge);
    let app = App::new()
        .wrap(from_fn(move |request, next| {
            Arc::clone(&edge).around(request, next)
        }))
        .route("/", web::get().to(panics));
    let app = init_service(app).await;
    let request = TestRequest::get()
        .insert_header(("X-Request-Id", "one"))
        .insert_header(("Origin", "https://shop.example"));
    let error = try_call_service(&app, request.to_request())
        .await
        .unwrap_err();
    let response = error.error_response();
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers().get("x-request-id").unwrap(), "one");
    assert!(
        response
            .headers()
            .contains_key("access-control-allow-origin")
    );
    let body = to_bytes(response.into_body()).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    assert!(
        body.contains("\"status\":500") && !body.contains("secret"),
        "{body}"
    );
}
