//! Counts facets.

use std::cmp::Reverse;

use eggypro_domain::products::{
    Allergen, CategoryCount, Diet, Facet, FacetSet, Facets, PriceCount, PriceFacet, PriceRange,
    ProductFilter, RatingCount, StockFacet,
};
use eggypro_domain::{Decimal, Price};
use fixedbitset::FixedBitSet;

use super::{matching, retain_containing};
use crate::columns::{Columns, Row};

/// Counts the matching rows by facet. Each facet ignores its own part of the filter. `hits` restricts the rows to the
/// hits of a search.
pub(crate) fn facets(
    columns: &Columns,
    filter: &ProductFilter,
    wanted: FacetSet,
    hits: Option<&FixedBitSet>,
) -> Option<Facets> {
    if wanted.is_empty() {
        return None;
    }
    // The text filter is the most expensive part, so all facets share its result.
    let mut numbers = filter.clone();
    let containing = numbers.contains.take().map(|text| {
        let mut set = &columns.active | &columns.inactive;
        retain_containing(&mut set, columns, &text);
        set
    });
    let of = |facet: Facet| {
        wanted.contains(facet).then(|| {
            let mut set = matching(columns, &numbers.without(facet));
            for other in [containing.as_ref(), hits].into_iter().flatten() {
                set.intersect_with(other);
            }
            set
        })
    };
    let mut facets = Facets::default();
    facets.categories = of(Facet::Category).map(|set| categories(columns, &set));
    facets.price = of(Facet::Price).map(|set| price(columns, &set));
    facets.ratings = of(Facet::Rating).map(|set| ratings(columns, &set));
    facets.stock = of(Facet::Stock).map(|set| stock(columns, &set));
    facets.diets = of(Facet::Diet).map(|set| diets(columns, &set));
    facets.allergens = of(Facet::Allergen).map(|set| allergens(columns, &set));
    Some(facets)
}

fn count(set: &FixedBitSet, of: &FixedBitSet) -> u64 {
    set.intersection_count(of) as u64
}

fn categories(columns: &Columns, set: &FixedBitSet) -> Vec<CategoryCount> {
    let counts = columns.categories.values().map(|category| CategoryCount {
        slug: category.shown.slug.clone(),
        name: category.shown.name.clone(),
        count: count(set, &category.rows),
    });
    let mut counts: Vec<_> = counts.filter(|category| category.count > 0).collect();
    counts.sort_by(|a, b| {
        let by_count = Reverse(a.count).cmp(&Reverse(b.count));
        by_count.then_with(|| (&a.name, &a.slug).cmp(&(&b.name, &b.slug)))
    });
    counts
}

fn price(columns: &Columns, set: &FixedBitSet) -> PriceFacet {
    let ranges = columns.price_ranges.iter().enumerate();
    let ranges: Vec<(PriceRange, &FixedBitSet)> = ranges
        .filter(|(_, of)| !set.is_disjoint(of))
        .filter_map(|(index, of)| Some((PriceRange::try_from(index).ok()?, of)))
        .collect();
    let prices = |of: &FixedBitSet| -> Vec<u32> {
        let rows = set.intersection(of);
        rows.map(|row| columns.price(row as Row)).collect()
    };
    let least = ranges
        .first()
        .and_then(|(_, of)| prices(of).into_iter().min());
    let most = ranges
        .last()
        .and_then(|(_, of)| prices(of).into_iter().max());
    let exact = |price: u32| Price::try_from(Decimal::new(price.into(), 2)).ok();
    PriceFacet {
        extremes: least.and_then(exact).zip(most.and_then(exact)),
        ranges: ranges
            .into_iter()
            .map(|(range, of)| PriceCount {
                range,
                count: count(set, of),
            })
            .collect(),
    }
}

fn ratings(columns: &Columns, set: &FixedBitSet) -> Vec<RatingCount> {
    let best_first = columns.stars.iter().enumerate().rev();
    let counts = best_first.map(|(stars, of)| RatingCount {
        stars: u8::try_from(stars).ok().filter(|stars| *stars > 0),
        count: count(set, of),
    });
    counts.filter(|rating| rating.count > 0).collect()
}

fn diets(columns: &Columns, set: &FixedBitSet) -> Vec<(Diet, u64)> {
    let diets = Diet::ALL.into_iter().zip(&columns.facts.suiting);
    let counts = diets.map(|(diet, of)| (diet, count(set, of)));
    let mut counts: Vec<_> = counts.filter(|(_, count)| *count > 0).collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts
}

fn allergens(columns: &Columns, set: &FixedBitSet) -> Vec<(Allergen, u64)> {
    let known = count(set, &columns.facts.with_allergens);
    let allergens = Allergen::ALL.into_iter().zip(&columns.facts.containing);
    let counts = allergens.map(|(allergen, of)| (allergen, count(set, of)));
    let counts = counts.filter(|(_, containing)| *containing > 0);
    counts
        .map(|(allergen, containing)| (allergen, known - containing))
        .collect()
}

fn stock(columns: &Columns, set: &FixedBitSet) -> StockFacet {
    let in_stock = count(set, &columns.in_stock);
    StockFacet {
        in_stock,
        out_of_stock: set.count_ones(..) as u64 - in_stock,
    }
}
