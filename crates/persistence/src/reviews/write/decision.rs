//! Applies moderators' decisions.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Integer};
use eggypro_domain::reviews::{Decision, ReviewId};

use crate::schema::{products, reviews};

/// Applies a decision to reviews. Returns for each id whether the review exists.
pub(in crate::reviews) fn decide(
    connection: &mut PgConnection,
    ids: &[ReviewId],
    decision: Decision,
) -> QueryResult<Vec<bool>> {
    let ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
    let chosen = || reviews::id.eq_any(&ids);
    // Products are locked before reviews, as when a product is removed, and in a fixed order. This prevents deadlocks.
    // The ratings can't change until the transaction ends.
    let of = reviews::table.filter(chosen()).select(reviews::product_id);
    let products: Vec<i32> = products::table
        .filter(products::id.eq_any(of))
        .order(products::id)
        .select(products::id)
        .for_no_key_update()
        .load(connection)?;
    let found: Vec<i32> = reviews::table
        .filter(chosen())
        .select(reviews::id)
        .load(connection)?;
    let changed = match decision {
        Decision::Verify | Decision::Unverify => {
            let is_verified = decision == Decision::Verify;
            diesel::update(
                reviews::table.filter(chosen().and(reviews::is_verified.ne(is_verified))),
            )
            .set(reviews::is_verified.eq(is_verified))
            .returning((reviews::product_id, reviews::rating, reviews::is_verified))
            .load(connection)?
        }
        Decision::Delete => diesel::delete(reviews::table.filter(chosen()))
            .returning((reviews::product_id, reviews::rating, reviews::is_verified))
            .load(connection)?,
    };
    for product in products {
        let stars = stars_of(product, decision, &changed);
        if stars != [0; 5] {
            count_stars(connection, product, &stars)?;
        }
    }
    Ok(ids.iter().map(|id| found.contains(id)).collect())
}

/// The changes of a product's counts of reviews by number of stars. `changed` holds the product, stars and state of
/// each review that the decision has changed: the state after the decision, or the last one of a deleted review.
fn stars_of(product: i32, decision: Decision, changed: &[(i32, i32, bool)]) -> [i32; 5] {
    let mut stars = [0; 5];
    for (of, rating, is_verified) in changed {
        let change = match decision {
            Decision::Verify => 1,
            Decision::Unverify => -1,
            Decision::Delete => -i32::from(*is_verified),
        };
        let index = usize::try_from(rating - 1).ok();
        let count = index.and_then(|index| stars.get_mut(index));
        if let Some(count) = count.filter(|_| *of == product) {
            *count += change;
        }
    }
    stars
}

fn count_stars(connection: &mut PgConnection, product: i32, stars: &[i32]) -> QueryResult<usize> {
    sql_query(
        "UPDATE products SET version = version + 1, updated_at = now(), rating_counts = \
         (SELECT array_agg(counted + more ORDER BY stars) \
          FROM unnest(rating_counts, $2) WITH ORDINALITY t(counted, more, stars)) WHERE id = $1",
    )
    .bind::<Integer, _>(product)
    .bind::<Array<Integer>, _>(stars)
    .execute(connection)
}
