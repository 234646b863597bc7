use garde::{Error, Validate};
use time::OffsetDateTime;

use super::Product;
use crate::{Price, Slug, rules, text};

/// Slugs that other routes below the products use.
const RESERVED_SLUGS: [&str; 2] = ["search", "suggest"];

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

/// Changes of a product. A field that is `None` stays the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Validate)]
#[expect(missing_docs, reason = "each field means what it means in NewProduct")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[non_exhaustive]
pub struct ProductChanges {
    #[garde(inner(custom(rules::product_name)))]
    pub name: Option<String>,
    #[garde(inner(custom(not_reserved)))]
    pub slug: Option<Slug>,
    #[garde(inner(custom(text::lines("Description", 10_000))))]
    pub description: Option<String>,
    #[garde(inner(custom(text::lines("Details", 10_000))))]
    pub details: Option<String>,
    #[garde(skip)]
    pub price: Option<Price>,
    #[garde(inner(custom(rules::images), inner(custom(rules::image_url))))]
    pub images: Option<Vec<String>>,
    #[garde(inner(
        custom(rules::ingredients),
        inner(custom(text::line("Ingredient", 255)))
    ))]
    pub ingredients: Option<Vec<String>>,
    #[garde(inner(custom(rules::stock_quantity)))]
    pub stock_quantity: Option<i64>,
    #[garde(skip)]
    pub is_active: Option<bool>,
    #[garde(inner(custom(rules::categories)))]
    pub categories: Option<Vec<Slug>>,
    #[garde(skip)]
    #[cfg_attr(
        feature = "serde",
        serde(with = "changed_time", skip_serializing_if = "Option::is_none")
    )]
    pub publish_at: Option<Option<OffsetDateTime>>,
    #[garde(custom(changed_after(&self.publish_at)))]
    #[cfg_attr(
        feature = "serde",
        serde(with = "changed_time", skip_serializing_if = "Option::is_none")
    )]
    pub unpublish_at: Option<Option<OffsetDateTime>>,
    #[garde(inner(inner(custom(rules::low_stock_at))))]
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")
    )]
    pub low_stock_at: Option<Option<i64>>,
}

impl ProductChanges {
    /// Whether this would change a product. Ignores categories, since a product does not show its inactive ones.
    pub fn would_change(&self, product: &Product) -> bool {
        fn differs<T: PartialEq>(new: &Option<T>, current: &T) -> bool {
            new.as_ref().is_some_and(|new| new != current)
        }
        let Self {
            name,
            slug,
            description,
            details,
            price,
            images,
            ingredients,
            stock_quantity,
            is_active,
            categories: _,
            publish_at,
            unpublish_at,
            low_stock_at,
        } = self;
        differs(name, &product.name)
            || differs(slug, &product.slug)
            || differs(description, &product.description)
            || differs(details, &product.details)
            || differs(price, &product.price)
            || differs(images, &product.images)
            || differs(ingredients, &product.ingredients)
            || differs(stock_quantity, &product.stock_quantity.into())
            || differs(is_active, &product.is_active)
            || differs(publish_at, &product.publish_at)
            || differs(unpublish_at, &product.unpublish_at)
            || differs(low_stock_at, &product.low_stock_at.map(i64::from))
    }

    /// Whether a product would be unpublished before it is published.
    pub fn would_end_before_it_begins(&self, product: &Product) -> bool {
        let begin = self.publish_at.unwrap_or(product.publish_at);
        let end = self.unpublish_at.unwrap_or(product.unpublish_at);
        begin.zip(end).is_some_and(|(begin, end)| begin >= end)
    }

    /// Changes a product, except its categories, version and times.
    pub fn apply_to(self, product: &mut Product) {
        fn set<T>(target: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *target = value;
            }
        }
        set(&mut product.name, self.name);
        set(&mut product.slug, self.slug);
        set(&mut product.description, self.description);
        set(&mut product.details, self.details);
        set(&mut product.price, self.price);
        set(&mut product.images, self.images);
        set(&mut product.ingredients, self.ingredients);
        let stock = self.stock_quantity.map(i32::try_from);
        set(&mut product.stock_quantity, stock.and_then(Result::ok));
        set(&mut product.is_active, self.is_active);
        set(&mut product.publish_at, self.publish_at);
        set(&mut product.unpublish_at, self.unpublish_at);
        let line = self.low_stock_at;
        let line = line.map(|line| line.and_then(|line| line.try_into().ok()));
        set(&mut product.low_stock_at, line);
    }
}

impl From<NewProduct> for ProductChanges {
    /// Replaces every field. A missing slug stays the same.
    fn from(product: NewProduct) -> Self {
        Self {
            name: Some(product.name),
            slug: product.slug,
            description: Some(product.description),
            details: Some(product.details),
            price: Some(product.price),
            images: Some(product.images),
            ingredients: Some(product.ingredients),
            stock_quantity: Some(product.stock_quantity),
            is_active: Some(product.is_active),
            categories: Some(product.categories),
            publish_at: Some(product.publish_at),
            unpublish_at: Some(product.unpublish_at),
            low_stock_at: Some(product.low_stock_at),
        }
    }
}

/// The error of a time before `publish_at`.
pub(crate) const ENDS_TOO_EARLY: &str = "Unpublish at must be after publish at";

fn after(begin: &Option<OffsetDateTime>) -> impl Fn(&Option<OffsetDateTime>, &()) -> garde::Result {
    move |end, _| match begin.zip(*end) {
        Some((begin, end)) if begin >= end => Err(Error::new(ENDS_TOO_EARLY)),
        _ => Ok(()),
    }
}

fn changed_after(
    begin: &Option<Option<OffsetDateTime>>,
) -> impl Fn(&Option<Option<OffsetDateTime>>, &()) -> garde::Result {
    move |end, context| after(&begin.flatten())(&end.flatten(), context)
}

/// Reads a field that is given: null is a value too.
#[cfg(feature = "serde")]
fn given<'de, T: serde::Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A time that is changed: null is a value too.
#[cfg(feature = "serde")]
mod changed_time {
    use serde::{Deserializer, Serializer};
    use time::OffsetDateTime;
    use time::serde::rfc3339::option;

    type Change = Option<Option<OffsetDateTime>>;

    pub(super) fn serialize<S: Serializer>(
        time: &Change,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        option::serialize(&time.flatten(), serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Change, D::Error> {
        option::deserialize(deserializer).map(Some)
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

fn not_reserved(slug: &Slug, _: &()) -> garde::Result {
    if RESERVED_SLUGS.contains(&slug.as_str()) {
        Err(Error::new(format_args!("Slug is reserved: {slug}")))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
