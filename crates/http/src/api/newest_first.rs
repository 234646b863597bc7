//! Lists that have the newest first and are read by cursor.

use std::fmt::Display;

use actix_web::{HttpRequest, HttpResponse};
use eggypro_domain::products::{PageSize, Total};
use serde::Serialize;
use utoipa::IntoParams;

use super::products::{Pagination, read_limit};
use crate::message::cursor;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `PageRequest::read` reads")]
pub(crate) struct PageParameters {
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of a page.
    cursor: Option<String>,
}

/// Which page is asked for.
pub(crate) struct PageRequest<A> {
    /// The name of the list in cursors.
    list: String,
    pub(crate) limit: PageSize,
    /// The last entry of the previous page.
    pub(crate) before: Option<A>,
}

impl<A> PageRequest<A> {
    /// Reads the query of a request. `decode` reads the anchor of an entry.
    pub(crate) fn read(
        request: &HttpRequest,
        list: impl Into<String>,
        decode: impl FnOnce(&str) -> Option<A>,
    ) -> Result<Self, Problem> {
        let list = list.into();
        let mut query = Query::of(request, &["limit", "cursor"])?;
        let limit = read_limit(&mut query);
        let before = query.read("cursor", |text| {
            let anchor = cursor::decode(text, &list);
            let entry = anchor.and_then(|anchor| decode(&anchor));
            entry.ok_or("must be the next_cursor of a page of this list")
        });
        query.finish()?;
        Ok(Self {
            list,
            limit,
            before,
        })
    }

    /// Answers with the page. `last` is the anchor of its last entry if there is a next page.
    pub(crate) async fn respond<B: Serialize>(
        &self,
        request: &HttpRequest,
        total: Total,
        last: Option<impl Display>,
        body: impl FnOnce(Pagination) -> B,
    ) -> Result<HttpResponse, Problem> {
        let next = last.map(|anchor| cursor::encode(&self.list, &anchor.to_string()));
        let pagination = Pagination::new(total, self.limit, 0, next.clone());
        let document = Document::json(&body(pagination))?.followed_by(next);
        document.respond(request).await
    }
}
