use std::collections::BTreeMap;

use eggypro_domain::images::StoredImage;
use eggypro_domain::products::{CategoryRef, Highlight, Product, Rating, SearchHit};
use eggypro_domain::{Decimal, Price};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::facts::{FoodBody, NetContentBody, OptionsBody, SeoBody, UnitPriceBody};
use crate::message::document::Document;
use crate::message::entity_tag;
use crate::message::problem::Problem;
use crate::state::Storefront;

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
    /// What each of `images` shows, and what is known of it, in the same order.
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
    /// What people read.
    #[schema(example = "EggyPro Crème Brûlée 1 kg")]
    title: &'a str,
    /// The shop's own number.
    #[schema(example = "EP-CB-1000")]
    sku: Option<&'a str>,
    /// The number of the barcode (GS1).
    #[schema(example = "4006381333931")]
    gtin: Option<&'a str>,
    #[schema(example = "EggyPro")]
    brand: &'a str,
    /// ISO 4217.
    #[schema(example = "EUR")]
    currency: &'a str,
    /// The price before a reduction.
    #[schema(value_type = Option<f64>, example = 44.90)]
    list_price: Option<Amount>,
    net_content: Option<NetContentBody>,
    /// Computed from the price and the content.
    unit_price: Option<UnitPriceBody>,
    food: Option<FoodBody<'a>>,
    /// Products of one group are variants of one another.
    #[schema(example = "eggypro-creme-brulee")]
    group: Option<&'a str>,
    /// In what it differs from its variants.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"Size": "1 kg"}))]
    options: OptionsBody<'a>,
    seo: SeoBody<'a>,
    /// Starts at 1 and grows by one with every change.
    version: i32,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
}

/// An image of a product. Of one that the shop does not store itself, all but its address and text is null.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Media)]
struct MediaBody<'a> {
    /// As it stands in `images`.
    #[schema(example = "https://images.example/eggypro-products/0b5e3a6c/original.jpg")]
    url: &'a str,
    /// What it shows, for those who don't see it.
    #[schema(example = "A bag of vanilla protein powder")]
    alt_text: Option<&'a str>,
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
        .map(|(url, known)| MediaBody::of(url, known, product))
        .collect()
}

impl<'a> MediaBody<'a> {
    fn of(url: &'a str, known: Option<&'a StoredImage>, product: &'a Product) -> Self {
        let renditions = known.and_then(|image| image.renditions.as_ref());
        Self {
            url,
            alt_text: product.alt_texts.get(url).map(String::as_str),
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
    pub(crate) fn listed(product: &'a Product, shop: &'a Storefront) -> Self {
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
            title: product.shown_title(),
            sku: product.sku.as_ref().map(|sku| sku.as_str()),
            gtin: product.gtin.as_ref().map(|gtin| gtin.as_str()),
            brand: product.brand.as_deref().unwrap_or(&shop.brand),
            currency: shop.currency.code(),
            list_price: product.list_price.map(Amount::of),
            net_content: product.net_content.map(NetContentBody::of),
            unit_price: product.unit_price().map(UnitPriceBody::of),
            food: product.food.as_ref().map(FoodBody::of),
            group: product.group.as_ref().map(|group| group.as_str()),
            options: OptionsBody(&product.options),
            seo: SeoBody::of(&product.seo),
            version: product.version,
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }

    /// A single product, with the distribution of its stars.
    pub(crate) fn single(product: &'a Product, shop: &'a Storefront) -> Self {
        let mut body = Self::listed(product, shop);
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
    pub(crate) fn of(hit: &'a SearchHit, shop: &'a Storefront) -> Self {
        let Highlight { name, description } = &hit.highlight;
        Self {
            product: ProductBody::listed(&hit.product, shop),
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
pub(crate) fn document(product: &Product, shop: &Storefront) -> Result<Document, Problem> {
    Document::versioned_json(
        &ProductBody::single(product, shop),
        entity_tag::of_revision(product.revision()),
    )
}
