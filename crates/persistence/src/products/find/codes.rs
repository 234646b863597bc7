//! Finds products by their codes.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text};
use eggypro_domain::Slug;
use eggypro_domain::products::{CategoryRef, Gtin, Product, ProductCodes, Sku};

use super::{all_categories, by_ids};

#[derive(QueryableByName)]
struct Match {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Integer)]
    id: i32,
}

/// For each number of codes, the product with the SKU, else that with the GTIN, else that with the slug, where both of the
/// latter have no SKU if the codes have one. A part for each code, so that each uses its index.
const MATCHES: &str = "SELECT DISTINCT ON (number) number, id FROM (\
     SELECT c.number, 1 AS rank, p.id FROM unnest($1) WITH ORDINALITY c(sku, number) \
     JOIN products p ON lower(p.sku) = c.sku AND p.sku IS NOT NULL \
     UNION ALL SELECT c.number, 2, p.id FROM unnest($2, $1) WITH ORDINALITY c(gtin, sku, number) \
     JOIN products p ON lpad(p.gtin, 14, '0') = c.gtin AND p.gtin IS NOT NULL AND (c.sku IS NULL OR p.sku IS NULL) \
     UNION ALL SELECT c.number, 3, p.id FROM unnest($3, $1) WITH ORDINALITY c(slug, sku, number) \
     JOIN products p ON p.slug = c.slug AND (c.sku IS NULL OR p.sku IS NULL)) m ORDER BY number, rank";

/// For each of these codes, the id of the product.
pub(crate) fn ids_by_codes(
    connection: &mut PgConnection,
    codes: &[ProductCodes],
) -> QueryResult<Vec<Option<i32>>> {
    let skus: Vec<_> = codes
        .iter()
        .map(|of| of.sku.as_ref().map(Sku::folded))
        .collect();
    let gtins: Vec<_> = codes
        .iter()
        .map(|of| of.gtin.as_ref().map(Gtin::padded))
        .collect();
    let slugs: Vec<_> = codes
        .iter()
        .map(|of| of.slug.as_ref().map(Slug::as_str))
        .collect();
    let matches: Vec<Match> = sql_query(MATCHES)
        .bind::<Array<Nullable<Text>>, _>(skus)
        .bind::<Array<Nullable<Text>>, _>(gtins)
        .bind::<Array<Nullable<Text>>, _>(slugs)
        .load(connection)?;
    let mut ids = vec![None; codes.len()];
    for Match { number, id } in matches {
        let at = usize::try_from(number - 1).ok();
        if let Some(found) = at.and_then(|at| ids.get_mut(at)) {
            *found = Some(id);
        }
    }
    Ok(ids)
}

/// For each of these codes, the product with all its categories.
pub(crate) fn by_codes(
    connection: &mut PgConnection,
    codes: &[ProductCodes],
) -> QueryResult<Vec<Option<Product>>> {
    let ids = ids_by_codes(connection, codes)?;
    let mut found: Vec<i32> = ids.iter().copied().flatten().collect();
    found.sort_unstable();
    found.dedup();
    let products = by_ids(connection, &found)?;
    let mut categories = HashMap::<_, Vec<CategoryRef>>::new();
    if !found.is_empty() {
        for (product, category) in all_categories(connection, &found)? {
            categories.entry(product).or_default().push(category);
        }
    }
    let products = products.into_iter().map(|mut product| {
        product.categories = categories.remove(&product.id).unwrap_or_default();
        (product.id.0, product)
    });
    let products: HashMap<i32, Product> = products.collect();
    let found = ids.iter().map(|id| products.get(id.as_ref()?).cloned());
    Ok(found.collect())
}
