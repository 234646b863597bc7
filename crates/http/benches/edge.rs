//! Measures the cost of the edge: the same handler with and without it. Run with
//! `cargo bench -p eggypro-http --features testing`.

use std::sync::Arc;
use std::time::Instant;

use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::middleware::from_fn;
use actix_web::rt::System;
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, web};
use criterion::{Criterion, criterion_group, criterion_main};
use eggypro_http::{Api, Edge, HttpSettings, RateLimits, routes};
use eggypro_ratelimit::Limiter;

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
    let api = Api::in_memory();
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
