use std::path::PathBuf;
use std::time::Duration;

use actix_web::http::header::HeaderValue;
use ipnet::IpNet;

/// How the server listens and what it allows.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// How many threads answer; `None` for one a core.
    pub workers: Option<usize>,
    /// The origins whose pages may call this server, such as `https://shop.example`.
    pub cors_origins: Vec<String>,
    /// The proxies whose `X-Forwarded-For` or `Forwarded` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The value of `Strict-Transport-Security` (RFC 6797), such as `max-age=31536000`, where clients come by TLS, which a
    /// proxy ends. `None` sends no such header.
    pub hsts: Option<HeaderValue>,
    /// How long a CDN may keep public answers without asking (`s-maxage`); `None` for not at all.
    pub shared_max_age: Option<Duration>,
    /// The folder that is served as `/media`, if pictures are kept in one.
    pub media: Option<PathBuf>,
    /// What one client may take.
    pub limits: HttpLimits,
    /// How long requests that run may take to end when the server stops.
    pub shutdown_timeout: Duration,
}

/// What one client may take of the server.
#[derive(Debug, Clone)]
pub struct HttpLimits {
    /// The largest body of JSON, in bytes: 1 MiB.
    pub body_bytes: usize,
    /// The headers of a request together, in bytes: 16 KiB. actix itself refuses more than 96 headers or 128 KiB.
    pub head_bytes: usize,
    /// A path with its query, in bytes: 2048.
    pub url_bytes: usize,
    /// How long the head of a request may take to arrive: 5 s. Later heads of a connection count in whole seconds, the
    /// one that has begun left out.
    pub head_time: Duration,
    /// How long a body of JSON may take to arrive: 10 s.
    pub body_time: Duration,
    /// How long the files of an upload may take to arrive: 60 s.
    pub upload_time: Duration,
    /// How long a request may take from its head to its answer: 30 s. An upload has three times
    /// as much, and the time that it may take to arrive.
    pub request_time: Duration,
    /// How long a client may take nothing of an answer that waits for it: 10 s.
    pub write_time: Duration,
    /// How long a connection is kept without a request: 75 s. It counts in whole seconds, at least one; with zero, each
    /// connection has one answer.
    pub keep_alive: Duration,
    /// How many connections a thread keeps open; more wait until one is closed: 1024.
    pub connections: usize,
    /// How many of them one address may have, or 64 bits of IPv6, trusted proxies apart: 256.
    pub connections_of_address: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            workers: None,
            cors_origins: vec![],
            trusted_proxies: vec![],
            hsts: None,
            shared_max_age: None,
            media: None,
            limits: HttpLimits::default(),
            // Shorter than an upload may stall: a server that stops is to end within 25 seconds, with what is left to write.
            shutdown_timeout: Duration::from_secs(18),
        }
    }
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            head_bytes: 16 * 1024,
            url_bytes: 16_384,
            head_time: Duration::from_secs(5),
            body_time: Duration::from_secs(10),
            upload_time: Duration::from_secs(60),
            request_time: Duration::from_secs(30),
            write_time: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            connections: 1_024,
            connections_of_address: 256,
        }
    }
}
