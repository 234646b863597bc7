use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::changes::{ChangeEntry, ChangeQuery, Resource};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::IntoParams;

use super::body::ChangePageBody;
use crate::api::products::{Pagination, read_limit};
use crate::message::cursor;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ChangesRead};
use crate::state::Api;

const PARAMETERS: [&str; 7] = [
    "resource", "slug", "actor", "since", "until", "limit", "cursor",
];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read_query` reads")]
pub(crate) struct ChangeParameters {
    /// Changes of this kind of thing only.
    resource: Option<String>,
    /// Changes of the product or category of this slug, and of reviews of that product, only.
    slug: Option<String>,
    /// Changes by this actor only: a kind, such as `database`, or the id of one.
    #[param(max_length = 255)]
    actor: Option<String>,
    /// Changes from this time on only (RFC 3339).
    #[param(format = "date-time")]
    since: Option<String>,
    /// Changes before this time only (RFC 3339).
    #[param(format = "date-time")]
    until: Option<String>,
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of a page with the same filters.
    cursor: Option<String>,
}

/// List changes
///
/// The newest first: whoever made them and however, a hand at the database included. They are kept for
/// `CHANGE_RETENTION_DAYS`.
#[utoipa::path(
    get,
    path = "/api/changes",
    tag = "changes",
    operation_id = "listChanges",
    security(("admin" = ["changes:read"])),
    params(ChangeParameters),
    responses((status = 200, description = "A page of changes", body = ChangePageBody)),
)]
pub(crate) async fn list(
    _: Admin<ChangesRead>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let query = read_query(&request)?;
    let page = api.changes.list(&query).await?;
    let last = page.items.last().filter(|_| page.has_more);
    let next = last.map(|last| cursor::encode(&list_name(&query), &anchor(last)));
    let pagination = Pagination::new(page.total, query.limit, 0, next.clone());
    let body = ChangePageBody::of(&page, pagination)?;
    let document = Document::json(&body)?.followed_by(next);
    document.respond(&request).await
}

fn read_query(request: &HttpRequest) -> Result<ChangeQuery, Problem> {
    let mut query = Query::of(request, &PARAMETERS)?;
    let mut read = ChangeQuery::default();
    read.resource = query.one_of("resource", &Resource::ALL, Resource::as_str);
    read.slug = query.read("slug", text);
    read.actor = query.read("actor", text);
    read.since = query.read("since", time);
    read.until = query.read("until", time);
    read.limit = read_limit(&mut query);
    read.before = query.read("cursor", |text| {
        decode(text, &read).ok_or("must be the next_cursor of a page with the same filters")
    });
    query.finish()?;
    Ok(read)
}

fn text(text: &str) -> Result<String, &'static str> {
    let is_short = text.len() <= 255;
    is_short
        .then(|| text.to_owned())
        .ok_or("must have at most 255 characters")
}

fn time(text: &str) -> Result<OffsetDateTime, &'static str> {
    OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| "must be a time as RFC 3339 writes it, such as 2026-01-05T10:00:00Z")
}

/// The name of the list in cursors. It is the same for all pages of the list.
fn list_name(query: &ChangeQuery) -> String {
    let resource = query.resource.map(Resource::as_str);
    let (slug, actor) = (&query.slug, &query.actor);
    let (since, until) = (query.since, query.until);
    format!("changes {resource:?} {slug:?} {actor:?} {since:?} {until:?}")
}

fn anchor(last: &ChangeEntry) -> String {
    format!("{}.{}", last.at.unix_timestamp_nanos(), last.id)
}

fn decode(text: &str, query: &ChangeQuery) -> Option<(OffsetDateTime, i64)> {
    let anchor = cursor::decode(text, &list_name(query))?;
    let (at, id) = anchor.split_once('.')?;
    Some((cursor::time(at)?, id.parse().ok()?))
}
