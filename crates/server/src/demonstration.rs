//! The demonstration catalogue, read from its file.

mod catalogue;
mod pictures;

use std::collections::HashMap;

use eggypro_domain::synonyms::NewSynonyms;
use eggypro_domain::{Slug, Unvalidated, Valid, Validate};
use eggypro_persistence::ConnectionString;
use eggypro_persistence::seed::{self, Loaded};

use self::catalogue::{Catalogue, CategoryEntry};
pub(crate) use self::pictures::{discard as discard_pictures, store as store_pictures};
use crate::failure::Failure;

/// Loads the demonstration catalogue into a migrated database. Existing rows stay as they are. `pictures` has the addresses of
/// the products' pictures; a product without one has none.
///
/// # Errors
/// When the database can't be reached or refuses a row.
pub fn load_demonstration(
    url: &ConnectionString,
    mut pictures: HashMap<Slug, String>,
) -> Result<Loaded, Failure> {
    let catalogue = Catalogue::read()?;
    let synonyms = demonstration_synonyms()?;
    let categories = catalogue
        .categories
        .into_iter()
        .map(CategoryEntry::read)
        .collect::<Result<Vec<_>, _>>()?;
    let products = catalogue
        .products
        .into_iter()
        .map(|product| {
            let picture = pictures.remove(&product.slug);
            product.read(picture)
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(seed::load(url, synonyms, categories, products)?)
}

/// The synonyms of the demonstration catalogue.
pub(crate) fn demonstration_synonyms() -> Result<Valid<NewSynonyms>, Failure> {
    let catalogue = Catalogue::read()?;
    valid(NewSynonyms::new(catalogue.synonyms))
}

/// The slugs of the products and of the categories of the demonstration catalogue.
pub(crate) fn demonstration_slugs() -> Result<(Vec<Slug>, Vec<Slug>), Failure> {
    let catalogue = Catalogue::read()?;
    let products = catalogue.products.into_iter().map(|product| product.slug);
    let categories = catalogue
        .categories
        .iter()
        .map(|category| category.slug.parse());
    Ok((products.collect(), categories.collect::<Result<_, _>>()?))
}

fn valid<T: Validate<Context = ()>>(value: T) -> Result<Valid<T>, Failure> {
    Unvalidated::new(value)
        .validate()
        .map_err(|report| format!("the catalogue breaks a rule: {report}").into())
}
