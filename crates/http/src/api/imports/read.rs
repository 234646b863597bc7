use actix_web::{HttpRequest, HttpResponse, web};

use super::body::ImportBody;
use super::find;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// Read an import
///
/// It is kept for 30 days after its end.
#[utoipa::path(
    get,
    path = "/api/imports/{id}",
    tag = "imports",
    operation_id = "readImport",
    security(("admin" = ["products:write"])),
    params(("id" = String, Path, description = "The import's id")),
    responses(
        (status = 200, description = "The import", body = ImportBody),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn read(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let import = find(&api, &path).await?;
    Document::json(&ImportBody::of(import, &api).await?)?
        .respond(&request)
        .await
}
