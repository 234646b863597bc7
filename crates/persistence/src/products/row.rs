mod columns;

use diesel::prelude::*;
use eggypro_domain::categories::CategoryId;
use eggypro_domain::products::{CategoryRef, Product, ProductId, Rating};
use eggypro_domain::{InvalidPrice, InvalidSlug, Price, Slug};
use rust_decimal::Decimal;
use time::OffsetDateTime;

use super::facts::FactsRow;
use super::media;

pub(super) use self::columns::{BARE_COLUMNS, CATEGORIES, COLUMNS, Columns};

#[derive(Debug, Queryable)]
pub(super) struct ProductRow {
    id: i32,
    name: String,
    slug: String,
    description: String,
    details: String,
    price: Decimal,
    images: Vec<String>,
    ingredients: Vec<String>,
    stock_quantity: i32,
    is_active: bool,
    publish_at: Option<OffsetDateTime>,
    unpublish_at: Option<OffsetDateTime>,
    low_stock_at: Option<i32>,
    facts: FactsRow,
    rating_counts: Vec<i32>,
    version: i32,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
    media: Option<String>,
    category_ids: Vec<i32>,
    category_names: Vec<String>,
    category_slugs: Vec<String>,
}

/// A row that breaks a rule of the domain. The checks of the database should have refused it.
#[derive(Debug, thiserror::Error)]
pub(super) enum CorruptRow {
    #[error(transparent)]
    Price(#[from] InvalidPrice),
    #[error(transparent)]
    Slug(#[from] InvalidSlug),
    #[error("what is known of images can't be read")]
    Media,
    #[error("a product does not have five counts of ratings")]
    Rating,
}

impl TryFrom<ProductRow> for Product {
    type Error = CorruptRow;

    fn try_from(row: ProductRow) -> Result<Self, CorruptRow> {
        let ids = row.category_ids.into_iter().map(CategoryId);
        let categories =
            ids.zip(row.category_names)
                .zip(row.category_slugs)
                .map(|((id, name), slug)| {
                    Ok(CategoryRef {
                        id,
                        name,
                        slug: Slug::try_from(slug)?,
                    })
                });
        let counts: Option<Vec<u32>> = row
            .rating_counts
            .into_iter()
            .map(|count| count.try_into().ok())
            .collect();
        let distribution = counts
            .and_then(|counts| counts.try_into().ok())
            .ok_or(CorruptRow::Rating)?;
        let mut product = Self::new(
            ProductId(row.id),
            row.name,
            Slug::try_from(row.slug)?,
            Price::try_from(row.price)?,
            row.created_at,
        );
        product.description = row.description;
        product.details = row.details;
        product.media = media::read(row.media.as_deref(), row.images.len())?;
        product.images = row.images;
        product.ingredients = row.ingredients;
        product.stock_quantity = row.stock_quantity;
        product.is_active = row.is_active;
        product.publish_at = row.publish_at;
        product.unpublish_at = row.unpublish_at;
        product.low_stock_at = row.low_stock_at;
        row.facts.add_to(&mut product);
        product.categories = categories.collect::<Result<_, InvalidSlug>>()?;
        product.rating = Rating { distribution };
        product.version = row.version;
        product.updated_at = row.updated_at;
        Ok(product)
    }
}
