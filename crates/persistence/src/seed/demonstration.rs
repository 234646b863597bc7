use diesel::prelude::*;
use eggypro_domain::Valid;
use eggypro_domain::categories::NewCategory;
use eggypro_domain::products::{NewProduct, ProductError};
use eggypro_domain::synonyms::NewSynonyms;

use super::{SeedError, sign};
use crate::ConnectionString;
use crate::error::Failure;
use crate::products::create;
use crate::schema::{categories, products, reviews};
use crate::synonyms;

/// A demonstration product with its reviews.
#[derive(Debug)]
pub struct DemonstrationProduct {
    /// The product.
    pub product: Valid<NewProduct>,
    /// Its reviews.
    pub reviews: Vec<DemonstrationReview>,
}

/// A review of a demonstration product.
#[derive(Debug)]
pub struct DemonstrationReview {
    /// The name of the reviewer.
    pub reviewer_name: String,
    /// Stars, 1 to 5.
    pub rating: i32,
    /// The text.
    pub comment: String,
    /// Whether the public sees it.
    pub is_verified: bool,
}

/// How many categories and products were created or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loaded {
    /// Number of categories.
    pub categories: usize,
    /// Number of products.
    pub products: usize,
}

/// Creates the categories and products whose slug is free, and the synonyms if there are none, in one transaction.
/// Existing ones are not changed.
///
/// # Errors
/// When the database can't be reached or refuses a row.
pub fn load(
    url: &ConnectionString,
    new_synonyms: Valid<NewSynonyms>,
    new_categories: Vec<Valid<NewCategory>>,
    new_products: Vec<DemonstrationProduct>,
) -> Result<Loaded, SeedError> {
    url.connect()?.transaction(|connection| {
        sign(connection)?;
        let mut loaded = Loaded {
            categories: 0,
            products: 0,
        };
        synonyms::set_if_empty(connection, new_synonyms.into_inner())?;
        for category in new_categories {
            loaded.categories += make_category(connection, category.into_inner())?;
        }
        for product in new_products {
            loaded.products += usize::from(make_product(connection, product)?);
        }
        Ok(loaded)
    })
}

fn make_category(connection: &mut PgConnection, category: NewCategory) -> QueryResult<usize> {
    let slug = category
        .slug()
        .map(|slug| slug.as_str().to_owned())
        .unwrap_or_default();
    diesel::insert_into(categories::table)
        .values((
            categories::name.eq(category.name),
            categories::slug.eq(slug),
            categories::description.eq(category.description),
            categories::is_active.eq(category.is_active),
        ))
        .on_conflict(categories::slug)
        .do_nothing()
        .execute(connection)
}

/// Returns whether the product was created.
fn make_product(connection: &mut PgConnection, new: DemonstrationProduct) -> QueryResult<bool> {
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
