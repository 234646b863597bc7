//! `/api/search/synonyms`.

use std::convert::identity;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::synonyms::{NewSynonyms, Synonyms};
use serde::Serialize;
use utoipa::ToSchema;

use crate::message::document::Document;
use crate::message::entity_tag;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsRead, ProductsWrite};
use crate::state::Api;

/// All synonyms of the shop.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Synonyms)]
pub(crate) struct SynonymsBody<'a> {
    /// Groups of words and phrases that mean the same.
    #[schema(example = json!([["cocoa", "cacao"], ["albumen", "egg white"]]))]
    groups: &'a [Vec<String>],
}

/// What replaces all synonyms.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `replace` reads")]
pub(crate) struct SynonymsInput {
    /// At most 1000 groups of 2 to 20 different terms. A term is a word or a phrase of 1 to 100 characters, and is in one
    /// group.
    #[schema(max_items = 1000, example = json!([["cocoa", "cacao"], ["albumen", "egg white"]]))]
    groups: Vec<Vec<String>>,
}

/// The document of all synonyms. Its tag contains the version.
fn document(synonyms: &Synonyms) -> Result<Document, Problem> {
    let tag = entity_tag::of_revision(synonyms.revision());
    let groups = &synonyms.groups;
    Document::versioned_json(&SynonymsBody { groups }, tag)
}

/// Read the synonyms
///
/// A search for one term of a group finds products with any of them.
#[utoipa::path(
    get,
    path = "/api/search/synonyms",
    tag = "products",
    operation_id = "readSynonyms",
    security(("admin" = ["products:read"])),
    responses(
        (status = 200, description = "All synonyms; the ETag carries their version", body = SynonymsBody),
        (status = 304, description = "The caller has it already"),
    ),
)]
pub(crate) async fn read(
    _: Admin<ProductsRead>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    document(&api.synonyms.read().await?)?
        .respond(&request)
        .await
}

/// Replace the synonyms
///
/// Searches use them from the answer on. Products need not change.
#[utoipa::path(
    put,
    path = "/api/search/synonyms",
    tag = "products",
    operation_id = "replaceSynonyms",
    security(("admin" = ["products:write"])),
    params(("If-Match" = Option<String>, Header, description = "An ETag of the synonyms that are to be replaced")),
    request_body = SynonymsInput,
    responses(
        (status = 200, description = "All synonyms as they are now", body = SynonymsBody),
        (status = 412, description = "If-Match does not hold"),
    ),
)]
pub(crate) async fn replace(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let expected = entity_tag::expected(&request, identity)?;
    let mut fields = body.fields()?;
    let given = fields.lists_of_texts("groups");
    let groups = fields.require("groups", given).or_default();
    let new = fields.validate(NewSynonyms::new(groups))?;
    let replaced = api.synonyms.replace(new, expected).await;
    let synonyms = replaced.map_err(|error| entity_tag::refusal(&request, error))?;
    document(&synonyms)?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}
