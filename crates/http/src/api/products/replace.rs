use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::products::ProductChanges;

use super::body::ProductBody;
use super::input::{ProductInput, read_input};
use super::{change, slug_of};
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// Replace every writable field of a product
///
/// A field that is not given goes back to its default.
#[utoipa::path(
    put,
    path = "/api/products/{slug}",
    tag = "products",
    operation_id = "replaceProduct",
    security(("admin" = ["products:write"])),
    params(
        ("slug" = String, Path, description = "The product's slug"),
        ("If-Match" = Option<String>, Header, description = "An ETag of the state that is to be replaced"),
    ),
    request_body = ProductInput,
    responses(
        (status = 200, description = "The product as it now stands", body = ProductBody),
        (status = 404, description = "Unknown"),
        (status = 409, description = "The slug, SKU or GTIN is taken, or the options clash with a variant's"),
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
    let slug = slug_of(path)?;
    let mut fields = body.fields()?;
    // As changes, so that the product keeps its slug if the body has none.
    let changes = ProductChanges::from(read_input(&mut fields));
    change(&request, &slug, fields, changes, &api).await
}
