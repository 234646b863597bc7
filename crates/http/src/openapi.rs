mod complete;
mod examples;
mod problems;

use std::sync::LazyLock;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use self::complete::complete;
use crate::api::{
    categories, feeds, health, images, imports, products, reservations, reviews, session, stock,
    webhooks,
};
use crate::message::document::{Document, JSON};
use crate::message::problem::{Problem, ProblemBody};
use crate::message::query::Query;
use crate::message::static_document::StaticDocument;

/// The API, as its handlers describe it.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "EggyPro",
        description = "Products, categories and their search of a shop for egg-protein foods. Every error is a \
                       problem of RFC 9457; every answer has an X-Request-Id; every cacheable GET has a strong ETag \
                       and answers HEAD, too. Unknown query parameters and body fields are refused.",
        contact(name = "EggyPro"),
        license(name = "MIT", identifier = "MIT"),
    ),
    tags(
        (name = "products", description = "What the shop sells"),
        (name = "stock", description = "Where every piece came from and went"),
        (name = "reviews", description = "What customers say of products"),
        (name = "feeds", description = "The catalogue for shopping services and search engines"),
        (name = "images", description = "The pictures of products"),
        (name = "imports", description = "Files that create and change products"),
        (name = "categories", description = "How the shop is arranged"),
        (name = "auth", description = "Who is calling"),
        (name = "health", description = "For orchestrators"),
        (name = "keys", description = "Who may call for a person or a program"),
        (name = "changes", description = "What was changed, when and by whom"),
        (name = "webhooks", description = "Other systems that receive events"),
        (name = "metrics", description = "How requests went"),
        (name = "service", description = "What this is"),
    ),
    paths(
        crate::api::root::greet,
        products::list,
        products::search,
        products::export,
        products::suggest,
        products::read,
        products::create,
        products::replace,
        products::patch,
        products::delete,
        products::bulk,
        products::jsonld,
        feeds::google_feed,
        feeds::openai_feed,
        feeds::pages,
        feeds::report,
        stock::list,
        stock::make,
        stock::make_all,
        reservations::create,
        reservations::read,
        reservations::confirm,
        reservations::release,
        reviews::list,
        reviews::create,
        reviews::queue,
        reviews::verify,
        reviews::decide,
        reviews::delete,
        images::upload_to_product,
        images::upload,
        images::delete,
        imports::list,
        imports::create,
        imports::read,
        imports::cancel,
        imports::errors,
        categories::list,
        categories::read,
        categories::create,
        categories::replace,
        categories::delete,
        crate::api::search::synonyms::read,
        crate::api::search::synonyms::replace,
        session::begin,
        session::read,
        session::end,
        crate::api::keys::list,
        crate::api::keys::create,
        crate::api::keys::rotate,
        crate::api::keys::revoke,
        crate::api::changes::list,
        crate::api::changes::events::read,
        webhooks::list,
        webhooks::create,
        webhooks::read,
        webhooks::patch,
        webhooks::delete,
        webhooks::rotate_secret,
        webhooks::send_test,
        webhooks::deliveries,
        webhooks::retry,
        crate::api::metrics::read,
        crate::api::search::check::check,
        health::summary,
        health::live,
        health::ready,
    ),
    components(schemas(ProblemBody)),
    modifiers(&Security),
)]
struct Description;

/// The OpenAPI 3.1 document as JSON.
///
/// # Errors
/// If the document can't be written as JSON, which does not happen in practice.
pub fn document() -> serde_json::Result<String> {
    let document = serde_json::to_value(Description::openapi())?;
    serde_json::to_string_pretty(&complete(document))
}

/// The served document. The first request creates it.
static DOCUMENT: LazyLock<serde_json::Result<StaticDocument>> = LazyLock::new(|| {
    Ok(StaticDocument::new(Document::new(
        Bytes::from(document()?),
        JSON,
    )))
});

/// Serves the OpenAPI document.
pub(crate) async fn serve(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let document = DOCUMENT
        .as_ref()
        .map_err(|error| Problem::unexpected(error.to_string()))?;
    document.respond(&request).await
}

/// Adds the security scheme.
struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The admin secret, an API key, or the token of a session.",
            ))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("admin", SecurityScheme::Http(scheme));
    }
}
