use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::rt::System;
use eggypro_http::HttpSettings;
use eggypro_persistence::DatabaseSettings;
use secrecy::{ExposeSecret, SecretString};

use super::{Failure, say};
use crate::admin_secret;
use crate::database::DatabaseLocation;
use crate::environment::{Address, Environment};
use crate::shop::{self, ImageSettings, MetricsSettings, ShopSettings};
use crate::signals::Signals;
use crate::tracking::TrackerSettings;

pub(super) fn run(environment: &Environment) -> Result<(), Failure> {
    for remark in &environment.remarks {
        tracing::warn!("{remark}");
    }
    tracing::info!(
        mode = environment.mode.as_str(),
        database = name_of(environment.database.url.as_ref()).unwrap_or("private"),
        replicas = environment.database.read_urls.len(),
        listening = name_of(environment.database.listen_url.as_ref()),
        has_sessions = environment.database.has_sessions,
        redis = environment.redis.is_some(),
        images = match environment.images {
            ImageSettings::Cloudinary(_) => "Cloudinary",
            ImageSettings::Folder(_) => "folder",
        },
        sessions = environment.jwt_secret.is_some(),
        trusted_proxies = environment.trusted_proxies.len(),
        origins = environment.cors_origins.len(),
        request_records = environment.metrics.retention_days.is_some(),
        sentry = environment.sentry.is_some(),
        "configured"
    );
    let made_secret = made_secret(environment)?;
    let location = DatabaseLocation::open(environment)?;
    let may_migrate = environment.database.migrate_on_start;
    let is_migrated = location.prepare_if_there(may_migrate)?;
    let listener = listen(environment)?;
    let metrics = MetricsSettings {
        retention_days: environment.metrics.retention_days,
        bytes_a_day: environment.metrics.bytes_a_day,
        addresses: environment.metrics.addresses,
        listener: environment
            .metrics
            .bind
            .map(listen_for_prometheus)
            .transpose()?,
    };
    let mut database = DatabaseSettings::new(location.url.clone());
    database.pool_size = environment.database.pool_size.unwrap_or(database.pool_size);
    database.has_sessions = environment.database.has_sessions;
    let replica = |replica: &Address| DatabaseSettings {
        url: replica.connection.clone(),
        ..database.clone()
    };
    let settings = ShopSettings {
        replicas: environment.database.read_urls.iter().map(replica).collect(),
        max_lag: environment.database.read_max_lag,
        database,
        is_migrated,
        listen_url: environment
            .database
            .listen_url
            .as_ref()
            .map(|url| url.connection.clone()),
        redis: environment.redis.clone(),
        admin_secrets: match &made_secret {
            Some(secret) => vec![secret.clone()],
            None => environment.admin_secrets.clone(),
        },
        jwt_secret: environment.jwt_secret.clone(),
        rates: environment.rates.clone(),
        cache: environment.cache.clone(),
        storefront: environment.storefront.clone(),
        images: environment.images.clone(),
        image_metadata: environment.image_metadata,
        environment: environment.mode.as_str(),
        metrics,
        changes_kept: Duration::from_secs(u64::from(environment.changes_kept_days) * 24 * 60 * 60),
        webhooks: environment.webhooks,
        tracker: environment.sentry.clone().map(|dsn| TrackerSettings {
            dsn,
            environment: environment.mode.as_str(),
        }),
        http: HttpSettings {
            trusted_proxies: environment.trusted_proxies.clone(),
            cors_origins: environment.cors_origins.clone(),
            hsts: environment.hsts.clone(),
            shared_max_age: environment.shared_max_age,
            limits: environment.http_limits.clone(),
            ..HttpSettings::default()
        },
    };
    System::new().block_on(async {
        let signals = Signals::listen()?;
        let address = listener.local_addr()?;
        let shop = shop::start(listener, &settings)?;
        let _preparation = if is_migrated {
            None
        } else {
            Some(location.prepare_later(may_migrate, shop.databases())?)
        };
        let stopped = signals.stop(shop.stopping(), environment.shutdown_grace, shop.handle());
        // The first request should find the index loaded. The wait is short, as the catalogue may be large or the
        // database unavailable.
        let mut is_connected = shop.is_connected();
        let connected = is_connected.wait_for(|is_connected| *is_connected);
        drop(tokio::time::timeout(INDEX_WAIT, connected).await);
        announce(&format!("http://{address}"), made_secret.as_ref());
        shop.run_until(stopped).await
    })?;
    tracing::info!("stopped");
    Ok(())
}

/// Maximum time to wait for the catalogue index before the address is announced.
const INDEX_WAIT: Duration = Duration::from_secs(2);

fn name_of(address: Option<&Address>) -> Option<&'static str> {
    address.map(|address| address.variable)
}

/// The secret that a server outside production makes if none is set.
fn made_secret(environment: &Environment) -> Result<Option<SecretString>, Failure> {
    if !environment.admin_secrets.is_empty() {
        return Ok(None);
    }
    let secret = admin_secret::kept_in(&environment.data_directory);
    let secret = secret.map_err(|error| format!("EGGYPRO_DATA_DIR can't be used: {error}"))?;
    Ok(Some(secret))
}

fn listen(environment: &Environment) -> Result<TcpListener, Failure> {
    let (host, port) = (environment.host.as_str(), environment.port);
    let listener = TcpListener::bind((host, port));
    listener
        .map_err(|error| format!("can't listen on {host}:{port}: {error}; set HOST or PORT").into())
}

fn listen_for_prometheus(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .map_err(|error| format!("can't listen on {address}: {error}; set METRICS_BIND").into())
}

fn announce(address: &str, made_secret: Option<&SecretString>) {
    say(format_args!("EggyPro listens on {address}"));
    say(format_args!("  documentation  {address}/api/docs"));
    if let Some(secret) = made_secret {
        say(format_args!("  admin secret   {}", secret.expose_secret()));
    }
}
