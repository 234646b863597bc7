mod cached_probe;
mod summary;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::state::Api;

pub use self::cached_probe::CachedProbe;
pub(crate) use self::summary::{__path_summary, summary};

/// What an orchestrator wants to know.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct State {
    /// `healthy`
    #[schema(example = "healthy")]
    status: &'static str,
}

/// Whether the process runs
///
/// Touches nothing outside of it.
#[utoipa::path(
    get,
    path = "/api/health/live",
    tag = "health",
    operation_id = "live",
    responses((status = 200, description = "It runs", body = State)),
)]
pub(crate) async fn live(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    Ok(healthy())
}

/// Whether requests can be answered
///
/// They can if the database is available, the catalogue index is up to date, and the server is not about to stop.
#[utoipa::path(
    get,
    path = "/api/health/ready",
    tag = "health",
    operation_id = "ready",
    responses(
        (status = 200, description = "They can", body = State),
        (status = 503, description = "The database or the catalogue index is not available, or the server stops"),
    ),
)]
pub(crate) async fn ready(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    if api.stopping.has_begun() {
        return Err(StoreError::Unavailable("the server stops".into()).into());
    }
    api.database.check().await?;
    if !api.products.is_ready() {
        let reason = "the catalogue index is not up to date";
        return Err(StoreError::Unavailable(reason.into()).into());
    }
    Ok(healthy())
}

fn healthy() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(State { status: "healthy" })
}
