mod product;

use diesel::prelude::*;
use eggypro_domain::Valid;
use eggypro_domain::categories::NewCategory;
use eggypro_domain::products::NewProduct;
use eggypro_domain::synonyms::NewSynonyms;

use self::product::make_product;
use super::{SeedError, sign};
use crate::ConnectionString;
use crate::schema::categories;
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
