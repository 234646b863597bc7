use rust_decimal::Decimal;

use super::{Allergen, Diet};
use crate::request::Query;
use crate::text_enum::text_enum;

/// Which products lists, searches and exports contain. By default, all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProductFilter {
    /// In a category of one of these slugs.
    pub categories: Vec<String>,
    /// With a stock of 1 or more.
    pub in_stock: bool,
    /// At this price or above.
    pub min_price: Option<Decimal>,
    /// At this price or below.
    pub max_price: Option<Decimal>,
    /// With at least so many stars on average.
    pub min_rating: Option<Decimal>,
    /// Of this group of variants.
    pub group: Option<String>,
    /// With stated allergens, and none of these among them.
    pub allergen_free: Vec<Allergen>,
    /// That suit all of these diets.
    pub diets: Vec<Diet>,
    /// With so many grams of protein in 100 g or 100 ml, or more.
    pub min_protein: Option<Decimal>,
    /// Of these ids, at most 100.
    pub ids: Vec<i32>,
}

text_enum! {
    /// Whether products or categories are public.
    Status {
        /// Active ones, which are public.
        Active = "active",
        /// Inactive ones.
        Inactive = "inactive",
        /// All.
        All = "all",
    }
}

text_enum! {
    /// A stock that needs attention.
    StockState {
        /// At `low_stock_at` or below, but not sold out.
        Low = "low",
        /// Sold out.
        Out = "out",
    }
}

impl ProductFilter {
    pub(super) fn write(&self, query: &mut Query) {
        query
            .list("category", &self.categories)
            .add("inStock", self.in_stock.then_some(true))
            .add("minPrice", self.min_price)
            .add("maxPrice", self.max_price)
            .add("minRating", self.min_rating)
            .add("group", self.group.as_ref())
            .list("allergenFree", &self.allergen_free)
            .list("diet", &self.diets)
            .add("minProtein", self.min_protein)
            .list("ids", &self.ids);
    }
}
