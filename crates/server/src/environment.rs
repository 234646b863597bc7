//! The environment, read once at the start.

mod database;
mod http;
mod reader;
mod remarks;
mod services;
mod variables;

use std::collections::HashMap;
use std::env;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use actix_web::http::header::HeaderValue;
use eggypro_cache::CacheSettings;
use eggypro_domain::images::ImageMetadata;
use eggypro_domain::metrics::AddressDetail;
use eggypro_http::{HttpLimits, Storefront};
use ipnet::IpNet;
use nix::unistd::geteuid;
use secrecy::SecretString;
use sentry::types::Dsn;

pub(crate) use self::database::{Address, DatabaseEnvironment};
use self::reader::Reader;
use self::variables::SAMPLE_SECRET;
pub(crate) use self::variables::example;
use crate::shop::{ImageSettings, RateSettings, RedisSettings, WebhookSettings};

/// The settings of the server. Each field names its variables, then the default.
#[derive(Debug)]
pub(crate) struct Environment {
    /// `APP_ENV`, else `NODE_ENV`; development.
    pub(crate) mode: Mode,
    /// `HOST`; 127.0.0.1.
    pub(crate) host: String,
    /// `PORT`; 8080.
    pub(crate) port: u16,
    /// `EGGYPRO_DATA_DIR`; `.eggypro`, and for root `/var/lib/eggypro`.
    pub(crate) data_directory: PathBuf,
    pub(crate) database: DatabaseEnvironment,
    /// `ADMIN_SECRET_KEY`; empty outside production, where one is made.
    pub(crate) admin_secrets: Vec<SecretString>,
    /// `JWT_SECRET`; none, so that there are no sessions.
    pub(crate) jwt_secret: Option<SecretString>,
    /// `RATE_LIMIT_MAX_REQUESTS` (100), `RATE_LIMIT_WINDOW_MS` (900000).
    pub(crate) rates: RateSettings,
    /// `REDIS_URL`, else `KV_URL` (none), `REDIS_TIMEOUT_MS` (50).
    pub(crate) redis: Option<RedisSettings>,
    /// `CACHE_TTL` (300), `CACHE_MAX_BYTES` (16 MiB).
    pub(crate) cache: CacheSettings,
    /// `CACHE_S_MAXAGE`; none.
    pub(crate) shared_max_age: Option<Duration>,
    /// `TRUSTED_PROXIES`; none.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// `CORS_ORIGIN`; `http://localhost:3000`, in development also `http://localhost:5173`.
    pub(crate) cors_origins: Vec<String>,
    /// `CLOUDINARY_*` or `CLOUDINARY_URL`; a folder in the data directory outside production.
    pub(crate) images: ImageSettings,
    /// `IMAGE_METADATA`; remove.
    pub(crate) image_metadata: ImageMetadata,
    /// `HSTS`; in production a year for this host only, else none.
    pub(crate) hsts: Option<HeaderValue>,
    /// `HTTP_*`; as [`HttpLimits`] has them.
    pub(crate) http_limits: HttpLimits,
    pub(crate) metrics: MetricsEnvironment,
    /// `CHANGE_RETENTION_DAYS`; 90.
    pub(crate) changes_kept_days: u16,
    /// `WEBHOOK_ALLOW_PRIVATE` (false). In development, webhooks may use http.
    pub(crate) webhooks: WebhookSettings,
    /// `CURRENCY` (EUR), `COUNTRY`, `BRAND` (EggyPro), `APP_URL` (`http://localhost:3000`), `PRODUCT_URL_TEMPLATE`.
    pub(crate) storefront: Storefront,
    /// `SENTRY_DSN`, only in production and unless `ENABLE_ERROR_TRACKING` is false; none.
    pub(crate) sentry: Option<Dsn>,
    /// `SHUTDOWN_GRACE_MS`; 5000 in production, else 0.
    pub(crate) shutdown_grace: Duration,
    /// `RUST_LOG`; info.
    pub(crate) log_filter: String,
    /// Warnings of settings that are valid but probably a mistake.
    pub(crate) remarks: Vec<String>,
}

