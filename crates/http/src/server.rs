use std::io;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};
use ipnet::IpNet;

use crate::api::Api;
use crate::edge::{self, Cors, Edge, RateLimits, SecurityHeaders, TrustedProxies};
use crate::routes;

/// How the server listens and what it allows.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// How many threads answer; `None` for one a core.
    pub workers: Option<usize>,
    /// The origins whose pages may call this server, such as `https://shop.example`.
    pub cors_origins: Vec<String>,
    /// The proxies whose `X-Forwarded-For` or `Forwarded` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether clients come by TLS, which a proxy ends: then browsers are told to come by nothing else.
    pub is_behind_tls: bool,
    /// How long requests that run may take to end when the server stops.
    pub shutdown_timeout: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            workers: None,
            cors_origins: vec![],
            trusted_proxies: vec![],
            is_behind_tls: false,
            shutdown_timeout: Duration::from_secs(30),
        }
    }
}

/// Serves the API on a socket until the returned server is stopped. Signals are left to the caller.
///
/// # Errors
/// When the socket can't be used.
pub fn serve(
    listener: TcpListener,
    api: Api,
    rates: RateLimits,
    settings: &HttpSettings,
) -> io::Result<Server> {
    let edge = web::Data::new(Edge {
        api: api.clone(),
        cors: Cors::new(&settings.cors_origins),
        security: SecurityHeaders {
            is_behind_tls: settings.is_behind_tls,
        },
        proxies: TrustedProxies::new(&settings.trusted_proxies),
        rates,
    });
    let api = web::Data::new(api);
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(api.clone())
            .app_data(edge.clone())
            .wrap(actix_web::middleware::from_fn(edge::around))
            .configure(routes::configure)
    })
    .disable_signals()
    .client_request_timeout(Duration::from_secs(5))
    .keep_alive(Duration::from_secs(75))
    .max_connections(1_024)
    .shutdown_timeout(settings.shutdown_timeout.as_secs());
    if let Some(workers) = settings.workers {
        server = server.workers(workers);
    }
    Ok(server.listen(listener)?.run())
}
