//! Stores uploaded images.

use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz};
use eggypro_domain::Slug;
use eggypro_domain::images::{ConfirmError, Image};
use eggypro_domain::products::MAX_IMAGES;

use super::pixels;
use crate::error::{Failure, corrupt};
use crate::products::StoredRenditions;
use crate::schema::products;

pub(super) fn confirm(
    connection: &mut PgConnection,
    images: &[Image],
    product: Option<&Slug>,
) -> Result<(), Failure<ConfirmError>> {
    let product = product.map(|slug| lock_below_image_limit(connection, slug, images.len()));
    let product = product.transpose()?;
    for image in images {
        confirm_reservation(connection, image, product.as_ref().map(|(id, _)| *id))?;
    }
    if let Some((id, mut shown)) = product {
        shown.extend(images.iter().map(|image| Some(image.original.clone())));
        diesel::update(products::table.find(id))
            .set((
                products::images.eq(shown),
                products::version.eq(products::version + 1),
                products::updated_at.eq(now.into_sql::<Timestamptz>()),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// Turns a reserved image into a stored one. Fails if the reservation has ended.
fn confirm_reservation(
    connection: &mut PgConnection,
    image: &Image,
    product: Option<i32>,
) -> Result<(), Failure<ConfirmError>> {
    let renditions = StoredRenditions::from(&image.renditions);
    let renditions = serde_json::to_string(&renditions).map_err(corrupt)?;
    let confirmed = sql_query(
        "UPDATE images SET url = $2, format = $3, width = $4, height = $5, bytes = $6, product_id = $7, \
         renditions = $8::jsonb, removal_requested_at = NULL \
         WHERE public_id = $1 AND removal_requested_at > now() AND removal_attempts = 0",
    )
    .bind::<Text, _>(image.id.as_str())
    .bind::<Text, _>(&image.original)
    .bind::<Text, _>(image.format.as_str())
    .bind::<Integer, _>(pixels(image.width))
    .bind::<Integer, _>(pixels(image.height))
    .bind::<Integer, _>(pixels(image.size))
    .bind::<Nullable<Integer>, _>(product)
    .bind::<Text, _>(renditions)
    .execute(connection)?;
    if confirmed == 0 {
        return Err(Failure::Refused(ConfirmError::ReservationEnded));
    }
    Ok(())
}

type Shown = Vec<Option<String>>;

/// Locks a product until the transaction ends. Returns its id and images if `images` more fit.
fn lock_below_image_limit(
    connection: &mut PgConnection,
    slug: &Slug,
    images: usize,
) -> Result<(i32, Shown), Failure<ConfirmError>> {
    let found: Option<(i32, Shown)> = products::table
        .filter(products::slug.eq(slug.as_str()))
        .select((products::id, products::images))
        .for_no_key_update()
        .first(connection)
        .optional()?;
    let (id, shown) = found.unzip();
    let shown = check_image_limit(shown, images)?;
    let id = id.ok_or(Failure::Refused(ConfirmError::ProductNotFound))?;
    Ok((id, shown))
}

/// Returns the images of a product if it exists and `images` more fit.
pub(super) fn check_image_limit(
    shown: Option<Vec<Option<String>>>,
    images: usize,
) -> Result<Vec<Option<String>>, Failure<ConfirmError>> {
    let shown = shown.ok_or(Failure::Refused(ConfirmError::ProductNotFound))?;
    if shown.len() + images > MAX_IMAGES {
        return Err(Failure::Refused(ConfirmError::TooManyImages));
    }
    Ok(shown)
}
