use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::imports::{Import, ImportId};
use time::OffsetDateTime;
use utoipa::IntoParams;

use super::body::{ImportPageBody, ImportSummary};
use crate::api::products::{Pagination, read_limit};
use crate::message::cursor;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// The name of the list in cursors.
const LIST: &str = "imports";

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `list` reads")]
pub(crate) struct ImportListParameters {
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of a page.
    cursor: Option<String>,
}

/// List imports
///
/// The newest first, without their errors. They are kept for 30 days after their end.
#[utoipa::path(
    get,
    path = "/api/imports",
    tag = "imports",
    operation_id = "listImports",
    security(("admin" = ["products:write"])),
    params(ImportListParameters),
    responses((status = 200, description = "A page of imports", body = ImportPageBody)),
)]
pub(crate) async fn list(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request, &["limit", "cursor"])?;
    let limit = read_limit(&mut query);
    let before = query.read("cursor", |text| {
        decode(text).ok_or("must be the next_cursor of a page of imports")
    });
    query.finish()?;
    let page = api.imports.list(before, limit).await?;
    let last = page.items.last().filter(|_| page.has_more);
    let next = last.map(|last| cursor::encode(LIST, &anchor(last)));
    let body = ImportPageBody {
        data: page.items.into_iter().map(ImportSummary::of).collect(),
        pagination: Pagination::new(page.total, limit, 0, next.clone()),
    };
    let document = Document::json(&body)?.followed_by(next);
    document.respond(&request).await
}

fn anchor(last: &Import) -> String {
    format!("{}.{}", last.created_at.unix_timestamp_nanos(), last.id)
}

fn decode(text: &str) -> Option<(OffsetDateTime, ImportId)> {
    let anchor = cursor::decode(text, LIST)?;
    let (at, id) = anchor.split_once('.')?;
    Some((cursor::time(at)?, id.parse().ok()?))
}
