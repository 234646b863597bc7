use actix_web::{HttpRequest, HttpResponse, web};

use super::body::CategoryBody;
use super::slug_of;
use crate::api::Api;
use crate::document::Document;
use crate::problem::Problem;
use crate::query::Query;

/// Read a category
#[utoipa::path(
    get,
    path = "/api/categories/{slug}",
    tag = "categories",
    operation_id = "readCategory",
    params(("slug" = String, Path, description = "The category's slug")),
    responses(
        (status = 200, description = "The category", body = CategoryBody),
        (status = 304, description = "The caller has it already"),
        (status = 404, description = "Unknown or inactive"),
    ),
)]
pub(crate) async fn read(
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let category = api.categories.read(&slug_of(path)?).await?;
    Document::json(&CategoryBody::of(&category))?
        .respond(&request)
        .await
}
