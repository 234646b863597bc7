use eggypro_domain::products::{Allergen, Diet, ProductFilter, ProductId};
use eggypro_domain::{Decimal, parse_amount};

use super::slug;
use crate::message::query::Query;

/// Reads the filters that lists and searches share.
pub(super) fn read_filter(query: &mut Query<'_>) -> ProductFilter {
    let mut filter = ProductFilter::default();
    filter.categories = sorted(query.list("category", MOST_CATEGORIES, slug));
    filter.ids = sorted(query.list("ids", MOST_IDS, |text| match text.parse() {
        Ok(id) if id > 0 => Ok(ProductId(id)),
        _ => Err("must be whole numbers from 1"),
    }));
    filter.in_stock = query.boolean("inStock").unwrap_or(false);
    filter.min_price = query.read("minPrice", amount);
    filter.max_price = query.read("maxPrice", amount);
    filter.min_rating = query.read("minRating", |text| {
        let stars = parse_amount(text).filter(|stars| *stars <= Decimal::from(5));
        stars.ok_or("must be a number from 0 to 5")
    });
    filter.group = query.read("group", slug);
    let allergens = query.list("allergenFree", Allergen::ALL.len(), |name| name.parse());
    filter.allergen_free = allergens.into_iter().collect();
    let diets = query.list("diet", Diet::ALL.len(), |name| name.parse());
    filter.diets = diets.into_iter().collect();
    filter.min_protein = query.read("minProtein", |text| {
        let grams = parse_amount(text).filter(|grams| *grams <= Decimal::ONE_HUNDRED);
        grams.ok_or("must be a number from 0 to 100")
    });
    filter
}

/// The maximum number of categories and of ids in a filter.
const MOST_CATEGORIES: usize = 50;
const MOST_IDS: usize = 100;

/// Sorted, so that equal filters have equal cache keys.
fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort_unstable();
    list
}

fn amount(text: &str) -> Result<Decimal, &'static str> {
    parse_amount(text).ok_or("must be an amount of 0 or more, such as 19.90")
}
