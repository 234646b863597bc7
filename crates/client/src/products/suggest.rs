use rust_decimal::Decimal;
use serde::Deserialize;

use super::Products;
use crate::Call;
use crate::operation as op;
use crate::request::Request;

/// What a shopper may mean who is typing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Suggestions {
    /// At most 8 products, the best match first.
    pub data: Vec<Suggestion>,
}

/// A product that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Suggestion {
    /// The name.
    pub name: String,
    /// What people read.
    pub title: String,
    /// The name in URLs.
    pub slug: String,
    /// The price of one unit.
    #[serde(with = "crate::decimal")]
    pub price: Decimal,
    /// The URL of the main image.
    pub image: Option<String>,
}

impl Products<'_> {
    /// Suggests products while a shopper types.
    ///
    /// # Errors
    /// 400 if the text is empty or too long.
    pub fn suggest(&self, q: &str) -> Call<Suggestions> {
        let request = Request::new(&op::SUGGEST_PRODUCTS, &[]);
        let request = request.query(|query| {
            query.add("q", Some(q));
        });
        Call::json(self.0, request)
    }
}
