//! Reads all products in one snapshot, for the catalogue index.

mod category;

use std::collections::HashMap;

use diesel::prelude::*;
use eggypro_domain::products::Product;

use self::category::{Category, categories};
use super::find;
use crate::schema::product_categories;

/// Number of products in a batch. With more, they leave the processor's cache before they are used.
const BATCH: i64 = 500;

/// Calls `take` with all products in batches by id, without their images, until it returns `false`. Must run in a
/// transaction with one snapshot.
///
/// Categories are read once, and links by themselves: this takes half of the time that a join by product takes.
pub(super) fn each_batch(
    connection: &mut PgConnection,
    mut take: impl FnMut(Vec<Product>) -> bool,
) -> QueryResult<()> {
    let categories = categories(connection)?;
    let mut after = i32::MIN;
    loop {
        let mut products = find::after(connection, after, BATCH)?;
        let Some(last) = products.last() else {
            return Ok(());
        };
        let last = last.id.0;
        let links: Vec<(i32, i32)> = product_categories::table
            .filter(product_categories::product_id.gt(after))
            .filter(product_categories::product_id.le(last))
            .order(product_categories::product_id)
            .load(connection)?;
        add_categories(&mut products, &links, &categories);
        after = last;
        if !take(products) {
            return Ok(());
        }
    }
}

/// Adds categories to products; both products and links are sorted by product.
fn add_categories(
    products: &mut [Product],
    mut links: &[(i32, i32)],
    categories: &HashMap<i32, Category>,
) {
    for product in products {
        let belongs = |(of, _): &(i32, i32)| *of == product.id.0;
        let count = links.iter().take_while(|link| belongs(link)).count();
        let (own, rest) = links.split_at(count);
        links = rest;
        let linked = own.iter().filter_map(|(_, id)| categories.get(id));
        let mut linked: Vec<&Category> = linked.collect();
        linked.sort_unstable_by_key(|category| category.place);
        for category in &linked {
            product.version += category.display_version;
            let updated_at = category.display_updated_at;
            product.updated_at = product
                .updated_at
                .max(updated_at.unwrap_or(product.updated_at));
        }
        let active = linked.into_iter().filter(|category| category.is_active);
        product.categories = active.map(|category| category.shown.clone()).collect();
    }
}
