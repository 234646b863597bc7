use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Room};
use eggypro_domain::changes::Tag;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::CategoryBody;
use crate::answers::answer;
use crate::api::Api;
use crate::document::Document;
use crate::problem::Problem;
use crate::query::Query;

/// All active categories, by name.
#[derive(Debug, Serialize, ToSchema)]
struct CategoryList<'a> {
    data: Vec<CategoryBody<'a>>,
}

/// List categories
#[utoipa::path(
    get,
    path = "/api/categories",
    tag = "categories",
    operation_id = "listCategories",
    responses(
        (status = 200, description = "All active categories, by name", body = CategoryList),
        (status = 304, description = "The caller has it already"),
    ),
)]
pub(crate) async fn list(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let key = key();
    let categories = api.categories.clone();
    let load = async move {
        let categories = categories.list().await?;
        Document::json(&CategoryList {
            data: categories.iter().map(CategoryBody::of).collect(),
        })
    };
    answer(&request, &api, key, "list", load).await
}

/// The key of the answer.
pub(crate) fn key() -> Key {
    Key::new("categories", Tag::Categories, Room::Pages)
}
