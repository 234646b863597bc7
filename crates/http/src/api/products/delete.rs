use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::products::ProductId;
use utoipa::IntoParams;

use super::{remove_images_after_commit, slug_of};
use crate::message::entity_tag;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsDelete};
use crate::state::Api;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `delete` reads")]
pub(crate) struct DeleteParameters {
    /// `true`: removes the product with its reviews, its category links and its stored images.
    #[param(default = false)]
    permanent: Option<bool>,
}

/// Deactivate or remove a product
///
/// One that is inactive is hidden from the public and can be made active again.
#[utoipa::path(
    delete,
    path = "/api/products/{slug}",
    tag = "products",
    operation_id = "deleteProduct",
    security(("admin" = ["products:delete"])),
    params(
        ("slug" = String, Path, description = "The product's slug"),
        DeleteParameters,
        ("If-Match" = Option<String>, Header, description = "An ETag of the state that is to be deleted"),
    ),
    responses(
        (status = 204, description = "The product is inactive and its data stay, or it is removed"),
        (status = 400, description = "A query parameter is unknown or broken"),
        (status = 404, description = "Unknown"),
        (status = 412, description = "If-Match does not hold"),
    ),
)]
pub(crate) async fn delete(
    _: Admin<ProductsDelete>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request, &["permanent"])?;
    let is_permanent = query.boolean("permanent").unwrap_or(false);
    query.finish()?;
    let slug = slug_of(path)?;
    let expected = entity_tag::expected(&request, ProductId)?;
    let removed = if is_permanent {
        api.products.remove(&slug, expected).await
    } else {
        api.products.deactivate(&slug, expected).await
    };
    removed.map_err(|error| entity_tag::refusal(&request, error))?;
    if is_permanent {
        remove_images_after_commit(&api).await;
    }
    Ok(HttpResponse::NoContent()
        .insert_header(("Cache-Control", "no-store"))
        .finish())
}
