use eggypro_domain::products::{
    Allergen, Diet, ProductFilter, ProductId, StatusFilter, StockFilter,
};
use eggypro_domain::{Decimal, parse_amount};
use utoipa::IntoParams;

use super::slug;
use crate::message::query::Query;

/// The filters that lists and searches share.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read_filter` reads")]
pub(crate) struct FilterParameters {
    /// Only products in a category of one of these slugs.
    #[param(max_items = 50, style = Form, explode = false)]
    category: Option<Vec<String>>,
    /// `true`: only products with a stock of 1 or more.
    #[param(rename = "inStock")]
    in_stock: Option<bool>,
    /// Only products that cost at least this.
    #[param(rename = "minPrice", minimum = 0)]
    min_price: Option<f64>,
    /// Only products that cost at most this.
    #[param(rename = "maxPrice", minimum = 0)]
    max_price: Option<f64>,
    /// Only products with at least so many stars on average.
    #[param(rename = "minRating", minimum = 0, maximum = 5)]
    min_rating: Option<f64>,
    /// Only products of this group.
    #[param(max_length = 255)]
    group: Option<String>,
    /// Only products that state their allergens, and none of these. Traces don't count.
    #[param(rename = "allergenFree", style = Form, explode = false)]
    allergen_free: Option<Vec<String>>,
    /// Only products that suit all of these diets.
    #[param(style = Form, explode = false)]
    diet: Option<Vec<String>>,
    /// Only products with so many grams of protein in 100 g or 100 ml, or more.
    #[param(rename = "minProtein", minimum = 0, maximum = 100)]
    min_protein: Option<f64>,
    /// Only the products of these ids.
    #[param(max_items = 100, style = Form, explode = false)]
    ids: Option<Vec<i32>>,
}

/// The filters that only lists have.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read_list_filter` reads")]
pub(crate) struct ListFilterParameters {
    /// Only products whose title, name or description contains this text, in any case.
    #[param(max_length = 200)]
    search: Option<String>,
    /// `active`, `inactive` or `all`; for administrators. Lists have active products by default, exports all.
    status: Option<String>,
    /// `low` (at `low_stock_at` or below, but not sold out), `out` (sold out), or both; for administrators.
    #[param(style = Form, explode = false)]
    stock: Option<Vec<String>>,
}

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

/// Reads the filters of lists, also those that only administrators may use.
pub(super) fn read_list_filter(query: &mut Query<'_>) -> ProductFilter {
    let mut filter = read_filter(query);
    filter.contains = query.search_text("search", false);
    filter.status = read_status(query);
    filter.stock = query.list("stock", StockFilter::ALL.len(), |name| {
        let mut levels = StockFilter::ALL.into_iter();
        let level = levels.find(|level| level.as_str() == name);
        level.ok_or("must be low, out, or both")
    });
    filter.stock.sort_unstable();
    filter
}

/// Reads which products an administrator wants: by default the active ones.
pub(super) fn read_status(query: &mut Query<'_>) -> StatusFilter {
    let status = query.one_of("status", &StatusFilter::ALL, StatusFilter::as_str);
    status.unwrap_or_default()
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
