use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use serde_json::{Value, json};

use super::super::{lookup, product, profile, search};
use crate::state::Api;

async fn call(request: TestRequest) -> (StatusCode, HeaderMap, Value) {
    let app = App::new()
        .app_data(web::Data::new(Api::in_memory()))
        .route("/.well-known/ucp", web::get().to(profile))
        .route("/ucp/catalog/search", web::post().to(search))
        .route("/ucp/catalog/lookup", web::post().to(lookup))
        .route("/ucp/catalog/product", web::post().to(product));
    let app = init_service(app).await;
    let response = call_service(&app, request.to_request()).await;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = read_body(response).await;
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    (status, headers, body)
}

fn post(path: &str, body: &'static str) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .set_payload(body)
}

#[actix_web::test]
async fn the_profile_names_the_endpoint_of_the_called_host() {
    let request = TestRequest::get()
        .uri("/.well-known/ucp")
        .insert_header((header::HOST, "shop.example"))
        .insert_header(("X-Forwarded-Proto", "https"));
    let (status, headers, body) = call(request).await;
    assert_eq!(status, 200);
    let caching = headers.get(header::CACHE_CONTROL).unwrap();
    assert_eq!(caching, "public, max-age=300");
    let of_version = "https://ucp.dev/2026-04-08";
    assert_eq!(
        body,
        json!({ "ucp": {
            "version": "2026-04-08",
            "services": { "dev.ucp.shopping": [{
                "version": "2026-04-08",
                "spec": format!("{of_version}/specification/overview"),
                "transport": "rest",
                "schema": format!("{of_version}/services/shopping/rest.openapi.json"),
                "endpoint": "https://shop.example/ucp",
            }, {
                "version": "2026-04-08",
                "spec": format!("{of_version}/specification/overview"),
                "transport": "mcp",
                "schema": format!("{of_version}/services/shopping/mcp.openrpc.json"),
                "endpoint": "https://shop.example/ucp/mcp",
            }] },
            "capabilities": {
                "dev.ucp.shopping.catalog.lookup": [{
                    "version": "2026-04-08",
                    "spec": format!("{of_version}/specification/catalog/lookup"),
                    "schema": format!("{of_version}/schemas/shopping/catalog_lookup.json"),
                }],
                "dev.ucp.shopping.catalog.search": [{
                    "version": "2026-04-08",
                    "spec": format!("{of_version}/specification/catalog/search"),
                    "schema": format!("{of_version}/schemas/shopping/catalog_search.json"),
                }],
            },
            "payment_handlers": {},
        } })
    );
}

#[actix_web::test]
async fn a_host_that_is_none_is_refused() {
    let request = TestRequest::get()
        .uri("/.well-known/ucp")
        .insert_header(("X-Forwarded-Host", "a.example/b?c=\"d\""));
    assert_eq!(call(request).await.0, 400);
}

#[actix_web::test]
async fn broken_requests_get_errors_of_the_protocol() {
    for path in [
        "/ucp/catalog/search",
        "/ucp/catalog/lookup",
        "/ucp/catalog/product",
    ] {
        for body in ["", "{", "[]", "{}", "null", r#"{"filters": 5}"#] {
            let (status, _, answer) = call(post(path, body)).await;
            assert_eq!(status, 400, "{path} {body}");
            assert_eq!(answer["code"], "invalid_request", "{path} {body}");
            assert_eq!(answer["ucp"]["status"], "error");
            assert_eq!(answer["messages"][0]["type"], "error");
            assert_eq!(answer["messages"][0]["severity"], "recoverable");
        }
    }
}

#[actix_web::test]
async fn agents_may_ask_for_this_version() {
    let body = r#"{"query": "egg", "context": null, "unknown": [1]}"#;
    for (agent, expected) in [
        ("profile=\"https://a.example/ucp\"", 200_u16),
        (
            "profile=\"https://a.example/ucp\";version=\"2026-04-08\"",
            200,
        ),
        ("not a dictionary", 200),
        (
            "profile=\"https://a.example/ucp\";version=\"2026-01-23\"",
            422,
        ),
        (
            "profile=\"https://a.example/ucp\", version=\"2099-01-01\"",
            422,
        ),
    ] {
        let request = post("/ucp/catalog/search", body).insert_header(("UCP-Agent", agent));
        let (status, _, answer) = call(request).await;
        assert_eq!(status, expected, "{agent}");
        let code = (expected == 422).then_some("version_unsupported");
        assert_eq!(answer["code"].as_str(), code, "{agent}");
    }
    let (status, _, _) = call(post("/ucp/catalog/search", body)).await;
    assert_eq!(status, 200);
}
