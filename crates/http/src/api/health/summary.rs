use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::health::Probe;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::message::document::Finished;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::state::Api;

/// The timeout of a check.
const PATIENCE: Duration = Duration::from_secs(4);

/// How the shop is. The names are those of the specification.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Health {
    /// `healthy`, or `degraded` where a service that is needed is not well.
    status: Status,
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    /// How long the server has run, in seconds.
    #[schema(example = 12.5)]
    uptime: f64,
    /// How long it took to find all this out, in milliseconds.
    response_time: u64,
    services: Services,
    /// Of the server.
    #[schema(example = "1.0.0")]
    version: &'static str,
    /// `development`, `production` or `test`.
    environment: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = HealthStatus)]
enum Status {
    Healthy,
    Degraded,
    Unhealthy,
    Disabled,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthServices)]
struct Services {
    database: Database,
    /// `disabled` where images are kept in a folder. Asked at most once in 60 seconds.
    cloudinary: Service,
    /// The one that servers share; `disabled` where each has its own alone. Nothing depends on it.
    cache: Service,
    environment: Configured,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthDatabase)]
struct Database {
    status: Status,
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    /// `active` or `inactive`
    #[schema(example = "active")]
    connection: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthService)]
struct Service {
    status: Status,
}

/// Which parts are configured.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthConfigured)]
struct Configured {
    database: bool,
    cloudinary: bool,
    admin: bool,
}

/// How the shop is
///
/// With each service that it uses. Orchestrators ask `live` and `ready`.
#[utoipa::path(
    get,
    path = "/api/health",
    tag = "health",
    operation_id = "health",
    responses(
        (status = 200, description = "All that is needed is well", body = Health),
        (status = 503, description = "The database or the image service is not", body = Health, content_type = "application/json"),
    ),
)]
pub(crate) async fn summary(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let began = Instant::now();
    let (database, cloudinary, cache) = tokio::join!(
        state_of(&api.database),
        state_if_configured(api.image_service.as_ref()),
        state_if_configured(api.shared_memory.as_ref()),
    );
    let is_available = database == Status::Healthy && cloudinary != Status::Unhealthy;
    let timestamp = OffsetDateTime::now_utc();
    let health = Health {
        status: if is_available {
            Status::Healthy
        } else {
            Status::Degraded
        },
        timestamp,
        uptime: api.started.elapsed().as_secs_f64(),
        response_time: began.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
        services: Services {
            database: Database {
                status: database,
                timestamp,
                connection: if database == Status::Healthy {
                    "active"
                } else {
                    "inactive"
                },
            },
            cloudinary: Service { status: cloudinary },
            cache: Service { status: cache },
            environment: Configured {
                database: true,
                cloudinary: api.image_service.is_some(),
                admin: true,
            },
        },
        version: env!("CARGO_PKG_VERSION"),
        environment: api.environment,
    };
    let mut response = if is_available {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response.insert_header(("Cache-Control", "no-store"));
    let mut response = response.json(health);
    response.extensions_mut().insert(Finished);
    Ok(response)
}

async fn state_if_configured(service: Option<&Arc<dyn Probe>>) -> Status {
    match service {
        Some(service) => state_of(service).await,
        None => Status::Disabled,
    }
}

async fn state_of(service: &Arc<dyn Probe>) -> Status {
    match tokio::time::timeout(PATIENCE, service.check()).await {
        Ok(Ok(())) => Status::Healthy,
        _ => Status::Unhealthy,
    }
}
