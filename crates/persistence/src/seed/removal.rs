use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Text};
use eggypro_domain::products::{Expected, ProductError};
use eggypro_domain::synonyms::NewSynonyms;
use eggypro_domain::{Slug, Valid};

use super::{Loaded, SeedError, sign};
use crate::ConnectionString;
use crate::error::Failure;
use crate::products::remove as remove_product;
use crate::schema::{categories, product_categories, products};
use crate::synonyms;

#[derive(QueryableByName)]
struct Others {
    #[diesel(sql_type = Bool)]
    are_there: bool,
}

/// Whether there are products with other slugs than these.
///
/// # Errors
/// When the database can't be reached.
pub fn has_others(url: &ConnectionString, slugs: &[String]) -> Result<bool, SeedError> {
    let others: Others = sql_query(
        "SELECT EXISTS (SELECT FROM products WHERE slug <> ALL ($1::text[])) AS are_there",
    )
    .bind::<Array<Text>, _>(slugs)
    .get_result(&mut url.connect()?)?;
    Ok(others.are_there)
}

/// Those of these slugs that no product has.
///
/// # Errors
/// When the database can't be reached.
pub fn missing(url: &ConnectionString, slugs: Vec<Slug>) -> Result<Vec<Slug>, SeedError> {
    let known: Vec<String> = products::table
        .filter(products::slug.eq_any(slugs.iter().map(Slug::as_str)))
        .select(products::slug)
        .load(&mut url.connect()?)?;
    let mut slugs = slugs;
    slugs.retain(|slug| !known.iter().any(|known| known == slug.as_str()));
    Ok(slugs)
}

/// Removes these products with their reviews, those of these categories that have no products left, and the synonyms if
/// they equal these, in one transaction. Returns how many products and categories were removed.
///
/// # Errors
/// When the database can't be reached.
pub fn remove(
    url: &ConnectionString,
    products: &[Slug],
    categories: &[Slug],
    synonyms: Valid<NewSynonyms>,
) -> Result<Loaded, SeedError> {
    url.connect()?.transaction(|connection| {
        sign(connection)?;
        let mut removed = Loaded {
            categories: 0,
            products: 0,
        };
        for slug in products {
            match remove_product(connection, slug, &Expected::Any) {
                Ok(()) => removed.products += 1,
                Err(Failure::Database(error)) => return Err(error.into()),
                Err(Failure::Refused(ProductError::NotFound)) => {}
                Err(Failure::Refused(error)) => {
                    let error = diesel::result::Error::QueryBuilderError(Box::new(error));
                    return Err(error.into());
                }
            }
        }
        synonyms::clear_if(connection, &synonyms.into_inner())?;
        let is_used = diesel::dsl::exists(
            product_categories::table.filter(product_categories::category_id.eq(categories::id)),
        );
        removed.categories = diesel::delete(
            categories::table
                .filter(categories::slug.eq_any(categories.iter().map(Slug::as_str)))
                .filter(diesel::dsl::not(is_used)),
        )
        .execute(connection)?;
        Ok(removed)
    })
}
