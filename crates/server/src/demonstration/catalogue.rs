//! The format of the catalogue's file.

use eggypro_domain::categories::NewCategory;
use eggypro_domain::products::{Food, Gtin, NetContent, NewProduct, ProductOption, Seo, Sku};
use eggypro_domain::{Slug, Valid};
use eggypro_persistence::seed::{DemonstrationProduct, DemonstrationReview};
use serde::Deserialize;

use super::valid;
use crate::failure::Failure;

#[derive(Deserialize)]
pub(super) struct Catalogue {
    pub(super) synonyms: Vec<Vec<String>>,
    pub(super) categories: Vec<CategoryEntry>,
    pub(super) products: Vec<ProductEntry>,
}

impl Catalogue {
    pub(super) fn read() -> serde_json::Result<Self> {
        serde_json::from_slice(eggypro_admin::demonstration())
    }
}

#[derive(Deserialize)]
pub(super) struct CategoryEntry {
    name: String,
    pub(super) slug: String,
    description: String,
}

#[derive(Deserialize)]
pub(super) struct ProductEntry {
    name: String,
    pub(super) slug: Slug,
    description: String,
    /// Describes the picture.
    alt_text: String,
    details: String,
    price: String,
    ingredients: Vec<String>,
    stock_quantity: i64,
    low_stock_at: Option<i64>,
    title: String,
    sku: Sku,
    gtin: Option<Gtin>,
    list_price: Option<String>,
    net_content: NetContent,
    food: Food,
    group: Option<Slug>,
    /// Pairs of a name and a value.
    #[serde(default)]
    options: Vec<(String, String)>,
    #[serde(default)]
    seo: Seo,
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
    pub(super) fn read(self) -> Result<Valid<NewCategory>, Failure> {
        let mut category = NewCategory::new(self.name);
        category.slug = Some(self.slug.parse()?);
        category.description = Some(self.description);
        valid(category)
    }
}

impl ProductEntry {
    /// `picture` is the address of its picture.
    pub(super) fn read(self, picture: Option<String>) -> Result<DemonstrationProduct, Failure> {
        let (price, ingredients) = (self.price.parse()?, self.ingredients);
        let mut product = NewProduct::new(
            self.name,
            self.description,
            self.details,
            price,
            ingredients,
        );
        product.slug = Some(self.slug);
        if let Some(picture) = picture {
            product.images = vec![picture];
            product.alt_texts = vec![Some(self.alt_text)];
        }
        product.stock_quantity = self.stock_quantity;
        product.low_stock_at = self.low_stock_at;
        product.title = Some(self.title);
        product.sku = Some(self.sku);
        product.gtin = self.gtin;
        product.list_price = self.list_price.map(|price| price.parse()).transpose()?;
        product.net_content = Some(self.net_content);
        product.food = Some(self.food);
        product.group = self.group;
        let options = self.options.into_iter();
        let options = options.map(|(name, value)| ProductOption { name, value });
        product.options = options.collect();
        product.seo = self.seo;
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
