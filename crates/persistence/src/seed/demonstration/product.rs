//! Creates a product with its reviews.

use diesel::prelude::*;
use eggypro_domain::products::ProductError;

use super::DemonstrationProduct;
use crate::error::Failure;
use crate::products::create;
use crate::schema::{products, reviews};

/// Returns whether the product was created.
pub(super) fn make_product(
    connection: &mut PgConnection,
    new: DemonstrationProduct,
) -> QueryResult<bool> {
    let Some(slug) = new.product.slug() else {
        return Ok(false);
    };
    // In a savepoint, so that a taken slug does not abort the transaction.
    let created = connection.transaction(|connection| create(connection, &slug, new.product));
    let product = match created {
        Ok(product) => product,
        Err(Failure::Refused(ProductError::SlugTaken(_))) => return Ok(false),
        Err(Failure::Refused(error)) => {
            return Err(diesel::result::Error::QueryBuilderError(Box::new(error)));
        }
        Err(Failure::Database(error)) => return Err(error),
    };
    let mut counts = [0; 5];
    for review in new.reviews.iter().filter(|review| review.is_verified) {
        if let Some(count) = usize::try_from(review.rating - 1)
            .ok()
            .and_then(|stars| counts.get_mut(stars))
        {
            *count += 1;
        }
    }
    let rows: Vec<_> = new
        .reviews
        .into_iter()
        .map(|review| {
            (
                reviews::product_id.eq(product.id.0),
                reviews::reviewer_name.eq(review.reviewer_name),
                reviews::rating.eq(review.rating),
                reviews::comment.eq(review.comment),
                reviews::is_verified.eq(review.is_verified),
            )
        })
        .collect();
    diesel::insert_into(reviews::table)
        .values(rows)
        .execute(connection)?;
    diesel::update(products::table.find(product.id.0))
        .set(products::rating_counts.eq(counts.map(Some).to_vec()))
        .execute(connection)?;
    Ok(true)
}
