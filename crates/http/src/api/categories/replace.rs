use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::categories::CategoryId;

use super::body::{CategoryBody, CategoryInput, document, read_input};
use super::slug_of;
use crate::message::entity_tag;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// Replace a category
///
/// Every product that stands in it shows the change and gets a new version.
#[utoipa::path(
    put,
    path = "/api/categories/{slug}",
    tag = "categories",
    operation_id = "replaceCategory",
    security(("admin" = ["products:write"])),
    params(
        ("slug" = String, Path, description = "The category's slug"),
        ("If-Match" = Option<String>, Header, description = "An ETag of the state that is to be replaced"),
    ),
    request_body = CategoryInput,
    responses(
        (status = 200, description = "The category as it now stands", body = CategoryBody),
        (status = 404, description = "Unknown"),
        (status = 409, description = "The slug is taken"),
        (status = 412, description = "If-Match does not hold"),
    ),
)]
pub(crate) async fn replace(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let expected = entity_tag::expected(&request, CategoryId)?;
    let slug = slug_of(path)?;
    let mut fields = body.fields()?;
    let mut category = read_input(&mut fields);
    // Without a slug in the body, the category keeps its present one.
    category.slug.get_or_insert(slug.clone());
    let category = fields.validate(category)?;
    let replaced = api.categories.replace(&slug, category, expected).await;
    let category = replaced.map_err(|error| entity_tag::refusal(&request, error))?;
    document(&category)?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}
