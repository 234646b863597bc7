use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_swagger_ui::Config;

use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::message::static_document::StaticDocument;

/// The page that shows the API. Its assets are embedded in the binary.
static PAGE: LazyLock<StaticDocument> = LazyLock::new(|| {
    let page = Bytes::from_static(include_bytes!("docs/page.html"));
    StaticDocument::new(Document::new(page, "text/html; charset=utf-8"))
});

/// The requested assets. Only names of existing assets are inserted, so the size is bounded.
static ASSETS: LazyLock<Mutex<HashMap<String, Arc<StaticDocument>>>> =
    LazyLock::new(Mutex::default);

pub(crate) async fn page(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    PAGE.respond(&request).await
}

pub(crate) async fn asset(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let asset = asset_named(&path)?.ok_or_else(|| Problem::not_found("file"))?;
    asset.respond(&request).await
}

fn asset_named(name: &str) -> Result<Option<Arc<StaticDocument>>, Problem> {
    // Nothing panics while the lock is held.
    let mut assets = ASSETS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(asset) = assets.get(name) {
        return Ok(Some(Arc::clone(asset)));
    }
    let Some(bytes) = bytes_of(name)? else {
        return Ok(None);
    };
    let asset = Arc::new(StaticDocument::new(Document::new(
        bytes,
        content_type(name),
    )));
    assets.insert(name.to_owned(), Arc::clone(&asset));
    Ok(Some(asset))
}

/// The bytes of an asset: our own style sheet or icon, or a file of the library.
fn bytes_of(name: &str) -> Result<Option<Bytes>, Problem> {
    match name {
        "page.css" => return Ok(Some(Bytes::from_static(include_bytes!("docs/page.css")))),
        "icon.svg" => return Ok(Some(Bytes::from_static(include_bytes!("docs/icon.svg")))),
        _ => {}
    }
    let config = Config::from("/api/openapi.json");
    let config = config.validator_url("none").use_base_layout();
    let file = utoipa_swagger_ui::serve(name, Arc::new(config))
        .map_err(|error| Problem::unexpected(error.to_string()))?;
    Ok(file.map(|file| Bytes::from(file.bytes.into_owned())))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
