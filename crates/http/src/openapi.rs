mod complete;
mod examples;
mod problems;

use std::sync::LazyLock;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use self::complete::complete;
use crate::document::{Document, JSON};
use crate::problem::{Problem, ProblemBody};
use crate::query::Query;
use crate::static_document::StaticDocument;
use crate::{categories, health, images, products, reviews, session};

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
        (name = "reviews", description = "What customers say of products"),
        (name = "images", description = "The pictures of products"),
        (name = "categories", description = "How the shop is arranged"),
        (name = "auth", description = "Who is calling"),
        (name = "health", description = "For orchestrators"),
        (name = "keys", description = "Who may call for a person or a program"),
        (name = "changes", description = "What was changed, when and by whom"),
        (name = "metrics", description = "How requests went"),
        (name = "service", description = "What this is"),
    ),
    paths(
        crate::root::greet,
        products::list,
        products::search,
        products::suggest,
        products::read,
        products::create,
        products::replace,
        products::patch,
        products::delete,
        reviews::list,
        reviews::create,
        reviews::queue,
        reviews::verify,
        reviews::decide,
        reviews::delete,
        images::upload_to_product,
        images::upload,
        images::delete,
        categories::list,
        categories::read,
        categories::create,
        categories::replace,
        categories::delete,
        crate::synonyms::read,
        crate::synonyms::replace,
        session::begin,
        session::read,
        session::end,
        crate::keys::list,
        crate::keys::create,
        crate::keys::rotate,
        crate::keys::revoke,
        crate::changes::list,
        crate::changes::events::read,
        crate::metrics::read,
        crate::index_check::check,
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
/// Never in practice: the document is made of texts.
pub fn document() -> serde_json::Result<String> {
    let document = serde_json::to_value(Description::openapi())?;
    serde_json::to_string_pretty(&complete(document))
}

/// The document as it is served, made at the first request.
static MADE: LazyLock<serde_json::Result<StaticDocument>> = LazyLock::new(|| {
    Ok(StaticDocument::new(Document::new(
        Bytes::from(document()?),
        JSON,
    )))
});

/// Serves the document.
pub(crate) async fn serve(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let made = MADE
        .as_ref()
        .map_err(|error| Problem::unexpected(error.to_string()))?;
    made.respond(&request).await
}

/// Adds how callers say who they are.
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
