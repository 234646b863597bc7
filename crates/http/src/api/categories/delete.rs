use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::categories::CategoryId;

use super::slug_of;
use crate::message::entity_tag;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// Delete a category
///
/// Its products stay, without it, and get a new version.
#[utoipa::path(
    delete,
    path = "/api/categories/{slug}",
    tag = "categories",
    operation_id = "deleteCategory",
    security(("admin" = ["products:write"])),
    params(
        ("slug" = String, Path, description = "The category's slug"),
        ("If-Match" = Option<String>, Header, description = "An ETag of the state that is to be deleted"),
    ),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "Unknown"),
        (status = 412, description = "If-Match does not hold"),
    ),
)]
pub(crate) async fn delete(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let expected = entity_tag::expected(&request, CategoryId)?;
    let removed = api.categories.remove(&slug_of(path)?, expected).await;
    removed.map_err(|error| entity_tag::refusal(&request, error))?;
    Ok(HttpResponse::NoContent()
        .insert_header(("Cache-Control", "no-store"))
        .finish())
}
