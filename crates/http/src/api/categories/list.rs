use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Region};
use eggypro_domain::Permission;
use eggypro_domain::categories::Category;
use eggypro_domain::changes::Tag;
use eggypro_domain::products::StatusFilter;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::body::CategoryBody;
use crate::api::cached_answer::answer;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::require;
use crate::state::Api;

/// Categories by name.
#[derive(Debug, Serialize, ToSchema)]
struct CategoryList<'a> {
    data: Vec<CategoryBody<'a>>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `list` reads")]
pub(crate) struct ListParameters {
    /// `active` (the default), `inactive` or `all`; for administrators.
    status: Option<String>,
}

/// List categories
///
/// By name: those that the public sees, or others by `status`.
#[utoipa::path(
    get,
    path = "/api/categories",
    tag = "categories",
    operation_id = "listCategories",
    params(ListParameters),
    responses(
        (status = 200, description = "The categories, by name", body = CategoryList),
        (status = 304, description = "The caller has it already"),
        (status = 400, description = "A query parameter is unknown or broken"),
        (status = 401, description = "`status` needs credentials"),
        (status = 403, description = "`status` needs the permission products:read"),
    ),
)]
pub(crate) async fn list(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request, &["status"])?;
    let status = query.one_of("status", &StatusFilter::ALL, StatusFilter::as_str);
    query.finish()?;
    if let Some(status) = status {
        require(&request, Permission::ProductsRead)?;
        let document = document(&api.categories.list(status).await?)?;
        return document.respond(&request).await;
    }
    let key = key();
    let categories = api.categories.clone();
    let load = async move { document(&categories.list(StatusFilter::Active).await?) };
    answer(&request, &api, key, "list", load).await
}

fn document(categories: &[Category]) -> Result<Document, Problem> {
    Document::json(&CategoryList {
        data: categories.iter().map(CategoryBody::of).collect(),
    })
}

/// The cache key of the public list.
pub(crate) fn key() -> Key {
    Key::new("categories", Tag::Categories, Region::Pages)
}
