use std::sync::LazyLock;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

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
        license(name = "MIT", identifier = "MIT"),
    ),
    tags(
        (name = "products", description = "What the shop sells"),
        (name = "reviews", description = "What customers say of products"),
        (name = "images", description = "The pictures of products"),
        (name = "categories", description = "How the shop is arranged"),
        (name = "auth", description = "Who is calling"),
        (name = "health", description = "For orchestrators"),
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
        session::begin,
        session::read,
        crate::metrics::read,
        health::summary,
        health::live,
        health::ready,
    ),
    components(schemas(ProblemBody)),
    modifiers(&CommonAnswers),
)]
struct Description;

/// The OpenAPI 3.1 document as JSON.
///
/// # Errors
/// Never in practice: the document is made of texts.
pub fn document() -> serde_json::Result<String> {
    Description::openapi().to_pretty_json()
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

/// Adds what every operation of a kind may answer, so that handlers name only what is their own.
struct CommonAnswers;

impl Modify for CommonAnswers {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The admin secret, or the token of a session."))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("admin", SecurityScheme::Http(scheme));
        for path in openapi.paths.paths.values_mut() {
            let methods = [
                &mut path.get,
                &mut path.post,
                &mut path.put,
                &mut path.patch,
                &mut path.delete,
            ];
            for operation in methods.into_iter().flatten() {
                complete(operation);
            }
        }
    }
}

fn complete(operation: &mut Operation) {
    let mut common = vec![
        (
            "400",
            "The request can't be read, or has an unknown query parameter",
        ),
        ("414", "The address is longer than 2048 bytes"),
        ("429", "The client has called too often"),
        ("431", "The head is larger than 16 KiB"),
        ("503", "A service that this needs does not answer"),
    ];
    if operation.security.is_some() {
        common.push(("401", "No or wrong credentials"));
    }
    if needs_permission(operation) {
        common.push(("403", "Not permitted"));
    }
    if operation.request_body.is_some() {
        common.push(("408", "The body takes too long to arrive"));
        common.push(("413", "The body is larger than 1 MiB"));
        common.push(("415", "The body is of another type"));
        common.push(("422", "Fields break their rules, all of which are named"));
    } else if has_query(operation) {
        common.push(("422", "A query parameter holds a NUL character"));
    }
    let responses = &mut operation.responses.responses;
    for (status, description) in common {
        let response = || RefOr::T(ResponseBuilder::new().description(description).build());
        responses.entry(status.to_owned()).or_insert_with(response);
    }
    for (status, response) in responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
        {
            let schema = Content::new(Some(Ref::from_schema_name("Problem")));
            response
                .content
                .insert("application/problem+json".to_owned(), RefOr::T(schema));
        }
    }
}

fn has_query(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
        RefOr::Ref(_) => false,
    })
}

/// Whether it is not enough to be somebody.
fn needs_permission(operation: &Operation) -> bool {
    let security = serde_json::to_value(&operation.security).unwrap_or_default();
    let scopes = |requirement: &serde_json::Value| {
        requirement["admin"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    };
    security
        .as_array()
        .is_some_and(|requirements| requirements.iter().any(scopes))
}
