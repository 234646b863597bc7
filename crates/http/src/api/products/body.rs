use std::collections::BTreeMap;

use eggypro_domain::images::StoredImage;
use eggypro_domain::products::{CategoryRef, Highlight, NewProduct, Product, Rating, SearchHit};
use eggypro_domain::{Decimal, Price};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::message::document::Document;
use crate::message::entity_tag;
use crate::message::fields::Fields;
use crate::message::problem::Problem;

/// A product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub(crate) struct ProductBody<'a> {
    #[schema(example = 1)]
    id: i32,
    #[schema(example = "EggyPro Vanilla 1kg")]
    name: &'a str,
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: &'a str,
    description: &'a str,
    details: &'a str,
    /// With at most two decimals, in the shop's currency.
    #[schema(value_type = f64, example = 39.90)]
    price: Amount,
    /// Absolute URLs, the leading picture first.
    images: &'a [String],
    /// What is known of each of `images`, in the same order.
    media: Vec<MediaBody<'a>>,
    ingredients: &'a [String],
    stock_quantity: i32,
    is_active: bool,
    /// The active ones, by name.
    categories: Vec<CategoryRefBody<'a>>,
    rating: RatingBody,
    /// When it becomes active; null once it has.
    #[serde(with = "time::serde::rfc3339::option")]
    publish_at: Option<OffsetDateTime>,
    /// When it becomes inactive; null once it has.
    #[serde(with = "time::serde::rfc3339::option")]
    unpublish_at: Option<OffsetDateTime>,
    /// The stock at which it is time to order more.
    #[schema(example = 10)]
    low_stock_at: Option<i32>,
    /// Starts at 1 and grows by one with every change.
    version: i32,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
}

/// An image of a product. Of one that the shop does not store itself, all but its address is null.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Media)]
struct MediaBody<'a> {
    /// As it stands in `images`.
    #[schema(example = "https://images.example/eggypro-products/0b5e3a6c/original.jpg")]
    url: &'a str,
    /// What it is deleted by.
    #[schema(example = "eggypro-products/0b5e3a6c8f5d4c0f9d7e2a1b3c4d5e6f")]
    public_id: Option<&'a str>,
    /// In pixels.
    #[schema(example = 1200)]
    width: Option<u32>,
    /// In pixels.
    #[schema(example = 900)]
    height: Option<u32>,
    /// The URL of a form for lists: at most 400 × 400 pixels, filled.
    thumbnail: Option<&'a str>,
    /// The URL of a form for a page of one product: at most 800 pixels wide, at quality 80.
    optimized: Option<&'a str>,
    /// URLs for `srcset`, by width: `400w`, `800w`, `1200w`. None is wider than the image.
    responsive: Option<&'a BTreeMap<String, String>>,
}

fn media(product: &Product) -> Vec<MediaBody<'_>> {
    let known = product.media.iter().map(Option::as_ref);
    let known = known.chain(std::iter::repeat(None));
    let images = product.images.iter().zip(known);
    images
        .map(|(url, known)| MediaBody::of(url, known))
        .collect()
}

impl<'a> MediaBody<'a> {
    fn of(url: &'a str, known: Option<&'a StoredImage>) -> Self {
        let renditions = known.and_then(|image| image.renditions.as_ref());
        Self {
            url,
            public_id: known.map(|image| image.id.as_str()),
            width: known.map(|image| image.width),
            height: known.map(|image| image.height),
            thumbnail: renditions.map(|renditions| renditions.thumbnail.as_str()),
            optimized: renditions.map(|renditions| renditions.optimized.as_str()),
            responsive: renditions.map(|renditions| &renditions.responsive),
        }
    }
}

/// A category that a product stands in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CategoryReference)]
struct CategoryRefBody<'a> {
    id: i32,
    name: &'a str,
    slug: &'a str,
}

/// What verified reviews say.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rating)]
struct RatingBody {
    /// The mean in stars, rounded to two decimals; null without a verified review.
    #[schema(example = 4.67)]
    average: Option<f64>,
    /// How many there are.
    count: u64,
    /// How many gave each number of stars; of a single product only.
    #[serde(skip_serializing_if = "Option::is_none")]
    distribution: Option<BTreeMap<&'static str, u32>>,
}

/// A product that a search found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchHit)]
pub(crate) struct HitBody<'a> {
    #[serde(flatten)]
    product: ProductBody<'a>,
    highlight: HighlightBody<'a>,
}

/// The matched parts as HTML: escaped, with the hits in `<mark>`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Highlight)]
struct HighlightBody<'a> {
    name: &'a str,
    description: &'a str,
}

