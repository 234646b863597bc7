use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Region};
use eggypro_domain::Slug;
use eggypro_domain::changes::Tag;

use super::body::{CategoryBody, document};
use super::slug_of;
use crate::api::cached_answer::{answer, or_unpublished};
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::state::Api;

/// Read a category
///
/// Who has the permission products:read also reads inactive ones.
#[utoipa::path(
    get,
    path = "/api/categories/{slug}",
    tag = "categories",
    operation_id = "readCategory",
    params(("slug" = String, Path, description = "The category's slug")),
    responses(
        (status = 200, description = "The category; its ETag carries its version", body = CategoryBody),
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
    let key = key(&slug);
    let categories = api.categories.clone();
    let any = {
        let (categories, slug) = (categories.clone(), slug.clone());
        async move { document(&categories.read_any(&slug).await?) }
    };
    let load = async move { document(&categories.read(&slug).await?) };
    let answer = answer(&request, &api, key, "category", load).await;
    or_unpublished(&request, answer, any).await
}

/// The cache key of the category with this slug. `None` if the slug is invalid.
pub(crate) fn key_of(slug: &str) -> Option<Key> {
    slug.parse().ok().map(|slug| key(&slug))
}

fn key(slug: &Slug) -> Key {
    Key::new(format!("category {slug}"), Tag::Categories, Region::Pages)
}
