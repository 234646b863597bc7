mod nested;

use std::collections::BTreeMap;

use garde::Validate;
use time::OffsetDateTime;

use super::input::{ENDS_TOO_EARLY, NOT_REDUCED, after, not_reserved};
use super::{Food, Gtin, NetContent, NewProduct, Product, ProductOption, Seo, Sku, variant};
use crate::rules::MORE_MEDIA_THAN_IMAGES;
use crate::{Price, Slug, rules, text};

use self::nested::changed_options;
pub use self::nested::{
    FoodChanges, Nested, NetContentChanges, NutritionChanges, OptionChanges, SeoChanges,
};

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
    #[garde(inner(inner(custom(text::name("Title", 255)))))]
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")
    )]
    pub title: Option<Option<String>>,
    #[garde(skip)]
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")
    )]
    pub sku: Option<Option<Sku>>,
    #[garde(skip)]
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")
    )]
    pub gtin: Option<Option<Gtin>>,
    #[garde(inner(inner(custom(text::name("Brand", 100)))))]
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")
    )]
    pub brand: Option<Option<String>>,
    #[garde(inner(inner(custom(above(&self.price)))))]
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")
    )]
    pub list_price: Option<Option<Price>>,
    #[garde(skip)]
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")
    )]
    pub group: Option<Option<Slug>>,
    #[garde(skip)]
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")
    )]
    pub net_content: Option<Option<Nested<NetContent, NetContentChanges>>>,
    #[garde(dive)]
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")
    )]
    pub food: Option<Option<Nested<Food, FoodChanges>>>,
    #[garde(inner(custom(whole_options)))]
    pub options: Option<Nested<Vec<ProductOption>, OptionChanges>>,
    /// By the order of the images.
    #[garde(custom(described(&self.images)), inner(inner(inner(custom(rules::alt_text)))))]
    pub alt_texts: Option<Vec<Option<String>>>,
    #[garde(dive)]
    pub seo: Option<Nested<Seo, SeoChanges>>,
}

impl ProductChanges {
    /// The changes of this product with whole values instead of merges.
    ///
    /// # Errors
    /// Every rule that the changed product would break. Rules of single fields were checked before.
    pub fn resolved(mut self, product: &Product) -> Result<Self, Vec<Contradiction>> {
        let mut contradictions = vec![];
        let mut refuse = |field: String, message: &str| {
            contradictions.push(Contradiction {
                field,
                message: message.to_owned(),
            });
        };
        let (begin, end) = (self.publish_at, self.unpublish_at);
        let begin = begin.unwrap_or(product.publish_at);
        let end = end.unwrap_or(product.unpublish_at);
        if begin.zip(end).is_some_and(|(begin, end)| begin >= end) {
            refuse("unpublish_at".to_owned(), ENDS_TOO_EARLY);
        }
        let price = self.price.unwrap_or(product.price);
        let list_price = self.list_price.unwrap_or(product.list_price);
        if list_price.is_some_and(|list_price| list_price <= price) {
            refuse("list_price".to_owned(), NOT_REDUCED);
        }
        let images = self.images.as_ref().unwrap_or(&product.images).len();
        if self
            .alt_texts
            .as_ref()
            .is_some_and(|texts| texts.len() > images)
        {
            refuse("media".to_owned(), MORE_MEDIA_THAN_IMAGES);
        }
        if let Some(Some(Nested::Merge(changes))) = &self.net_content {
            match changes.clone().applied_to(product.net_content) {
                Ok(content) => self.net_content = Some(Some(Nested::Set(content))),
                Err((member, rule)) => refuse(format!("net_content.{member}"), &rule),
            }
        }
        if let Some(Some(food)) = &mut self.food {
            if let Nested::Merge(changes) = food {
                let current = product.food.clone().unwrap_or_default();
                match std::mem::take(changes).applied_to(current) {
                    Some(merged) => *food = Nested::Set(merged),
                    None => refuse("food.nutrition.basis".to_owned(), "Basis is required"),
                }
            }
            if let Nested::Set(food) = food {
                report("food", food, &mut refuse);
            }
        }
        if let Some(options) = &mut self.options {
            if let Nested::Merge(changes) = options {
                let changes = std::mem::take(changes);
                *options = Nested::Set(changed_options(product.options.clone(), changes));
            }
            if let Nested::Set(options) = options
                && let Err(error) = variant::options(options, &())
            {
                refuse("options".to_owned(), error.message());
            }
        }
        if let Some(seo) = &mut self.seo {
            if let Nested::Merge(changes) = seo {
                let changes = std::mem::take(changes);
                *seo = Nested::Set(changes.applied_to(product.seo.clone()));
            }
            if let Nested::Set(seo) = seo {
                report("seo", seo, &mut refuse);
            }
        }
        match contradictions.is_empty() {
            true => Ok(self),
            false => Err(contradictions),
        }
    }

