use garde::{Error, Validate};
use time::OffsetDateTime;

use super::{Food, Gtin, NetContent, ProductOption, Seo, Sku, variant};
use crate::{Price, Slug, rules, text};

/// Slugs that other routes below the products use.
const RESERVED_SLUGS: [&str; 3] = ["export", "search", "suggest"];

/// A product to create, or the complete replacement of one.
///
/// The types of slugs and prices enforce their own rules. `validate` checks the other fields and reports all invalid
/// ones at once:
///
/// ```
/// use eggypro_domain::{Unvalidated, products::NewProduct};
///
/// let mut product = NewProduct::example();
/// product.name = "Egg & Co".into();
/// let report = Unvalidated::new(product).validate().unwrap_err();
/// assert_eq!(report.to_string(), "name: Name contains invalid characters\n");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NewProduct {
    /// 1 to 255 ASCII letters, digits, spaces, `-` or `_`, not blank.
    #[garde(custom(rules::product_name))]
    pub name: String,
    /// The slug. If it is missing, it is made from the name.
    #[garde(custom(chosen_slug(&self.name)))]
    pub slug: Option<Slug>,
    /// 1 to 10 000 characters.
    #[garde(custom(text::lines("Description", 10_000)))]
    pub description: String,
    /// 1 to 10 000 characters.
    #[garde(custom(text::lines("Details", 10_000)))]
    pub details: String,
    /// The price of one unit.
    #[garde(skip)]
    pub price: Price,
    /// At most 20 absolute http or https URLs.
    #[garde(custom(rules::images), inner(custom(rules::image_url)))]
    pub images: Vec<String>,
    /// 1 to 50 texts of 1 to 255 characters.
    #[garde(
        custom(rules::ingredients),
        inner(custom(text::line("Ingredient", 255)))
    )]
    pub ingredients: Vec<String>,
    /// 0 or more, at most 2³¹ - 1.
    #[garde(custom(rules::stock_quantity))]
    pub stock_quantity: i64,
    /// Whether it is public.
    #[garde(skip)]
    pub is_active: bool,
    /// At most 50 categories. Each must exist.
    #[garde(custom(rules::categories))]
    pub categories: Vec<Slug>,
    /// When it becomes active, once.
    #[garde(skip)]
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "time::serde::rfc3339::option")
    )]
    pub publish_at: Option<OffsetDateTime>,
    /// When it becomes inactive, once. After `publish_at`.
    #[garde(custom(after(&self.publish_at)))]
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "time::serde::rfc3339::option")
    )]
    pub unpublish_at: Option<OffsetDateTime>,
    /// The stock at which it is time to order more: 0 or more, at most 2³¹ - 1.
    #[garde(inner(custom(rules::low_stock_at)))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub low_stock_at: Option<i64>,
    /// What people read: 1 to 255 characters, no invisible ones. `None` for the name.
    #[garde(inner(custom(text::name("Title", 255))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub title: Option<String>,
    /// The shop's own number.
    #[garde(skip)]
    #[cfg_attr(feature = "serde", serde(default))]
    pub sku: Option<Sku>,
    /// The number of its barcode.
    #[garde(skip)]
    #[cfg_attr(feature = "serde", serde(default))]
    pub gtin: Option<Gtin>,
    /// 1 to 100 characters. `None` for the brand of the shop.
    #[garde(inner(custom(text::name("Brand", 100))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub brand: Option<String>,
    /// The price before a reduction, above the price.
    #[garde(inner(custom(above(&self.price))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub list_price: Option<Price>,
    /// How much one unit contains.
    #[garde(skip)]
    #[cfg_attr(feature = "serde", serde(default))]
    pub net_content: Option<NetContent>,
    /// Facts of a food.
    #[garde(dive)]
    #[cfg_attr(feature = "serde", serde(default))]
    pub food: Option<Food>,
    /// The group whose products are variants of one another.
    #[garde(skip)]
    #[cfg_attr(feature = "serde", serde(default))]
    pub group: Option<Slug>,
    /// At most three, with different names.
    #[garde(custom(variant::options))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub options: Vec<ProductOption>,
    /// What each of the images shows, in the same order: at most 512 characters.
    #[garde(custom(rules::alt_texts(&self.images)), inner(inner(custom(rules::alt_text))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub alt_texts: Vec<Option<String>>,
    /// What search engines show.
    #[garde(dive)]
    #[cfg_attr(feature = "serde", serde(default))]
    pub seo: Seo,
}

impl NewProduct {
    /// An active, sold out product without categories and images.
    pub fn new(
        name: String,
        description: String,
        details: String,
        price: Price,
        ingredients: Vec<String>,
    ) -> Self {
        Self {
            name,
            slug: None,
            description,
            details,
            price,
            images: vec![],
            ingredients,
            stock_quantity: 0,
            is_active: true,
            categories: vec![],
            publish_at: None,
            unpublish_at: None,
            low_stock_at: None,
            title: None,
            sku: None,
            gtin: None,
            brand: None,
            list_price: None,
            net_content: None,
            food: None,
            group: None,
            options: vec![],
            alt_texts: vec![],
            seo: Seo::default(),
        }
    }

    /// A valid product, for documentation and tests.
    #[expect(
        clippy::missing_panics_doc,
        clippy::expect_used,
        reason = "the price is a valid constant"
    )]
    pub fn example() -> Self {
        Self::new(
            "EggyPro Vanilla 1kg".into(),
            "Egg white protein with real vanilla.".into(),
            "24 g of protein a serving.".into(),
            "39.90".parse().expect("a valid price"),
            vec!["Egg white protein".into(), "Vanilla".into()],
        )
    }

    /// The given slug, or the one made from the name; `None` only if the product is invalid.
    pub fn slug(&self) -> Option<Slug> {
        self.slug.clone().or_else(|| Slug::from_name(&self.name))
    }
}

/// The error of a time before `publish_at`.
pub(super) const ENDS_TOO_EARLY: &str = "Unpublish at must be after publish at";

/// The error of a list price that is not above the price.
pub(super) const NOT_REDUCED: &str = "List price must be above the price";

fn above(price: &Price) -> impl Fn(&Price, &()) -> garde::Result {
    move |list_price, _| match list_price > price {
        true => Ok(()),
        false => Err(Error::new(NOT_REDUCED)),
    }
}

pub(super) fn after(
    begin: &Option<OffsetDateTime>,
) -> impl Fn(&Option<OffsetDateTime>, &()) -> garde::Result {
    move |end, _| match begin.zip(*end) {
        Some((begin, end)) if begin >= end => Err(Error::new(ENDS_TOO_EARLY)),
        _ => Ok(()),
    }
}

/// Checks the slug of a new product with this name. If the name is invalid, only the name is reported.
fn chosen_slug(name: &str) -> impl Fn(&Option<Slug>, &()) -> garde::Result {
    move |slug, context| match slug {
        Some(slug) => not_reserved(slug, context),
        None => match Slug::from_name(name) {
            Some(slug) => not_reserved(&slug, context),
            None if rules::product_name(name, context).is_err() => Ok(()),
            None => Err(Error::new(
                "Slug is required, since none can be made from this name",
            )),
        },
    }
}

pub(super) fn not_reserved(slug: &Slug, _: &()) -> garde::Result {
    if RESERVED_SLUGS.contains(&slug.as_str()) {
        Err(Error::new(format_args!("Slug is reserved: {slug}")))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