/// Settings of the request log and of metrics.
#[derive(Debug)]
pub(crate) struct MetricsEnvironment {
    /// `ENABLE_API_METRICS` (true), `METRICS_RETENTION_DAYS` (30).
    pub(crate) retention_days: Option<u16>,
    /// `METRICS_MAX_BYTES_PER_DAY`; a gibibyte.
    pub(crate) bytes_a_day: u64,
    /// `METRICS_IP`; truncated.
    pub(crate) addresses: AddressDetail,
    /// `METRICS_BIND`; none.
    pub(crate) bind: Option<SocketAddr>,
}

/// The kind of deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Development,
    Production,
    Test,
}

impl Mode {
    /// The name of the mode in the environment.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
            Self::Test => "test",
        }
    }
}

/// All problems of an environment, one a line.
#[derive(Debug)]
pub(crate) struct EnvironmentProblems(Vec<String>);

impl fmt::Display for EnvironmentProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for EnvironmentProblems {}

/// Reads the environment of this process.
pub(crate) fn read_process() -> Result<Environment, EnvironmentProblems> {
    read(variables(), geteuid().is_root())
}

fn variables() -> HashMap<String, String> {
    let variables = env::vars_os().filter_map(|(name, value)| {
        // A value that is not Unicode is invalid. The replacement character makes its check fail.
        Some((
            name.into_string().ok()?,
            value.into_string().unwrap_or_else(|_| "\u{fffd}".into()),
        ))
    });
    variables.collect()
}

/// The host and port at which this machine reaches the server of this environment.
pub(crate) fn read_address() -> Result<(String, u16), EnvironmentProblems> {
    let mut reader = Reader::new(variables());
    let host = reader.parsed("HOST", reader::host);
    let port = reader.parsed("PORT", reader::port).unwrap_or(8080);
    let host = match host.as_deref() {
        None | Some("0.0.0.0") => "127.0.0.1".to_owned(),
        Some("::") => "::1".to_owned(),
        Some(host) => host.to_owned(),
    };
    reader.finish((host, port)).map_err(EnvironmentProblems)
}

fn read(
    variables: HashMap<String, String>,
    is_root: bool,
) -> Result<Environment, EnvironmentProblems> {
    let mut reader = Reader::new(variables);
    let mode = read_mode(&mut reader);
    let is_production = mode == Mode::Production;
    let default_directory = if is_root {
        "/var/lib/eggypro"
    } else {
        ".eggypro"
    };
    let data_directory: PathBuf = reader
        .text("EGGYPRO_DATA_DIR")
        .unwrap_or_else(|| default_directory.into())
        .into();
    let mut environment = Environment {
        mode,
        host: reader
            .parsed("HOST", reader::host)
            .unwrap_or_else(|| "127.0.0.1".into()),
        port: reader.parsed("PORT", reader::port).unwrap_or(8080),
        images: services::images(&mut reader, is_production, &data_directory),
        image_metadata: reader
            .parsed("IMAGE_METADATA", |text| match text {
                "remove" => Ok(ImageMetadata::Removed),
                "keep" => Ok(ImageMetadata::Kept),
                _ => Err("must be remove or keep"),
            })
            .unwrap_or_default(),
        data_directory,
        database: database::read(&mut reader, is_production),
        admin_secrets: read_admin_secrets(&mut reader),
        jwt_secret: reader.secret("JWT_SECRET", reader::long_secret),
        rates: read_rates(&mut reader),
        redis: services::redis(&mut reader),
        cache: read_cache(&mut reader),
        shared_max_age: reader.parsed("CACHE_S_MAXAGE", reader::seconds),
        trusted_proxies: reader
            .parsed("TRUSTED_PROXIES", |text| {
                reader::list(text, reader::network)
            })
            .unwrap_or_default(),
        cors_origins: reader
            .parsed("CORS_ORIGIN", |text| reader::list(text, reader::origin))
            .unwrap_or_else(|| {
                // In development, also the default port of Vite.
                let vite = (mode == Mode::Development).then_some("http://localhost:5173");
                let shop = Some("http://localhost:3000");
                shop.into_iter().chain(vite).map(str::to_owned).collect()
            }),
        hsts: http::hsts(&mut reader, is_production),
        http_limits: http::limits(&mut reader),
        metrics: read_metrics(&mut reader),
        changes_kept_days: reader
            .parsed("CHANGE_RETENTION_DAYS", reader::days)
            .unwrap_or(90),
        webhooks: WebhookSettings {
            allow_private: reader
                .parsed("WEBHOOK_ALLOW_PRIVATE", reader::boolean)
                .unwrap_or(false),
            allow_http: mode == Mode::Development,
        },
        storefront: http::storefront(&mut reader),
        sentry: services::sentry(&mut reader, is_production),
        shutdown_grace: reader
            .parsed("SHUTDOWN_GRACE_MS", reader::any_time)
            .unwrap_or(if is_production {
                Duration::from_secs(5)
            } else {
                Duration::ZERO
            }),
        log_filter: reader
            .parsed("RUST_LOG", reader::log_filter)
            .unwrap_or_else(|| "info".into()),
        remarks: vec![],
    };
    if is_production {
        reader.require("ADMIN_SECRET_KEY");
    }
    environment.remarks = reader.remarks();
    environment.remarks.extend(remarks::of(&environment));
    reader.finish(environment).map_err(EnvironmentProblems)
}

