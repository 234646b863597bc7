use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_swagger_ui::Config;

use crate::document::Document;
use crate::problem::Problem;
use crate::query::Query;

/// The page that shows the API; its assets come from the binary.
const PAGE: &str = include_str!("docs/page.html");

pub(crate) async fn page(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    Document::new(
        Bytes::from_static(PAGE.as_bytes()),
        "text/html; charset=utf-8",
    )
    .respond(&request)
    .await
}

pub(crate) async fn asset(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let config = Arc::new(Config::from("/api/openapi.json").validator_url("none"));
    let file = utoipa_swagger_ui::serve(&path, config)
        .map_err(|error| Problem::unexpected(error.to_string()))?;
    let file = file.ok_or_else(|| Problem::not_found("file"))?;
    Document::new(Bytes::from(file.bytes.into_owned()), content_type(&path))
        .respond(&request)
        .await
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
