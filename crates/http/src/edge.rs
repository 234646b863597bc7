//! What happens to every request before its handler and to every answer after it: one wrap, a module a concern.

mod client_address;
mod cors;
mod credentials;
mod limits;
mod rates;
mod request_id;
mod security;

use std::net::{IpAddr, Ipv4Addr};
use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use eggypro_domain::StoreError;
use eggypro_ratelimit::Decision;
use futures_util::FutureExt;
use tracing::Instrument;

use crate::api::Api;
use crate::problem::Problem;

pub(crate) use self::client_address::TrustedProxies;
pub(crate) use self::cors::Cors;
pub(crate) use self::credentials::Credentials;
pub use self::rates::RateLimits;
pub(crate) use self::rates::too_many;
use self::request_id::RequestId;
pub(crate) use self::security::SecurityHeaders;

/// What every request is judged by.
#[derive(Debug)]
pub(crate) struct Edge {
    pub(crate) api: Api,
    pub(crate) cors: Cors,
    pub(crate) security: SecurityHeaders,
    pub(crate) proxies: TrustedProxies,
    pub(crate) rates: RateLimits,
}

/// Names the request, checks its size, its caller and its rate, runs its handler, and gives every answer, errors and
/// panics included, its headers.
pub(crate) async fn around(
    edge: web::Data<Edge>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = RequestId::of(request.headers());
    let cors = edge.cors.judge(request.method(), request.headers());
    let path = request.path().to_owned();
    let finish = |response: &mut HeaderMap| {
        response.insert(RequestId::HEADER, id.to_header());
        cors.add_to(response);
        edge.security.add_to(&path, response);
    };
    if cors.is_preflight() {
        let mut response = HttpResponse::NoContent().finish();
        finish(response.headers_mut());
        return Ok(request.into_response(response));
    }
    if let Err(problem) = limits::check(&request) {
        let mut response = problem.to_response(id.as_str());
        finish(response.headers_mut());
        return Ok(request.into_response(response));
    }
    let rate = match admit(&edge, &request).await {
        Ok(rate) => rate,
        Err((problem, rate)) => {
            let mut response = problem.to_response(id.as_str());
            rates::add_to(&rate, response.headers_mut());
            finish(response.headers_mut());
            return Ok(request.into_response(response));
        }
    };
    let finish = |response: &mut HeaderMap| {
        finish(response);
        if let Some(rate) = &rate {
            rates::add_to(rate, response);
        }
    };
    let span = tracing::info_span!("request", id = id.as_str(), method = %request.method(), path);
    let answer = AssertUnwindSafe(next.call(request).instrument(span)).catch_unwind();
    // Where the handler's future is given up, the request goes with it, so the answer travels as an error that brings
    // its own response.
    let given_up = |problem: Problem| {
        log_failure(&problem, &id, "unknown");
        let mut response = problem.to_response(id.as_str());
        finish(response.headers_mut());
        Err(InternalError::from_response("the handler was given up", response).into())
    };
    match tokio::time::timeout(limits::HANDLER_DEADLINE, answer).await {
        Ok(Ok(Ok(response))) => {
            let mut response = with_problem(response.map_into_boxed_body(), &id);
            finish(response.headers_mut());
            Ok(response)
        }
        Ok(Ok(Err(error))) => Err(error),
        Ok(Err(_)) => given_up(Problem::unexpected("a handler panicked")),
        Err(_) => given_up(StoreError::Unavailable("a handler took too long".into()).into()),
    }
}

/// Finds out who calls, for the handlers, and counts the call. Administrators, health and documents are not counted.
async fn admit(
    edge: &Edge,
    request: &ServiceRequest,
) -> Result<Option<Decision>, (Problem, Decision)> {
    let peer = request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let address = rates::counted(edge.proxies.client(peer, request.headers()));
    let credentials = Credentials::of(request, &edge.api, &edge.rates, &address).await;
    let is_counted = !credentials.are_right() && rates::are_limited(request);
    request.extensions_mut().insert(credentials);
    if !is_counted {
        return Ok(None);
    }
    let decision = edge.rates.spend(&address, request.headers()).await;
    if decision.is_allowed {
        return Ok(Some(decision));
    }
    let detail = "This client has called too often. Try again later.";
    Err((rates::too_many(detail, decision.reset), decision))
}

/// Gives an error its body, whether a handler or the framework made it, and the log its line if it is ours to mend.
fn with_problem(response: ServiceResponse, id: &RequestId) -> ServiceResponse {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let (request, response) = response.into_parts();
    let problem = match response
        .error()
        .and_then(|error| error.as_error::<Problem>())
    {
        Some(problem) => problem,
        None => &Problem::of_status(status),
    };
    if status.is_server_error() {
        let route = request.match_pattern();
        log_failure(problem, id, route.as_deref().unwrap_or("unknown"));
    }
    let mut written = problem.to_response(id.as_str());
    // What the framework says about the status, such as `Allow`, stays.
    for (name, value) in response.headers() {
        if !is_about_the_body(name) {
            written.headers_mut().append(name.clone(), value.clone());
        }
    }
    ServiceResponse::new(request, written)
}

fn is_about_the_body(name: &HeaderName) -> bool {
    [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
    ]
    .contains(name)
}

fn log_failure(problem: &Problem, id: &RequestId, route: &str) {
    tracing::error!(
        request_id = id.as_str(),
        route,
        problem = %problem,
        cause = problem.cause().unwrap_or("unknown"),
        "a request failed"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use actix_web::App;
    use actix_web::body::to_bytes;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, try_call_service};
    use async_trait::async_trait;
    use eggypro_auth::{AdminSecrets, Authenticator};
    use eggypro_domain::categories::CategoryService;
    use eggypro_domain::health::Probe;
    use eggypro_domain::products::ProductService;
    use eggypro_domain::testing::InMemoryShop;
    use eggypro_ratelimit::Limiter;

    struct Nothing;

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
        let edge = web::Data::new(Edge {
            api: Api {
                products: ProductService::new(shop.clone()),
                categories: CategoryService::new(shop),
                admin: Authenticator::new(AdminSecrets::new(&[]), None),
                database: Arc::new(Nothing),
            },
            cors: Cors::new(&["https://shop.example".to_owned()]),
            security: SecurityHeaders {
                is_behind_tls: false,
            },
            proxies: TrustedProxies::default(),
            rates: RateLimits::new(Limiter::in_memory()),
        });
        let app = App::new()
            .app_data(edge)
            .wrap(from_fn(around))
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
}
