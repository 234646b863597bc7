//! The requests. Members that are unknown here are ignored.

use actix_web::HttpRequest;
use eggypro_domain::products::PageSize;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use super::agent;
use super::answer::Refusal;
use crate::message::json_body::JsonBody;

/// The body of a request, of at most 256 KiB.
pub(super) type Body = JsonBody<{ 256 * 1024 }>;

/// A request to search or list products.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct SearchRequest {
    /// Words to search for. Without it, a filter is required.
    pub(super) query: Option<String>,
    pub(super) context: Option<Context>,
    pub(super) filters: Option<Filters>,
    pub(super) pagination: Option<PageRequest>,
}

/// A request for products by id.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct LookupRequest {
    /// Ids of products or variants, SKUs, barcodes (GTIN) or handles; at most 100.
    #[schemars(length(min = 1, max = 100))]
    pub(super) ids: Vec<String>,
    pub(super) context: Option<Context>,
    pub(super) filters: Option<Filters>,
}

/// A request for one product.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ProductRequest {
    /// The id of a product or a variant, an SKU, a barcode or a handle.
    pub(super) id: String,
    /// The values that the buyer has chosen, one for an option.
    pub(super) selected: Option<Vec<SelectedOption>>,
    /// Names of options. The last one is the first that may be ignored.
    pub(super) preferences: Option<Vec<String>>,
    pub(super) context: Option<Context>,
    pub(super) filters: Option<Filters>,
}

/// What is known of the buyer. Only the currency matters here.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Context {
    /// The currency of the filters (ISO 4217).
    pub(super) currency: Option<String>,
}

/// What products must have.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Filters {
    /// The products of any of these categories.
    pub(super) categories: Option<Vec<String>>,
    pub(super) price: Option<PriceFilter>,
}

/// A range of prices in minor units.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct PriceFilter {
    #[schemars(with = "Option<u64>")]
    pub(super) min: Option<Number>,
    #[schemars(with = "Option<u64>")]
    pub(super) max: Option<Number>,
}

/// A page of a search.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct PageRequest {
    /// The cursor of the previous answer. Without it, the first page is read.
    pub(super) cursor: Option<String>,
    /// The number of products, from 1 to 25; without it, 10.
    #[schemars(with = "Option<u8>")]
    pub(super) limit: Option<Number>,
}

/// A value that the buyer has chosen.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct SelectedOption {
    /// The name of the option.
    pub(super) name: String,
    /// The value.
    pub(super) label: String,
}

impl PageRequest {
    /// The size of a page without a limit.
    const DEFAULT: f64 = 10.0;

    /// The page size that is nearest to the limit.
    pub(super) fn size(&self) -> PageSize {
        let limit = self.limit.as_ref().and_then(Number::as_f64);
        let size = limit.unwrap_or(Self::DEFAULT).clamp(1.0, 25.0);
        PageSize::try_from(size as u32).unwrap_or_default()
    }
}

/// Checks the agent and reads its request.
///
/// # Errors
/// If the agent asks for another version, or the body can't be read.
pub(super) fn accept<T: DeserializeOwned>(
    request: &HttpRequest,
    body: &Body,
) -> Result<T, Refusal> {
    agent::check(request)?;
    // By way of a map, since a list would be read as the members in order.
    let members = body.parse();
    read(members.map_err(|_| Refusal::invalid("The body must be a JSON object."))?)
}

/// Reads a request from the members of its object.
///
/// # Errors
/// If a member has another type.
pub(super) fn read<T: DeserializeOwned>(members: Map<String, Value>) -> Result<T, Refusal> {
    let unreadable = |error| Refusal::invalid(format!("The request can't be read: {error}."));
    T::deserialize(Value::Object(members)).map_err(unreadable)
}
