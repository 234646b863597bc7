use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Api;
use crate::problem::Problem;

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
pub(crate) async fn live() -> HttpResponse {
    healthy()
}

/// Whether requests can be answered
///
/// Depends on the database alone.
#[utoipa::path(
    get,
    path = "/api/health/ready",
    tag = "health",
    operation_id = "ready",
    responses((status = 200, description = "They can", body = State)),
)]
pub(crate) async fn ready(api: web::Data<Api>) -> Result<HttpResponse, Problem> {
    api.database.check().await?;
    Ok(healthy())
}

fn healthy() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(State { status: "healthy" })
}
