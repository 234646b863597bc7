use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Food;
use crate::text_enum::text_enum;

/// A product of the shop.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Product {
    /// The id. It is never reused.
    pub id: i32,
    /// The name: ASCII letters, digits, spaces, `-` and `_`.
    pub name: String,
    /// The name in URLs.
    pub slug: String,
    /// A short description.
    pub description: String,
    /// Details, such as how to use it.
    pub details: String,
    /// The price of one unit, in [`currency`](Self::currency).
    #[serde(with = "crate::decimal")]
    pub price: Decimal,
    /// Absolute URLs of its images, the main image first.
    pub images: Vec<String>,
    /// What is known about each of `images`, in the same order.
    #[serde(default)]
    pub media: Vec<Media>,
    /// The ingredients, largest share first.
    pub ingredients: Vec<String>,
    /// What can be sold now.
    pub stock_quantity: i32,
    /// Whether it is public.
    pub is_active: bool,
    /// The active categories that it belongs to, by name.
    pub categories: Vec<CategoryReference>,
    /// The rating by verified reviews.
    pub rating: Rating,
    /// When it becomes active.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub publish_at: Option<OffsetDateTime>,
    /// When it becomes inactive.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub unpublish_at: Option<OffsetDateTime>,
    /// The stock at which it is time to order more.
    pub low_stock_at: Option<i32>,
    /// What people read, in any letters.
    pub title: String,
    /// The shop's own number.
    pub sku: Option<String>,
    /// The number of its barcode.
    pub gtin: Option<String>,
    /// The brand.
    pub brand: String,
    /// The currency of prices (ISO 4217).
    pub currency: String,
    /// The price before a reduction.
    #[serde(default, with = "crate::decimal::option")]
    pub list_price: Option<Decimal>,
    /// How much one unit contains.
    pub net_content: Option<NetContent>,
    /// The price of a unit of measure.
    pub unit_price: Option<UnitPrice>,
    /// Allergens, nutrition and other facts of a food.
    pub food: Option<Food>,
    /// The group whose products are variants of one another.
    pub group: Option<String>,
    /// In what it differs from its variants, by the name of the option.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// What search engines show.
    #[serde(default)]
    pub seo: Seo,
    /// Starts at 1 and grows by one with every change.
    pub version: i32,
    /// The time of creation.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// The time of the last change.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// A category that a product belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CategoryReference {
    /// The id.
    pub id: i32,
    /// The name.
    pub name: String,
    /// The name in URLs.
    pub slug: String,
}

/// The rating of a product by verified reviews.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Rating {
    /// The mean in stars, rounded to two decimals; `None` without a verified review.
    pub average: Option<f64>,
    /// The number of verified reviews.
    pub count: u64,
    /// How many gave each number of stars, by `"1"` to `"5"`. Only of a single product.
    pub distribution: Option<BTreeMap<String, u32>>,
}

/// An image of a product. Of an image that the shop does not store, only the URL and the text are known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Media {
    /// The URL, as in `images`.
    pub url: String,
    /// What it shows, for people who can't see it.
    pub alt_text: Option<String>,
    /// The id to delete it by.
    pub public_id: Option<String>,
    /// The width in pixels.
    pub width: Option<u32>,
    /// The height in pixels.
    pub height: Option<u32>,
    /// The URL of a rendition for lists, at most 400 × 400 pixels.
    pub thumbnail: Option<String>,
    /// The URL of a rendition for the page of a product, at most 800 pixels wide.
    pub optimized: Option<String>,
    /// URLs for `srcset`, by width: `400w`, `800w`, `1200w`.
    pub responsive: Option<BTreeMap<String, String>>,
}

/// How much one unit contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetContent {
    /// More than 0, with at most three decimals.
    #[serde(with = "crate::decimal")]
    pub value: Decimal,
    /// The unit of measure.
    pub unit: ContentUnit,
}

text_enum! {
    /// The unit of measure of a content.
    ContentUnit {
        /// Grams.
        Gram = "g",
        /// Kilograms.
        Kilogram = "kg",
        /// Millilitres.
        Millilitre = "ml",
        /// Litres.
        Litre = "l",
        /// Pieces.
        Piece = "piece",
    }
}

/// The price of a unit of measure.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UnitPrice {
    /// The price, rounded to cents.
    #[serde(with = "crate::decimal")]
    pub price: Decimal,
    /// The unit: `1 kg`, `1 l` or `1 piece`.
    pub per: String,
}

/// What search engines show of a product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seo {
    /// At most 70 characters; `None` for the title of the product.
    pub title: Option<String>,
    /// At most 200 characters; `None` for the description of the product.
    pub description: Option<String>,
}
