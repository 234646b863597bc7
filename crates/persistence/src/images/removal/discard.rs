//! Makes images due for removal.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Double, Integer, Text};
use eggypro_domain::images::PublicId;

use super::WANTED;
use crate::images::Named;

/// The SQL condition for a product that shows the image with the id `$1`, in any size.
const SHOWS: &str = "EXISTS (SELECT FROM unnest(images) url WHERE position($1 IN url) > 0)";

/// Makes the images of a product due for removal, except those that another product shows. Runs before the product is
/// removed.
pub(crate) fn discard_of_product(connection: &mut PgConnection, product: i32) -> QueryResult<()> {
    sql_query(
        "UPDATE images i SET removal_requested_at = now() WHERE i.removal_requested_at IS NULL \
         AND (i.product_id = $1 OR i.url = ANY(ARRAY(SELECT unnest(images) FROM products WHERE id = $1))) \
         AND NOT EXISTS (SELECT FROM products p WHERE p.images @> ARRAY[i.url] AND p.id <> $1)",
    )
    .bind::<Integer, _>(product)
    .execute(connection)?;
    Ok(())
}

/// Makes images due for removal in a day if a product showed them before and none shows them now. Until then an image
/// that was taken out by mistake can be put back.
pub(crate) fn discard_taken_out(
    connection: &mut PgConnection,
    before: &[String],
) -> QueryResult<()> {
    if before.is_empty() {
        return Ok(());
    }
    sql_query(
        "UPDATE images i SET removal_requested_at = now() + interval '1 day' WHERE i.removal_requested_at IS NULL \
         AND i.url <> '' AND i.public_id IN (SELECT substring(url FROM 'eggypro-products/[a-z0-9_-]+') FROM unnest($1) url) \
         AND NOT EXISTS (SELECT FROM products p WHERE p.images @> ARRAY[i.url])",
    )
    .bind::<Array<Text>, _>(before)
    .execute(connection)?;
    Ok(())
}

pub(in crate::images) fn discard(
    connection: &mut PgConnection,
    image: &PublicId,
    time: Duration,
) -> QueryResult<bool> {
    let wanted: Vec<Named> = sql_query(format!(
        "SELECT i.public_id::text AS id FROM images i WHERE i.public_id = $1 AND {WANTED}"
    ))
    .bind::<Text, _>(image.as_str())
    .load(connection)?;
    if wanted.is_empty() {
        return Ok(false);
    }
    // Products are locked before the image, as when a product is removed. This order prevents a deadlock.
    sql_query(format!(
        "SELECT FROM products WHERE {SHOWS} ORDER BY id FOR NO KEY UPDATE"
    ))
    .bind::<Text, _>(image.as_str())
    .execute(connection)?;
    let discarded = sql_query(format!(
        "UPDATE images i SET removal_attempts = removal_attempts + 1, \
         removal_requested_at = now() + make_interval(secs => $2) WHERE i.public_id = $1 AND {WANTED}"
    ))
    .bind::<Text, _>(image.as_str())
    .bind::<Double, _>(time.as_secs_f64())
    .execute(connection)?;
    if discarded == 0 {
        return Ok(false);
    }
    sql_query(format!(
        "UPDATE products SET version = version + 1, updated_at = now(), images = ARRAY(\
         SELECT url FROM unnest(images) WITH ORDINALITY shown (url, place) WHERE position($1 IN url) = 0 ORDER BY place) \
         WHERE {SHOWS}"
    ))
    .bind::<Text, _>(image.as_str())
    .execute(connection)?;
    Ok(true)
}
