//! Counts facets.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::products::{
    Allergen, CategoryCount, Diet, Facet, FacetSet, Facets, PriceCount, PriceFacet, PriceRange,
    Product, ProductFilter, RatingCount, StockFacet,
};

/// Counts facets. Each one ignores its own part of the filter.
pub(super) fn count(
    wanted: FacetSet,
    filter: &ProductFilter,
    matching: impl Fn(&ProductFilter) -> Vec<Product>,
) -> Option<Facets> {
    let of = |facet| {
        let is_wanted = wanted.contains(facet);
        is_wanted.then(|| matching(&filter.without(facet)))
    };
    (!wanted.is_empty()).then(|| Facets {
        categories: of(Facet::Category).map(|products| categories(&products)),
        price: of(Facet::Price).map(|products| price(&products)),
        ratings: of(Facet::Rating).map(|products| ratings(&products)),
        stock: of(Facet::Stock).map(|products| stock(&products)),
        diets: of(Facet::Diet).map(|products| diets(&products)),
        allergens: of(Facet::Allergen).map(|products| allergens(&products)),
    })
}

fn categories(products: &[Product]) -> Vec<CategoryCount> {
    let mut counts: Vec<CategoryCount> = vec![];
    for category in products.iter().flat_map(|product| &product.categories) {
        match counts.iter_mut().find(|count| count.slug == category.slug) {
            Some(count) => count.count += 1,
            None => counts.push(CategoryCount {
                slug: category.slug.clone(),
                name: category.name.clone(),
                count: 1,
            }),
        }
    }
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    counts
}

fn price(products: &[Product]) -> PriceFacet {
    let mut counts = BTreeMap::new();
    for product in products {
        *counts.entry(PriceRange::of(product.price)).or_insert(0) += 1;
    }
    let prices = || products.iter().map(|product| product.price);
    PriceFacet {
        extremes: prices().min().zip(prices().max()),
        ranges: counts
            .into_iter()
            .map(|(range, count)| PriceCount { range, count })
            .collect(),
    }
}

fn ratings(products: &[Product]) -> Vec<RatingCount> {
    let mut counts = BTreeMap::new();
    for product in products {
        let has_rating = product.rating.count() > 0;
        let stars = has_rating.then(|| {
            u8::try_from((product.rating.score() + 500_000) / 1_000_000).unwrap_or(u8::MAX)
        });
        *counts.entry(Reverse(stars)).or_insert(0) += 1;
    }
    let counts = counts.into_iter();
    counts
        .map(|(Reverse(stars), count)| RatingCount { stars, count })
        .collect()
}

fn diets(products: &[Product]) -> Vec<(Diet, u64)> {
    let suits = |product: &&Product, diet| {
        let food = product.food.as_ref();
        food.is_some_and(|food| food.diets.contains(&diet))
    };
    let count = |diet| {
        products
            .iter()
            .filter(|product| suits(product, diet))
            .count() as u64
    };
    let counts = Diet::ALL.into_iter().map(|diet| (diet, count(diet)));
    let mut counts: Vec<_> = counts.filter(|(_, count)| *count > 0).collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts
}

fn allergens(products: &[Product]) -> Vec<(Allergen, u64)> {
    let foods = products.iter().filter_map(|product| product.food.as_ref());
    let stated: Vec<_> = foods.filter_map(|food| food.allergens.as_ref()).collect();
    let counts = Allergen::ALL.into_iter().map(|allergen| {
        let containing = stated.iter().filter(|all| all.contains(&allergen));
        (allergen, containing.count() as u64)
    });
    let counts = counts.filter(|(_, containing)| *containing > 0);
    counts
        .map(|(allergen, containing)| (allergen, stated.len() as u64 - containing))
        .collect()
}

fn stock(products: &[Product]) -> StockFacet {
    let in_stock = products
        .iter()
        .filter(|product| product.stock_quantity > 0)
        .count() as u64;
    StockFacet {
        in_stock,
        out_of_stock: products.len() as u64 - in_stock,
    }
}
