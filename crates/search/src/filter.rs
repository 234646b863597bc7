//! Evaluates filters.

mod facets;

use eggypro_domain::Decimal;
use eggypro_domain::products::{ProductFilter, ProductSort, SearchText, StatusFilter, StockFilter};
use fixedbitset::FixedBitSet;

pub(crate) use self::facets::facets;
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
    if !filter.stock.is_empty() {
        let mut of_any = FixedBitSet::with_capacity(set.len());
        if filter.stock.contains(&StockFilter::Low) {
            of_any.union_with(&columns.low_stock);
        }
        if filter.stock.contains(&StockFilter::Out) {
            let mut sold_out = &columns.active | &columns.inactive;
            sold_out.difference_with(&columns.in_stock);
            of_any.union_with(&sold_out);
        }
        set.intersect_with(&of_any);
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
    narrow_by_facts(&mut set, columns, filter);
    if let Some(least) = filter.min_score() {
        let scores = columns.scores();
        retain(&mut set, |row| scores[row] >= least);
    }
    if let Some(text) = &filter.contains {
        retain_containing(&mut set, columns, text);
    }
    set
}

fn narrow_by_facts(set: &mut FixedBitSet, columns: &Columns, filter: &ProductFilter) {
    let facts = &columns.facts;
    if let Some(group) = &filter.group {
        let mut these = FixedBitSet::with_capacity(set.len());
        let rows = facts.group(group.as_str()).iter();
        rows.for_each(|row| these.insert(*row as usize));
        set.intersect_with(&these);
    }
    if !filter.allergen_free.is_empty() {
        // What is not known may be in there.
        set.intersect_with(&facts.with_allergens);
    }
    for allergen in &filter.allergen_free {
        set.difference_with(&facts.containing[*allergen as usize]);
    }
    for diet in &filter.diets {
        set.intersect_with(&facts.suiting[*diet as usize]);
    }
    if let Some(least) = filter.min_protein {
        let hundredths = (least * Decimal::ONE_HUNDRED).ceil();
        let least = hundredths.try_into().unwrap_or(i64::MAX);
        let sort = ProductSort::ProteinDesc;
        // Products without a number have a negative one.
        retain(set, |row| facts.number(sort, row as Row) >= least.max(0));
    }
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
