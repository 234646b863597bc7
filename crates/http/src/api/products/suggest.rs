use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Region};
use eggypro_domain::changes::Tag;
use eggypro_domain::products::{SearchText, Suggestion};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::body::Amount;
use crate::api::cached_answer::answer;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::state::Api;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `suggest` reads")]
pub(crate) struct SuggestParameters {
    /// What was typed so far.
    #[param(min_length = 1, max_length = 200)]
    q: String,
}

/// At most eight products that may be meant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Suggestions<'a> {
    data: Vec<SuggestionBody<'a>>,
}

/// A product that may be meant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Suggestion)]
struct SuggestionBody<'a> {
    #[schema(example = "EggyPro Vanilla 1kg")]
    name: &'a str,
    /// What people read.
    title: &'a str,
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: &'a str,
    #[schema(value_type = f64, example = 39.90)]
    price: Amount,
    /// The leading one of its pictures.
    image: Option<&'a str>,
}

/// Suggest products while somebody types
///
/// The best of them first; there may be none.
#[utoipa::path(
    get,
    path = "/api/products/suggest",
    tag = "products",
    operation_id = "suggestProducts",
    params(SuggestParameters),
    responses(
        (status = 200, description = "At most eight products that may be meant", body = Suggestions),
        (status = 304, description = "The caller has it already"),
        (status = 400, description = "A query parameter is unknown, missing or broken"),
    ),
)]
pub(crate) async fn suggest(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let text = read_query(request.query_string())?;
    let key = key(&text);
    let products = api.products.clone();
    let load = async move {
        let suggestions = products.suggest(&text).await?;
        Document::json(&Suggestions {
            data: suggestions.iter().map(SuggestionBody::of).collect(),
        })
    };
    answer(&request, &api, key, "page", load).await
}

/// The cache key of the answer to a query string. `None` if the query is invalid.
pub(crate) fn key_of(query: &str) -> Option<Key> {
    read_query(query).ok().map(|text| key(&text))
}

fn key(text: &SearchText) -> Key {
    let name = format!("suggest {}", text.as_str());
    Key::new(name, Tag::Products, Region::Searches)
}

fn read_query(text: &str) -> Result<SearchText, Problem> {
    let mut query = Query::parse(text, &["q"])?;
    let text = query.search_text("q", true);
    query.finish()?;
    // `finish` has refused a missing text.
    text.ok_or_else(|| Problem::unexpected("suggestions without a text"))
}

impl<'a> SuggestionBody<'a> {
    fn of(suggestion: &'a Suggestion) -> Self {
        Self {
            name: &suggestion.name,
            title: &suggestion.title,
            slug: suggestion.slug.as_str(),
            price: Amount::of(suggestion.price),
            image: suggestion.image.as_deref(),
        }
    }
}
