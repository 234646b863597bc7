//! The values of one product.

use std::hash::BuildHasher;

use eggypro_domain::Decimal;
use eggypro_domain::products::{
    CategoryRef, NameKey, PriceRange, Product, ProductSort, RowVersion,
};
use eggypro_domain::time::OffsetDateTime;
use foldhash::fast::FixedState;

use super::STARS;
use super::facts::FactEntry;
use super::order::SortValue;
use crate::analysis;

/// The value of a product in each column. Computing it takes microseconds, so hold no lock meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(super) version: RowVersion,
    pub(super) slug: Box<str>,
    pub(super) price: u32,
    pub(super) score: i32,
    pub(super) created: i64,
    pub(super) name: Box<[u8]>,
    pub(super) text: Box<str>,
    pub(super) name_length: u8,
    pub(super) text_hash: u64,
    pub(super) categories: Vec<CategoryRef>,
    pub(super) is_active: bool,
    pub(super) is_in_stock: bool,
    pub(super) is_low_in_stock: bool,
    pub(super) price_range: usize,
    pub(super) stars: usize,
    pub(super) facts: FactEntry,
}

impl Entry {
    pub(crate) fn of(product: &Product) -> Self {
        let title = product.shown_title();
        // The separators are in no text of a product, so nothing is found across them.
        let text = format!("{title}\u{1f}{}\n{}", product.name, product.description);
        let length = analysis::query_terms(title).len();
        let stars = match product.rating.count() {
            0 => 0,
            _ => (product.rating.score() + 500_000) / 1_000_000,
        };
        Self {
            version: RowVersion::of(product),
            slug: product.slug.as_str().into(),
            price: hundredths(product.price.amount()),
            score: product.rating.score(),
            created: microseconds(product.created_at),
            name: NameKey::of(title.to_owned()).into_bytes().into(),
            text: text.to_lowercase().into(),
            name_length: length.try_into().unwrap_or(u8::MAX),
            text_hash: text_hash(product),
            categories: product.categories.clone(),
            is_active: product.is_active,
            is_in_stock: product.stock_quantity > 0,
            is_low_in_stock: product.is_low_in_stock(),
            price_range: PriceRange::of(product.price).into(),
            stars: usize::try_from(stars).unwrap_or(0).min(STARS - 1),
            facts: FactEntry::of(product),
        }
    }

    pub(super) fn sort_value(&self, sort: ProductSort) -> SortValue {
        match sort {
            ProductSort::NameAsc | ProductSort::NameDesc => SortValue::Name(self.name.clone()),
            ProductSort::PriceAsc | ProductSort::PriceDesc => SortValue::Number(self.price.into()),
            ProductSort::Newest => SortValue::Number(self.created),
            ProductSort::RatingDesc => SortValue::Number(self.score.into()),
            ProductSort::ProteinDesc | ProductSort::UnitPriceAsc | ProductSort::ProteinPriceAsc => {
                SortValue::Number(self.facts.number(sort))
            }
        }
    }
}

/// A hash of all indexed texts of a product.
pub(super) fn text_hash(product: &Product) -> u64 {
    let Product {
        name,
        title,
        description,
        details,
        ingredients,
        ..
    } = product;
    FixedState::default().hash_one((name, title, description, details, ingredients))
}

/// An amount in cents, rounded down.
pub(crate) fn hundredths(amount: Decimal) -> u32 {
    let hundredths = amount.checked_mul(Decimal::ONE_HUNDRED);
    let whole = hundredths.and_then(|amount| amount.floor().try_into().ok());
    whole.unwrap_or(u32::MAX)
}

pub(super) fn microseconds(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}