impl<'a> ProductBody<'a> {
    /// A product in a list.
    pub(crate) fn listed(product: &'a Product) -> Self {
        Self {
            id: product.id.0,
            name: &product.name,
            slug: product.slug.as_str(),
            description: &product.description,
            details: &product.details,
            price: Amount::of(product.price),
            images: &product.images,
            media: media(product),
            ingredients: &product.ingredients,
            stock_quantity: product.stock_quantity,
            is_active: product.is_active,
            categories: product.categories.iter().map(CategoryRefBody::of).collect(),
            rating: RatingBody::of(product.rating),
            publish_at: product.publish_at,
            unpublish_at: product.unpublish_at,
            low_stock_at: product.low_stock_at,
            version: product.version,
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }

    /// A single product, with the distribution of its stars.
    pub(crate) fn single(product: &'a Product) -> Self {
        let mut body = Self::listed(product);
        let stars = ["1", "2", "3", "4", "5"];
        body.rating.distribution =
            Some(stars.into_iter().zip(product.rating.distribution).collect());
        body
    }
}

impl<'a> CategoryRefBody<'a> {
    fn of(category: &'a CategoryRef) -> Self {
        Self {
            id: category.id.0,
            name: &category.name,
            slug: category.slug.as_str(),
        }
    }
}

impl RatingBody {
    fn of(rating: Rating) -> Self {
        Self {
            average: rating.average(),
            count: rating.count(),
            distribution: None,
        }
    }
}

impl<'a> HitBody<'a> {
    pub(crate) fn of(hit: &'a SearchHit) -> Self {
        let Highlight { name, description } = &hit.highlight;
        Self {
            product: ProductBody::listed(&hit.product),
            highlight: HighlightBody { name, description },
        }
    }
}

/// An amount of money. It is written as a number with two decimals, without a conversion to a float.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount(pub(super) Decimal);

impl Amount {
    pub(super) fn of(price: Price) -> Self {
        Self(price.amount())
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = format!("{:.2}", self.0);
        let digits = RawValue::from_string(digits).map_err(serde::ser::Error::custom)?;
        digits.serialize(serializer)
    }
}

/// The document of a product. Its tag contains the version.
pub(crate) fn document(product: &Product) -> Result<Document, Problem> {
    Document::versioned_json(
        &ProductBody::single(product),
        entity_tag::of_revision(product.revision()),
    )
}

/// A product to be made, or the whole of what is to replace one.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_input` reads")]
pub(crate) struct ProductInput {
    /// ASCII letters, digits, space, `-` and `_`; not blank.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[a-zA-Z0-9 _-]+$",
        example = "EggyPro Vanilla 1kg"
    )]
    name: String,
    /// Without one it is made from the name, or stays when a product is replaced. `search` and `suggest` are reserved.
    #[schema(
        required = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[a-z0-9-]+$"
    )]
    slug: Option<String>,
    #[schema(min_length = 1, max_length = 10_000)]
    description: String,
    #[schema(min_length = 1, max_length = 10_000)]
    details: String,
    /// More than 0, with at most two decimals.
    #[schema(maximum = 999_999.99, example = 39.90)]
    price: f64,
    /// Absolute http or https URLs.
    #[schema(required = false, max_items = 20)]
    images: Option<Vec<String>>,
    /// Each of 1 to 255 characters.
    #[schema(min_items = 1, max_items = 50)]
    ingredients: Vec<String>,
    #[schema(required = false, minimum = 0, default = 0)]
    stock_quantity: Option<i32>,
    #[schema(required = false, default = true)]
    is_active: Option<bool>,
    /// Slugs of categories that exist.
    #[schema(required = false)]
    categories: Option<Vec<String>>,
    /// When it becomes active, once, at most two seconds late (RFC 3339). Until then `is_active` holds.
    #[schema(required = false, format = DateTime)]
    publish_at: Option<String>,
    /// When it becomes inactive, once; after `publish_at` (RFC 3339).
    #[schema(required = false, format = DateTime)]
    unpublish_at: Option<String>,
    /// The stock at which it is time to order more.
    #[schema(required = false, minimum = 0)]
    low_stock_at: Option<i32>,
}

/// What is to change of a product (RFC 7396): absent fields stay, null takes a field that has a default back to it.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `patch` reads")]
pub(crate) struct ProductPatch {
    #[schema(
        required = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[a-zA-Z0-9 _-]+$"
    )]
    name: String,
    #[schema(
        required = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[a-z0-9-]+$"
    )]
    slug: String,
    #[schema(required = false, min_length = 1, max_length = 10_000)]
    description: String,
    #[schema(required = false, min_length = 1, max_length = 10_000)]
    details: String,
    #[schema(required = false, maximum = 999_999.99, example = 34.90)]
    price: f64,
    #[schema(max_items = 20)]
    images: Option<Vec<String>>,
    #[schema(required = false, min_items = 1, max_items = 50)]
    ingredients: Vec<String>,
    #[schema(minimum = 0)]
    stock_quantity: Option<i32>,
    is_active: Option<bool>,
    categories: Option<Vec<String>>,
    #[schema(format = DateTime)]
    publish_at: Option<String>,
    #[schema(format = DateTime)]
    unpublish_at: Option<String>,
    #[schema(minimum = 0)]
    low_stock_at: Option<i32>,
}

/// Reads a complete product from a body, before validation.
pub(crate) fn read_input(fields: &mut Fields<'_>) -> NewProduct {
    let mut product = NewProduct::new(
        fields.text("name").or_default(),
        fields.text("description").or_default(),
        fields.text("details").or_default(),
        read_price(fields),
        fields.texts("ingredients").or_default(),
    );
    product.slug = fields.slug("slug").value();
    product.images = fields.texts("images").or_default();
    product.stock_quantity = fields.integer("stock_quantity").or(0);
    product.is_active = fields.boolean("is_active").or(true);
    product.categories = fields.categories("categories").or_default();
    product.publish_at = fields.time("publish_at").value();
    product.unpublish_at = fields.time("unpublish_at").value();
    product.low_stock_at = fields.integer("low_stock_at").value();
    product
}

/// Reads the price, which has no default. A missing one is recorded as an error, and the lowest price stands in for it.
fn read_price(fields: &mut Fields<'_>) -> Price {
    let given = fields.price("price");
    fields.require("price", given).or(Price::MIN)
}
