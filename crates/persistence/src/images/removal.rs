//! Removal of images that nothing shows.

mod discard;

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Double, Text};
use eggypro_domain::images::PublicId;

use super::Named;

pub(super) use self::discard::discard;
pub(crate) use self::discard::{discard_of_product, discard_taken_out};

/// Number of attempts after which a missing image counts as removed.
pub(super) const MAX_ATTEMPTS: i32 = 8;

/// Postpones a removal by a minute, and by twice as long each further time, up to a day.
pub(super) fn postponed(connection: &mut PgConnection, image: &PublicId) -> QueryResult<()> {
    sql_query(
        "UPDATE images SET removal_requested_at = now() + \
         least(interval '1 minute' * power(2, least(greatest(removal_attempts - 1, 0), 20)), interval '1 day') \
         WHERE public_id = $1 AND removal_requested_at IS NOT NULL",
    )
    .bind::<Text, _>(image.as_str())
    .execute(connection)?;
    Ok(())
}

/// The SQL condition for an image `i` that no product or review shows in any size and that is older than `$1` seconds.
pub(super) fn unused() -> String {
    format!(
        "{WANTED} AND i.created_at <= now() - make_interval(secs => $1) \
         AND NOT EXISTS (SELECT FROM ({SHOWN}) shown WHERE shown.id = i.public_id)"
    )
}

/// The SQL condition for a stored image `i` that is not due for removal.
const WANTED: &str = "(i.removal_requested_at IS NULL OR \
     i.removal_requested_at > now() AND i.removal_attempts = 0 AND i.url <> '')";

/// The ids of the images that products show, in any size.
const SHOWN_BY_PRODUCTS: &str = "SELECT substring(url FROM 'eggypro-products/[a-z0-9_-]+') AS id \
     FROM (SELECT unnest(images) AS url FROM products) u";

/// The ids of the images that products or reviews show, in any size.
const SHOWN: &str = "SELECT substring(url FROM 'eggypro-products/[a-z0-9_-]+') AS id \
     FROM (SELECT unnest(images) AS url FROM products) u \
     UNION ALL SELECT substring(image_url FROM 'eggypro-products/[a-z0-9_-]+') FROM reviews \
     WHERE image_url LIKE '%eggypro-products/%' \
     UNION ALL SELECT substring(reviewer_image_url FROM 'eggypro-products/[a-z0-9_-]+') FROM reviews \
     WHERE reviewer_image_url LIKE '%eggypro-products/%'";

/// Claims at most `limit` images that are due. Images that are shown by now are not claimed but restored in the same
/// transaction, and further ones are claimed in their place. A review does not restore an image whose removal has begun.
pub(super) fn claim_due(
    connection: &mut PgConnection,
    limit: u32,
    time: Duration,
) -> QueryResult<Vec<PublicId>> {
    let (limit, mut claimed) = (limit as usize, vec![]);
    while claimed.len() < limit {
        let due: Vec<Named> = sql_query(
            "SELECT public_id::text AS id FROM images WHERE removal_requested_at <= now() \
             ORDER BY removal_requested_at LIMIT $1 FOR UPDATE SKIP LOCKED",
        )
        .bind::<BigInt, _>((limit - claimed.len()) as i64)
        .load(connection)?;
        if due.is_empty() {
            break;
        }
        let due: Vec<String> = due.into_iter().map(|Named { id }| id).collect();
        sql_query(format!(
            "UPDATE images SET removal_requested_at = NULL, removal_attempts = 0 WHERE public_id = ANY($1) AND url <> '' \
             AND public_id IN (SELECT id FROM ({SHOWN_BY_PRODUCTS}) shown WHERE id = ANY($1) \
             UNION ALL SELECT id FROM ({SHOWN}) shown WHERE id = ANY($1) AND removal_attempts = 0)"
        ))
        .bind::<Array<Text>, _>(&due)
        .execute(connection)?;
        let ids: Vec<Named> = sql_query(
            "UPDATE images SET removal_attempts = removal_attempts + 1, \
             removal_requested_at = now() + make_interval(secs => $2) \
             WHERE public_id = ANY($1) AND removal_requested_at <= now() RETURNING public_id::text AS id",
        )
        .bind::<Array<Text>, _>(&due)
        .bind::<Double, _>(time.as_secs_f64().max(0.001))
        .load(connection)?;
        claimed.extend(Named::ids(ids)?);
    }
    Ok(claimed)
}
