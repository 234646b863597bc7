//! The root of the server, for visitors who know only its host name.

use actix_web::http::header::{self, Accept, Header};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use crate::message::document::{Document, caching_of};
use crate::message::encoding::Form;
use crate::message::problem::Problem;
use crate::message::query::Query;

/// What this is and where to go on.
#[derive(Debug, Serialize, ToSchema)]
struct Greeting {
    #[schema(example = "EggyPro")]
    name: &'static str,
    #[schema(example = "1.0.0")]
    version: &'static str,
    /// The page that shows what can be asked for.
    #[schema(example = "/api/docs")]
    docs: &'static str,
    /// The OpenAPI document.
    #[schema(example = "/api/openapi.json")]
    openapi: &'static str,
    /// The page for the people who run the shop.
    #[schema(example = "/admin")]
    admin: &'static str,
}

/// Say what this is
///
/// A browser is sent to the page for people.
#[utoipa::path(
    get,
    path = "/",
    tag = "service",
    operation_id = "greet",
    responses(
        (status = 200, description = "The API and its documents", body = Greeting),
        (status = 302, description = "Who accepts text/html is sent to `/admin`", headers(("Location" = String, description = "Where the page is"))),
        (status = 304, description = "The caller has it already"),
    ),
)]
pub(crate) async fn greet(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    if is_browser(&request) {
        return Ok(sent_to("/admin"));
    }
    let greeting = Document::json(&Greeting {
        name: "EggyPro",
        version: env!("CARGO_PKG_VERSION"),
        docs: "/api/docs",
        openapi: "/api/openapi.json",
        admin: "/admin",
    })?;
    let greeting = greeting.represent(Form::Identity).await?;
    let mut response: HttpResponse = greeting.respond(&request, &caching_of(&request))?.into();
    response.headers_mut().insert(header::VARY, VARY);
    Ok(response)
}

fn is_browser(request: &HttpRequest) -> bool {
    let accepted = Accept::parse(request).into_iter();
    accepted
        .flat_map(|accepted| accepted.0)
        .filter(|accepted| accepted.quality > header::q(0.0))
        .any(|accepted| accepted.item.essence_str() == "text/html")
}

fn sent_to(page: &str) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((header::LOCATION, page))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::VARY, VARY))
        .finish()
}

const VARY: header::HeaderValue = header::HeaderValue::from_static("Accept, Origin");
