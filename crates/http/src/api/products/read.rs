use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Region};
use eggypro_domain::Slug;
use eggypro_domain::changes::Tag;

use super::body::{ProductBody, document};
use super::slug_of;
use crate::api::cached_answer::{answer, or_unpublished};
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::state::Api;

/// Read a product
///
/// Who has the permission products:read also reads inactive ones.
#[utoipa::path(
    get,
    path = "/api/products/{slug}",
    tag = "products",
    operation_id = "readProduct",
    params(("slug" = String, Path, description = "The product's slug")),
    responses(
        (status = 200, description = "The product; its ETag carries its version", body = ProductBody),
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
    let slug = slug_of(path)?;
    let key = key(slug.clone());
    let (products, shop) = (api.products.clone(), Arc::clone(&api.storefront));
    let any = {
        let (products, shop, slug) = (products.clone(), Arc::clone(&shop), slug.clone());
        async move { document(&products.read_any(&slug).await?, &shop) }
    };
    let load = async move { document(&products.read(&slug).await?, &shop) };
    let answer = answer(&request, &api, key, "product", load).await;
    or_unpublished(&request, answer, any).await
}

/// The cache key of the product with this slug. `None` if the slug is invalid.
pub(crate) fn key_of(slug: &str) -> Option<Key> {
    slug.parse().ok().map(key)
}

fn key(slug: Slug) -> Key {
    let name = ["product ", slug.as_str()].concat();
    Key::new(name, Tag::EveryProduct, Region::Pages).and(Tag::Product(slug))
}
