use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use time::OffsetDateTime;

use super::{Food, NetContent, Seo};

/// A product to create, or the complete replacement of one.
///
/// ```
/// use eggypro_client::{Decimal, products::NewProduct};
///
/// let product = NewProduct {
///     stock_quantity: 120,
///     ..NewProduct::new("EggyPro Vanilla 1kg", "Egg white protein.", "24 g a serving.", Decimal::new(3990, 2), ["Egg white"])
/// };
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewProduct {
    /// 1 to 255 ASCII letters, digits, spaces, `-` or `_`, not blank.
    pub name: String,
    /// The name in URLs: 1 to 255 of `[a-z0-9-]`. `None` makes it from the name, or keeps it when a product is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// 1 to 10 000 characters.
    pub description: String,
    /// 1 to 10 000 characters.
    pub details: String,
    /// More than 0, at most 999999.99, with at most two decimals.
    #[serde(with = "crate::decimal")]
    pub price: Decimal,
    /// At most 20 absolute http or https URLs.
    pub images: Vec<String>,
    /// What each of `images` shows, in the same order.
    pub media: Vec<MediaInput>,
    /// 1 to 50 texts of 1 to 255 characters.
    pub ingredients: Vec<String>,
    /// What can be sold now.
    pub stock_quantity: i32,
    /// Whether it is public.
    pub is_active: bool,
    /// Slugs of categories that exist.
    pub categories: Vec<String>,
    /// What people read: 1 to 255 characters. `None` for the name.
    pub title: Option<String>,
    /// The shop's own number: 1 to 64 of `[A-Za-z0-9._-]`, unique without regard to case.
    pub sku: Option<String>,
    /// The number of its barcode: 8, 12, 13 or 14 digits, unique.
    pub gtin: Option<String>,
    /// 1 to 100 characters. `None` for the brand of the shop.
    pub brand: Option<String>,
    /// The price before a reduction, above the price.
    #[serde(with = "crate::decimal::option")]
    pub list_price: Option<Decimal>,
    /// How much one unit contains.
    pub net_content: Option<NetContent>,
    /// Facts of a food.
    pub food: Option<Food>,
    /// The slug of the group whose products are variants of one another.
    pub group: Option<String>,
    /// At most three names of options with their values.
    pub options: BTreeMap<String, String>,
    /// What search engines show.
    pub seo: Seo,
    /// When it becomes active, once.
    #[serde(with = "time::serde::rfc3339::option")]
    pub publish_at: Option<OffsetDateTime>,
    /// When it becomes inactive, once. After `publish_at`.
    #[serde(with = "time::serde::rfc3339::option")]
    pub unpublish_at: Option<OffsetDateTime>,
    /// The stock at which it is time to order more.
    pub low_stock_at: Option<i32>,
}

/// What an image shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct MediaInput {
    /// At most 512 characters.
    pub alt_text: Option<String>,
}

impl NewProduct {
    /// An active, sold out product without optional data.
    pub fn new(
        name: impl Into<String>,
        description: impl Into<String>,
        details: impl Into<String>,
        price: Decimal,
        ingredients: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            name: name.into(),
            slug: None,
            description: description.into(),
            details: details.into(),
            price,
            images: vec![],
            media: vec![],
            ingredients: ingredients.into_iter().map(Into::into).collect(),
            stock_quantity: 0,
            is_active: true,
            categories: vec![],
            title: None,
            sku: None,
            gtin: None,
            brand: None,
            list_price: None,
            net_content: None,
            food: None,
            group: None,
            options: BTreeMap::new(),
            seo: Seo::default(),
            publish_at: None,
            unpublish_at: None,
            low_stock_at: None,
        }
    }
}
