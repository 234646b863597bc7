use std::fmt::{self, Write};

use eggypro_domain::products::{
    CategoryCount, Facet, FacetSet, Facets, PriceCount, PriceFacet, RatingCount, StockFacet,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::Amount;
use crate::message::query::Query;

/// How many products of the whole list there are of each kind, under the same filters. Categories, ranges
/// and stars that no product has are left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Facets)]
pub(super) struct FacetsBody<'a> {
    /// The category with the most products first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    category: Option<Vec<CategoryCountBody<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    price: Option<PriceFacetBody>,
    /// The best first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rating: Option<Vec<RatingCountBody>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    stock: Option<StockFacetBody>,
    /// The diet with the most products first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    diet: Option<Vec<NamedCountBody>>,
    /// How many products are known not to contain each allergen, as `allergenFree` finds them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allergen: Option<Vec<NamedCountBody>>,
}

/// How many products have a diet, or lack an allergen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamedCount)]
struct NamedCountBody {
    #[schema(example = "vegetarian")]
    name: &'static str,
    count: u64,
}

/// How many products stand in a category.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CategoryCount)]
struct CategoryCountBody<'a> {
    slug: &'a str,
    name: &'a str,
    count: u64,
}

/// What products cost.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceFacet)]
struct PriceFacetBody {
    /// What the cheapest costs; null without a product.
    #[schema(required = true, value_type = Option<f64>, example = 4.90)]
    min: Option<Amount>,
    /// What the dearest costs; null without a product.
    #[schema(required = true, value_type = Option<f64>, example = 89.00)]
    max: Option<Amount>,
    /// The cheapest first.
    ranges: Vec<PriceCountBody>,
}

/// How many products fall into a range of prices; its bounds can be given as `minPrice` and `maxPrice`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceCount)]
struct PriceCountBody {
    #[schema(value_type = f64, example = 20.00)]
    min: Amount,
    /// Null for the last range, which has no end.
    #[schema(required = true, value_type = Option<f64>, example = 49.99)]
    max: Option<Amount>,
    count: u64,
}

/// How many products have so many stars.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RatingCount)]
struct RatingCountBody {
    /// The average, rounded to whole stars; null for those without a rating.
    #[schema(required = true, minimum = 1, maximum = 5, example = 5)]
    stars: Option<u8>,
    count: u64,
}

/// How many products can be bought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockFacet)]
struct StockFacetBody {
    in_stock: u64,
    out_of_stock: u64,
}

impl<'a> FacetsBody<'a> {
    pub(super) fn of(facets: &'a Facets) -> Self {
        let categories = facets.categories.as_deref();
        let ratings = facets.ratings.as_deref();
        Self {
            category: categories.map(|counts| counts.iter().map(CategoryCountBody::of).collect()),
            price: facets.price.as_ref().map(PriceFacetBody::of),
            rating: ratings.map(|counts| counts.iter().map(RatingCountBody::of).collect()),
            stock: facets.stock.map(
                |StockFacet {
                     in_stock,
                     out_of_stock,
                 }| StockFacetBody {
                    in_stock,
                    out_of_stock,
                },
            ),
            diet: facets.diets.as_ref().map(|counts| {
                let counts = counts.iter();
                counts
                    .map(|(diet, count)| NamedCountBody::of(diet.as_str(), *count))
                    .collect()
            }),
            allergen: facets.allergens.as_ref().map(|counts| {
                let counts = counts.iter();
                counts
                    .map(|(allergen, count)| NamedCountBody::of(allergen.as_str(), *count))
                    .collect()
            }),
        }
    }
}

impl<'a> CategoryCountBody<'a> {
    fn of(category: &'a CategoryCount) -> Self {
        Self {
            slug: category.slug.as_str(),
            name: &category.name,
            count: category.count,
        }
    }
}

impl NamedCountBody {
    fn of(name: &'static str, count: u64) -> Self {
        Self { name, count }
    }
}

impl PriceFacetBody {
    fn of(facet: &PriceFacet) -> Self {
        let (min, max) = facet.extremes.unzip();
        Self {
            min: min.map(Amount::of),
            max: max.map(Amount::of),
            ranges: facet.ranges.iter().map(PriceCountBody::of).collect(),
        }
    }
}

impl PriceCountBody {
    fn of(PriceCount { range, count }: &PriceCount) -> Self {
        Self {
            min: Amount(range.lowest()),
            max: range.highest().map(Amount),
            count: *count,
        }
    }
}

impl RatingCountBody {
    fn of(&RatingCount { stars, count }: &RatingCount) -> Self {
        Self { stars, count }
    }
}

/// Reads the requested facets.
pub(super) fn read_facets(query: &mut Query<'_>) -> FacetSet {
    let facets = query.list("facets", Facet::ALL.len(), |name| {
        let mut all = Facet::ALL.into_iter();
        let facet = all.find(|facet| facet.as_str() == name);
        facet.ok_or("must be some of category, price, rating, stock, diet, allergen")
    });
    facets.into_iter().collect()
}

/// Writes the requested facets to the name of a cache key, always in the same order.
pub(super) fn write_facets(name: &mut String, facets: FacetSet) -> fmt::Result {
    facets
        .iter()
        .try_for_each(|facet| write!(name, " by {}", facet.as_str()))
}
