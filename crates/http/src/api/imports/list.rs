use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::imports::{Import, ImportId};
use time::OffsetDateTime;

use super::body::{ImportPageBody, ImportSummary};
use crate::api::newest_first::{PageParameters, PageRequest};
use crate::message::cursor;
use crate::message::problem::Problem;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// List imports
///
/// The newest first, without their errors. They are kept for 30 days after their end.
#[utoipa::path(
    get,
    path = "/api/imports",
    tag = "imports",
    operation_id = "listImports",
    security(("admin" = ["products:write"])),
    params(PageParameters),
    responses((status = 200, description = "A page of imports", body = ImportPageBody)),
)]
pub(crate) async fn list(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let asked = PageRequest::read(&request, "imports", decode)?;
    let page = api.imports.list(asked.before, asked.limit).await?;
    let last = page.items.last().filter(|_| page.has_more);
    let last = last.map(anchor);
    let body = |pagination| ImportPageBody {
        data: page.items.into_iter().map(ImportSummary::of).collect(),
        pagination,
    };
    asked.respond(&request, page.total, last, body).await
}

fn anchor(last: &Import) -> String {
    format!("{}.{}", last.created_at.unix_timestamp_nanos(), last.id)
}

fn decode(anchor: &str) -> Option<(OffsetDateTime, ImportId)> {
    let (at, id) = anchor.split_once('.')?;
    Some((cursor::time(at)?, id.parse().ok()?))
}
