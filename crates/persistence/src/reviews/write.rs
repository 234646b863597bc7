//! Stores reviews and applies moderators' decisions.

mod decision;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};
use eggypro_domain::Slug;
use eggypro_domain::reviews::{NewReview, Review, ReviewError};

use super::{Result, ReviewRow};
use crate::error::{Failure, corrupt};
use crate::schema::{products, reviews};

pub(super) use self::decision::decide;

pub(super) fn create(
    connection: &mut PgConnection,
    slug: &Slug,
    review: &NewReview,
) -> Result<Review> {
    // The lock prevents the removal of the product until the review is stored.
    let product = products::table
        .filter(products::slug.eq(slug.as_str()))
        .filter(products::is_active)
        .select(products::id)
        .for_key_share()
        .first(connection)
        .optional()?;
    let product: i32 = product.ok_or(Failure::Refused(ReviewError::ProductNotFound))?;
    // A concurrent request with the same review waits here until this one is stored.
    let same = format!(
        "review {product} {:?} {}",
        review.reviewer_name, review.comment
    );
    sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind::<Text, _>(same)
        .execute(connection)?;
    let is_repeated = reviews::table
        .filter(reviews::product_id.eq(product))
        .filter(reviews::reviewer_name.eq(&review.reviewer_name))
        .filter(reviews::comment.eq(&review.comment))
        .filter(diesel::dsl::sql::<Bool>(
            "created_at > now() - interval '1 day'",
        ));
    if diesel::select(diesel::dsl::exists(is_repeated)).get_result(connection)? {
        return Err(Failure::Refused(ReviewError::Duplicate));
    }
    let row: ReviewRow = diesel::insert_into(reviews::table)
        .values((
            reviews::product_id.eq(product),
            reviews::reviewer_name.eq(&review.reviewer_name),
            reviews::reviewer_image_url.eq(&review.reviewer_image_url),
            // Validation has bounded the rating.
            reviews::rating.eq(i32::try_from(review.rating).unwrap_or_default()),
            reviews::comment.eq(&review.comment),
            reviews::image_url.eq(&review.image_url),
            reviews::video_url.eq(&review.video_url),
        ))
        .returning(ReviewRow::as_returning())
        .get_result(connection)?;
    Ok(row.try_into().map_err(corrupt)?)
}