fn read_mode(reader: &mut Reader) -> Mode {
    let name = if reader.is_set("APP_ENV") {
        "APP_ENV"
    } else {
        "NODE_ENV"
    };
    let mode = reader.parsed(name, |text| match text {
        "development" => Ok(Mode::Development),
        "production" => Ok(Mode::Production),
        "test" => Ok(Mode::Test),
        _ => Err("must be development, production or test"),
    });
    mode.unwrap_or(Mode::Development)
}

fn read_admin_secrets(reader: &mut Reader) -> Vec<SecretString> {
    let secrets = reader.parsed("ADMIN_SECRET_KEY", |text| {
        let secrets: Vec<&str> = text.split(',').map(str::trim).collect();
        if secrets.len() > 2 {
            return Err("must hold one secret, or a current and a previous one");
        }
        if secrets.contains(&SAMPLE_SECRET) {
            return Err("is the sample of .env.example");
        }
        for secret in &secrets {
            reader::bearer_secret(secret)?;
        }
        Ok(secrets.into_iter().map(SecretString::from).collect())
    });
    secrets.unwrap_or_default()
}

fn read_rates(reader: &mut Reader) -> RateSettings {
    let defaults = RateSettings::default();
    let window = reader.parsed("RATE_LIMIT_WINDOW_MS", reader::time);
    RateSettings {
        max_requests: reader
            .parsed("RATE_LIMIT_MAX_REQUESTS", reader::positive)
            .unwrap_or(defaults.max_requests),
        window: window.unwrap_or(defaults.window),
        max_key_requests: reader
            .parsed("API_KEY_MAX_REQUESTS", reader::positive)
            .unwrap_or(defaults.max_key_requests),
        ..defaults
    }
}

fn read_cache(reader: &mut Reader) -> CacheSettings {
    let defaults = CacheSettings::default();
    CacheSettings {
        lifetime: reader
            .parsed("CACHE_TTL", reader::seconds)
            .unwrap_or(defaults.lifetime),
        bytes: reader
            .parsed("CACHE_MAX_BYTES", reader::positive)
            .unwrap_or(defaults.bytes),
        ..defaults
    }
}

fn read_metrics(reader: &mut Reader) -> MetricsEnvironment {
    let is_enabled = reader.parsed("ENABLE_API_METRICS", reader::boolean);
    let days = reader.parsed("METRICS_RETENTION_DAYS", reader::days);
    let bytes_a_day = reader.parsed("METRICS_MAX_BYTES_PER_DAY", reader::positive);
    let addresses = reader.parsed("METRICS_IP", |text| match text {
        "full" => Ok(AddressDetail::Full),
        "truncated" => Ok(AddressDetail::Truncated),
        "off" => Ok(AddressDetail::Off),
        _ => Err("must be full, truncated or off"),
    });
    MetricsEnvironment {
        retention_days: is_enabled.unwrap_or(true).then_some(days.unwrap_or(30)),
        bytes_a_day: bytes_a_day.unwrap_or(1 << 30),
        addresses: addresses.unwrap_or_default(),
        bind: reader.parsed("METRICS_BIND", reader::socket_address),
    }
}

#[cfg(test)]
mod tests;
