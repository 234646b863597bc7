//! Addresses of images in a local folder. They depend on the address of the server.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

/// A regular expression for the part of an address before an image's id, with any address of the server.
const BASE: &str = "^https?://[^/]+/media/";

/// Replaces the base of these addresses in the records and wherever products and reviews show the images. Returns the
/// number of changed products.
pub(super) fn follow(connection: &mut PgConnection, base: &str) -> QueryResult<usize> {
    sql_query(format!(
        "UPDATE images SET url = regexp_replace(url, '{BASE}', $1 || '/'), renditions = \
         regexp_replace(renditions::text, '\"https?://[^/\"]+/media/', '\"' || $1 || '/', 'g')::jsonb \
         WHERE url ~ '{BASE}eggypro-products/' AND NOT starts_with(url, $1 || '/')"
    ))
    .bind::<Text, _>(base)
    .execute(connection)?;
    // Only images with a record here: an address may belong to another shop.
    let is_old = format!(
        "shown.url ~ '{BASE}eggypro-products/' AND NOT starts_with(shown.url, $1 || '/') AND EXISTS (SELECT FROM images i \
         WHERE i.public_id = substring(shown.url FROM 'eggypro-products/[a-z0-9_-]+'))"
    );
    let moved = sql_query(format!(
        "UPDATE products SET version = version + 1, updated_at = now(), images = ARRAY(\
         SELECT CASE WHEN {is_old} THEN regexp_replace(shown.url, '{BASE}', $1 || '/') ELSE shown.url END \
         FROM unnest(images) WITH ORDINALITY shown (url, place) ORDER BY place), \
         alt_texts = (SELECT coalesce(jsonb_object_agg(CASE WHEN {is_old} THEN regexp_replace(shown.url, '{BASE}', $1 || '/') \
         ELSE shown.url END, shown.text), '{{}}') FROM jsonb_each(alt_texts) shown (url, text)) \
         WHERE images::text LIKE '%/media/eggypro-products/%' \
         AND EXISTS (SELECT FROM unnest(images) shown (url) WHERE {is_old})"
    ))
    .bind::<Text, _>(base)
    .execute(connection)?;
    for column in ["image_url", "reviewer_image_url"] {
        sql_query(format!(
            "UPDATE reviews SET {column} = regexp_replace({column}, '{BASE}', $1 || '/') \
             WHERE {column} LIKE '%eggypro-products/%' AND {column} ~ '{BASE}eggypro-products/' \
             AND NOT starts_with({column}, $1 || '/') AND EXISTS (SELECT FROM images i \
             WHERE i.public_id = substring({column} FROM 'eggypro-products/[a-z0-9_-]+'))"
        ))
        .bind::<Text, _>(base)
        .execute(connection)?;
    }
    Ok(moved)
}
