use actix_web::{HttpRequest, HttpResponse, web};

use super::slug_of;
use crate::admin::{Admin, ProductsWrite};
use crate::api::Api;
use crate::problem::Problem;
use crate::query::Query;

/// Delete a category
///
/// Its products stay, without it, and get a new version.
#[utoipa::path(
    delete,
    path = "/api/categories/{slug}",
    tag = "categories",
    operation_id = "deleteCategory",
    security(("admin" = ["products:write"])),
    params(("slug" = String, Path, description = "The category's slug")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn delete(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    api.categories.remove(&slug_of(path)?).await?;
    Ok(HttpResponse::NoContent()
        .insert_header(("Cache-Control", "no-store"))
        .finish())
}
