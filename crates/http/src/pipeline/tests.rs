use super::*;

use actix_web::body::to_bytes;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::{App, web};
use eggypro_ratelimit::Limiter;

#[actix_web::test]
async fn a_panic_is_an_opaque_500_with_every_header() {
    async fn panics() -> HttpResponse {
        panic!("with a secret")
    }
    let api = Api::in_memory();
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
