use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::imports::ImportStatus;

use super::body::ImportBody;
use super::{ended, find, not_found};
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// Cancel an import
///
/// Its other rows are not read. What was written stays.
#[utoipa::path(
    delete,
    path = "/api/imports/{id}",
    tag = "imports",
    operation_id = "cancelImport",
    security(("admin" = ["products:write"])),
    params(("id" = String, Path, description = "The import's id")),
    responses(
        (status = 200, description = "The import, cancelled", body = ImportBody),
        (status = 404, description = "Unknown"),
        (status = 409, description = "It has ended"),
    ),
)]
pub(crate) async fn cancel(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let import = find(&api, &path).await?;
    if import.status.has_ended() {
        return Err(ended(import.status));
    }
    let import = api.imports.cancel(import.id).await?;
    let import = import.ok_or_else(not_found)?;
    // It may have ended by itself meanwhile.
    if import.status != ImportStatus::Cancelled {
        return Err(ended(import.status));
    }
    Document::json(&ImportBody::of(import, &api).await?)?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}
