use eggypro_domain::imports::MAX_FILE;
use std::path::PathBuf;
use std::time::Duration;

use actix_web::http::header::HeaderValue;
use ipnet::IpNet;

/// Settings of the HTTP server.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Number of worker threads; `None` for one per core.
    pub workers: Option<usize>,
    /// The origins whose pages may call this server, such as `https://shop.example`.
    pub cors_origins: Vec<String>,
    /// The proxies whose `X-Forwarded-For` and `Forwarded` headers are trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The value of `Strict-Transport-Security` (RFC 6797), such as `max-age=31536000`. Set it if clients connect by
    /// TLS, which a proxy terminates. `None` sends no such header.
    pub hsts: Option<HeaderValue>,
    /// How long a CDN may reuse public answers without revalidation (`s-maxage`). With `None`, it must revalidate each
    /// time.
    pub shared_max_age: Option<Duration>,
    /// The folder that is served as `/media`, if pictures are stored in a folder.
    pub media: Option<PathBuf>,
    /// The limits of requests and connections.
    pub limits: HttpLimits,
    /// How long running requests may take to finish when the server stops: 18 s.
    pub shutdown_timeout: Duration,
}

/// Limits of requests and connections. The values below are the defaults.
#[derive(Debug, Clone)]
pub struct HttpLimits {
    /// Maximum size of a JSON body, in bytes: 1 MiB.
    pub body_bytes: usize,
    /// Maximum size of the file of an import, in bytes: 200 MiB.
    pub import_bytes: usize,
    /// Maximum size of all headers of a request, in bytes: 16 KiB. actix itself refuses more than 96 headers or 128
    /// KiB.
    pub head_bytes: usize,
    /// Maximum length of a path with its query, in bytes: 16 384.
    pub url_bytes: usize,
    /// How long the head of a request may take to arrive: 5 s. For all but the first request of a connection, it is
    /// counted in whole seconds, without the second in which the head begins.
    pub head_time: Duration,
    /// How long a JSON body may take to arrive: 10 s.
    pub body_time: Duration,
    /// How long the files of an upload may take to arrive, or each MiB of the file of an import: 60 s.
    pub upload_time: Duration,
    /// How long a request may take from its head to its answer: 30 s. An upload has three times as much, plus
    /// `upload_time`.
    pub request_time: Duration,
    /// How long a client may read nothing of an answer that is being written: 10 s.
    pub write_time: Duration,
    /// How long a connection stays open without a request: 75 s. It is counted in whole seconds, at least one. With
    /// zero, a connection closes after one answer.
    pub keep_alive: Duration,
    /// Maximum number of open connections of a worker thread: 1024. More connections wait until one is closed.
    pub connections: usize,
    /// Maximum number of these from one IPv4 address or one IPv6 /64 network: 256. Trusted proxies are exempt.
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
            // Shorter than `upload_time`: a stopping server has to end within 25 seconds, including its last writes.
            shutdown_timeout: Duration::from_secs(18),
        }
    }
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            import_bytes: MAX_FILE,
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
