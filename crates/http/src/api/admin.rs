//! `/admin`, the page for staff. Its files are embedded in the binary.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use eggypro_admin::Asset;

use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::message::static_document::StaticDocument;

/// The files by their hashes, since several addresses have the same file.
static FILES: LazyLock<HashMap<&'static str, StaticDocument>> = LazyLock::new(|| {
    let files = eggypro_admin::assets();
    let documents = files.map(|asset| {
        let bytes = Bytes::from_static(asset.bytes);
        let document = StaticDocument::new(Document::new(bytes, asset.content_type));
        (asset.etag, document)
    });
    documents.collect()
});

/// For addresses that name the version of the page: they never change.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// For the page itself, which names the version.
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

pub(crate) async fn page(request: HttpRequest) -> Result<HttpResponse, Problem> {
    // Its addresses have parameters, which only its script reads.
    serve(&request, "").await
}

pub(crate) async fn file(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    serve(&request, &path).await
}

async fn serve(request: &HttpRequest, path: &str) -> Result<HttpResponse, Problem> {
    let unknown = || Problem::not_found("file");
    let Asset {
        etag, is_immutable, ..
    } = eggypro_admin::asset(path).ok_or_else(unknown)?;
    let document = FILES.get(etag).ok_or_else(unknown)?;
    let mut response = document.respond(request).await?;
    let caching = if is_immutable { IMMUTABLE } else { REVALIDATED };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, caching);
    Ok(response)
}