    /// Whether this would change a product. Ignores categories, since a product does not show its inactive ones. The
    /// changes must be [resolved](Self::resolved).
    pub fn would_change(&self, product: &Product) -> bool {
        let mut changed = product.clone();
        self.clone().apply_to(&mut changed);
        changed != *product
    }

    /// Changes a product, except its categories, version and times. The changes must be [resolved](Self::resolved).
    pub fn apply_to(self, product: &mut Product) {
        fn set<T>(target: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *target = value;
            }
        }
        fn set_nested<T, C>(target: &mut Option<T>, value: Option<Option<Nested<T, C>>>) {
            match value {
                Some(None) => *target = None,
                Some(Some(Nested::Set(value))) => *target = Some(value),
                Some(Some(Nested::Merge(_))) | None => {}
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
        set(&mut product.title, self.title);
        set(&mut product.sku, self.sku);
        set(&mut product.gtin, self.gtin);
        set(&mut product.brand, self.brand);
        set(&mut product.list_price, self.list_price);
        set(&mut product.group, self.group);
        set_nested(&mut product.net_content, self.net_content);
        set_nested(&mut product.food, self.food);
        if let Some(Nested::Set(options)) = self.options {
            product.options = options;
        }
        if let Some(Nested::Set(seo)) = self.seo {
            product.seo = seo;
        }
        if let Some(texts) = self.alt_texts {
            product.alt_texts = alt_texts(&product.images, texts);
        }
    }
}

/// The texts by the URLs of their images. Empty ones are left out.
pub fn alt_texts(images: &[String], texts: Vec<Option<String>>) -> BTreeMap<String, String> {
    let described = images.iter().zip(texts);
    let described = described.filter_map(|(url, text)| {
        let text = text.filter(|text| !text.is_empty())?;
        Some((url.clone(), text))
    });
    described.collect()
}

/// A rule that a change would break together with what the product already has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The path of the field, such as `food.nutrition.fat`.
    pub field: String,
    /// The rule, for people.
    pub message: String,
}

/// Reports the rules that a part of a product breaks.
fn report<T: Validate<Context = ()>>(field: &str, part: &T, refuse: &mut impl FnMut(String, &str)) {
    if let Err(report) = part.validate() {
        for (path, error) in report.iter() {
            refuse(format!("{field}.{path}"), error.message());
        }
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
            title: Some(product.title),
            sku: Some(product.sku),
            gtin: Some(product.gtin),
            brand: Some(product.brand),
            list_price: Some(product.list_price),
            group: Some(product.group),
            net_content: Some(product.net_content.map(Nested::Set)),
            food: Some(product.food.map(Nested::Set)),
            options: Some(Nested::Set(product.options)),
            alt_texts: Some(product.alt_texts),
            seo: Some(Nested::Set(product.seo)),
        }
    }
}

/// A list price must be above a price that is given with it.
fn above(price: &Option<Price>) -> impl Fn(&Price, &()) -> garde::Result {
    move |list_price, _| match price {
        Some(price) if list_price <= price => Err(garde::Error::new(NOT_REDUCED)),
        _ => Ok(()),
    }
}

/// Whole options. The others are checked when they are [resolved](ProductChanges::resolved).
fn whole_options(options: &Nested<Vec<ProductOption>, OptionChanges>, _: &()) -> garde::Result {
    match options {
        Nested::Set(options) => variant::options(options, &()),
        Nested::Merge(_) => Ok(()),
    }
}

/// Alternative texts of images that are given with them.
fn described(
    images: &Option<Vec<String>>,
) -> impl Fn(&Option<Vec<Option<String>>>, &()) -> garde::Result {
    move |texts, context| match (images, texts) {
        (Some(images), Some(texts)) => rules::alt_texts(images)(texts, context),
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
