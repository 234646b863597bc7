//! The demonstration catalogue, read from its file.

use eggypro_domain::categories::NewCategory;
use eggypro_domain::products::NewProduct;
use eggypro_domain::synonyms::NewSynonyms;
use eggypro_domain::{Slug, Unvalidated, Valid, Validate};
use eggypro_persistence::ConnectionString;
use eggypro_persistence::seed::{self, DemonstrationProduct, DemonstrationReview, Loaded};
use serde::Deserialize;

use crate::failure::Failure;

const CATALOGUE: &str = include_str!("seed/catalogue.json");

/// Loads the demonstration catalogue into a migrated database. Existing rows stay as they are.
///
/// # Errors
/// When the database can't be reached or refuses a row.
pub fn load_demonstration(url: &ConnectionString) -> Result<Loaded, Failure> {
    let catalogue: Catalogue = serde_json::from_str(CATALOGUE)?;
    let synonyms = demonstration_synonyms()?;
    let categories = catalogue
        .categories
        .into_iter()
        .map(CategoryEntry::read)
        .collect::<Result<Vec<_>, _>>()?;
    let products = catalogue
        .products
        .into_iter()
        .map(ProductEntry::read)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(seed::load(url, synonyms, categories, products)?)
}

/// The synonyms of the demonstration catalogue.
pub(crate) fn demonstration_synonyms() -> Result<Valid<NewSynonyms>, Failure> {
    let catalogue: Catalogue = serde_json::from_str(CATALOGUE)?;
    valid(NewSynonyms::new(catalogue.synonyms))
}

/// The slugs of the products and of the categories of the demonstration catalogue.
pub(crate) fn demonstration_slugs() -> Result<(Vec<Slug>, Vec<Slug>), Failure> {
    let catalogue: Catalogue = serde_json::from_str(CATALOGUE)?;
    let products = catalogue
        .products
        .iter()
        .map(|product| product.slug.parse());
    let categories = catalogue
        .categories
        .iter()
        .map(|category| category.slug.parse());
    Ok((
        products.collect::<Result<_, _>>()?,
        categories.collect::<Result<_, _>>()?,
    ))
}

#[derive(Deserialize)]
struct Catalogue {
    synonyms: Vec<Vec<String>>,
    categories: Vec<CategoryEntry>,
    products: Vec<ProductEntry>,
}

#[derive(Deserialize)]
struct CategoryEntry {
    name: String,
    slug: String,
    description: String,
}

#[derive(Deserialize)]
struct ProductEntry {
    name: String,
    slug: String,
    description: String,
    details: String,
    price: String,
    ingredients: Vec<String>,
    stock_quantity: i64,
    categories: Vec<String>,
    reviews: Vec<ReviewEntry>,
}

#[derive(Deserialize)]
struct ReviewEntry {
    reviewer_name: String,
    rating: i32,
    comment: String,
    is_verified: bool,
}

impl CategoryEntry {
    fn read(self) -> Result<Valid<NewCategory>, Failure> {
        let mut category = NewCategory::new(self.name);
        category.slug = Some(self.slug.parse()?);
        category.description = Some(self.description);
        valid(category)
    }
}

impl ProductEntry {
    fn read(self) -> Result<DemonstrationProduct, Failure> {
        let (price, ingredients) = (self.price.parse()?, self.ingredients);
        let mut product = NewProduct::new(
            self.name,
            self.description,
            self.details,
            price,
            ingredients,
        );
        product.slug = Some(self.slug.parse()?);
        product.stock_quantity = self.stock_quantity;
        let categories = self.categories.iter().map(|slug| slug.parse());
        product.categories = categories.collect::<Result<_, _>>()?;
        let product = valid(product)?;
        let reviews = self.reviews.into_iter().map(|review| DemonstrationReview {
            reviewer_name: review.reviewer_name,
            rating: review.rating,
            comment: review.comment,
            is_verified: review.is_verified,
        });
        Ok(DemonstrationProduct {
            product,
            reviews: reviews.collect(),
        })
    }
}

fn valid<T: Validate<Context = ()>>(value: T) -> Result<Valid<T>, Failure> {
    Unvalidated::new(value)
        .validate()
        .map_err(|report| format!("the catalogue breaks a rule: {report}").into())
}
