//! Evaluates filters and counts facets.

use std::cmp::Reverse;

use eggypro_domain::products::{
    CategoryCount, Facet, FacetSet, Facets, PriceCount, PriceFacet, PriceRange, ProductFilter,
    ProductSort, RatingCount, SearchText, StatusFilter, StockFacet,
};
use eggypro_domain::{Decimal, Price};
use fixedbitset::FixedBitSet;

use crate::columns::{Columns, Row, hundredths};

/// The rows that match a filter.
pub(crate) fn matching(columns: &Columns, filter: &ProductFilter) -> FixedBitSet {
    let mut set = match filter.status {
        StatusFilter::Active => columns.active.clone(),
        StatusFilter::Inactive => columns.inactive.clone(),
        StatusFilter::All => &columns.active | &columns.inactive,
    };
    if filter.in_stock {
        set.intersect_with(&columns.in_stock);
    }
    if !filter.categories.is_empty() {
        let mut of_any = FixedBitSet::with_capacity(set.len());
        for slug in &filter.categories {
            if let Some(category) = columns.category(slug) {
                of_any.union_with(&category.rows);
            }
        }
        set.intersect_with(&of_any);
    }
    if !filter.ids.is_empty() {
        let mut these = FixedBitSet::with_capacity(set.len());
        let rows = filter.ids.iter().filter_map(|id| columns.row(*id));
        rows.for_each(|row| these.insert(row as usize));
        set.intersect_with(&these);
    }
    narrow_by_price(&mut set, columns, filter);
    if let Some(least) = filter.min_score() {
        let scores = columns.scores();
        retain(&mut set, |row| scores[row] >= least);
    }
    if let Some(text) = &filter.contains {
        retain_containing(&mut set, columns, text);
    }
    set
}

fn retain_containing(set: &mut FixedBitSet, columns: &Columns, text: &SearchText) {
    let text = text.as_str().to_lowercase();
    retain(set, |row| columns.has_text(row as Row, &text));
}

fn narrow_by_price(set: &mut FixedBitSet, columns: &Columns, filter: &ProductFilter) {
    if filter.min_price.is_none() && filter.max_price.is_none() {
        return;
    }
    // Prices have two decimals; a lower bound with more is rounded up.
    let least = filter.min_price.map_or(0, |price| {
        let below = hundredths(price);
        let is_whole = Decimal::new(below.into(), 2) == price;
        below.saturating_add(u32::from(!is_whole))
    });
    let most = filter.max_price.map_or(u32::MAX, hundredths);
    let rows = columns.order(ProductSort::PriceAsc);
    let begin = rows.partition_point(|row| columns.price(*row) < least);
    let end = rows
        .partition_point(|row| columns.price(*row) <= most)
        .max(begin);
    let (inside, outside) = (&rows[begin..end], rows[..begin].iter().chain(&rows[end..]));
    if inside.len() < rows.len() / 2 {
        let mut these = FixedBitSet::with_capacity(set.len());
        inside.iter().for_each(|row| these.insert(*row as usize));
        set.intersect_with(&these);
    } else {
        outside.for_each(|row| set.set(*row as usize, false));
    }
}

fn retain(set: &mut FixedBitSet, is_kept: impl Fn(usize) -> bool) {
    const BITS: usize = usize::BITS as usize;
    for (index, block) in set.as_mut_slice().iter_mut().enumerate() {
        let mut left = *block;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            if !is_kept(index * BITS + bit) {
                *block &= !(1 << bit);
            }
        }
    }
}

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

fn stock(columns: &Columns, set: &FixedBitSet) -> StockFacet {
    let in_stock = count(set, &columns.in_stock);
    StockFacet {
        in_stock,
        out_of_stock: set.count_ones(..) as u64 - in_stock,
    }
}
