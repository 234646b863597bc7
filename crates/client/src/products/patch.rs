use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use time::OffsetDateTime;

use super::{Allergen, Diet, MediaInput, NetContent, NutritionBasis};
use crate::{Field, decimal};

/// The change of a product (RFC 7396). By default, every field stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ProductPatch {
    /// 1 to 255 ASCII letters, digits, spaces, `-` or `_`, not blank. It can't be cleared.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub name: Field<String>,
    /// The name in URLs. It can't be cleared.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub slug: Field<String>,
    /// 1 to 10 000 characters. It can't be cleared.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub description: Field<String>,
    /// 1 to 10 000 characters. It can't be cleared.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub details: Field<String>,
    /// The price of one unit. It can't be cleared.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub price: Field<Decimal>,
    /// Absolute URLs, the main image first.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub images: Field<Vec<String>>,
    /// What each of the images shows, in the same order.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub media: Field<Vec<MediaInput>>,
    /// 1 to 50 texts. They can't be cleared.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub ingredients: Field<Vec<String>>,
    /// What can be sold now.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub stock_quantity: Field<i32>,
    /// Whether it is public.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub is_active: Field<bool>,
    /// Slugs of categories that exist.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub categories: Field<Vec<String>>,
    /// What people read.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub title: Field<String>,
    /// The shop's own number.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub sku: Field<String>,
    /// The number of its barcode.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub gtin: Field<String>,
    /// The brand.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub brand: Field<String>,
    /// The price before a reduction.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub list_price: Field<Decimal>,
    /// How much one unit contains.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub net_content: Field<NetContent>,
    /// Facts of a food, of which absent ones stay.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub food: Field<FoodPatch>,
    /// The group whose products are variants of one another.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub group: Field<String>,
    /// Options by their names, of which absent ones stay; `None` removes one.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub options: Field<BTreeMap<String, Option<String>>>,
    /// What search engines show.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub seo: Field<SeoPatch>,
    /// When it becomes active.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "serialize_time"
    )]
    pub publish_at: Field<OffsetDateTime>,
    /// When it becomes inactive.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "serialize_time"
    )]
    pub unpublish_at: Field<OffsetDateTime>,
    /// The stock at which it is time to order more.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub low_stock_at: Field<i32>,
}

/// The change of facts of a food.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct FoodPatch {
    /// The allergens that it contains. Cleared, nobody has stated them.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub allergens: Field<Vec<Allergen>>,
    /// The allergens of which it may contain traces.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub may_contain: Field<Vec<Allergen>>,
    /// The diets that it suits.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub diets: Field<Vec<Diet>>,
    /// The nutrition, of which absent values stay.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub nutrition: Field<NutritionPatch>,
    /// The country of origin (ISO 3166-1 alpha-2).
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub origin_country: Field<String>,
    /// How to store it.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub storage: Field<String>,
}

/// The change of nutrition. See [`Nutrition`](super::Nutrition).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct NutritionPatch {
    /// The amount that the other values are stated for.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub basis: Field<NutritionBasis>,
    /// The size of a serving, in g or ml.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub serving_size: Field<Decimal>,
    /// Energy in kJ.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub energy_kj: Field<Decimal>,
    /// Energy in kcal.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub energy_kcal: Field<Decimal>,
    /// Fat.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub fat: Field<Decimal>,
    /// Saturated fatty acids.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub saturates: Field<Decimal>,
    /// Carbohydrate.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub carbohydrate: Field<Decimal>,
    /// Sugars.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub sugars: Field<Decimal>,
    /// Fibre.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub fibre: Field<Decimal>,
    /// Protein.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub protein: Field<Decimal>,
    /// Salt.
    #[serde(
        skip_serializing_if = "Field::is_keep",
        serialize_with = "decimal::serialize_field"
    )]
    pub salt: Field<Decimal>,
}

/// The change of what search engines show.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SeoPatch {
    /// At most 70 characters.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub title: Field<String>,
    /// At most 200 characters.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub description: Field<String>,
}

/// Writes a time of a merge patch. Fields to keep are skipped before.
fn serialize_time<S: Serializer>(
    field: &Field<OffsetDateTime>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match field {
        Field::Set(time) => time::serde::rfc3339::serialize(time, serializer),
        Field::Keep | Field::Clear => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_written() {
        let json = |patch: &ProductPatch| serde_json::to_string(patch).unwrap();
        assert_eq!(json(&ProductPatch::default()), "{}");
        let patch = ProductPatch {
            price: Decimal::new(4190, 2).into(),
            list_price: Field::Clear,
            publish_at: OffsetDateTime::UNIX_EPOCH.into(),
            food: Field::Set(FoodPatch {
                nutrition: Field::Set(NutritionPatch {
                    fat: Decimal::new(4, 1).into(),
                    ..NutritionPatch::default()
                }),
                storage: Field::Clear,
                ..FoodPatch::default()
            }),
            options: BTreeMap::from([("Size".to_owned(), None)]).into(),
            ..ProductPatch::default()
        };
        assert_eq!(
            json(&patch),
            concat!(
                r#"{"price":41.90,"list_price":null,"food":{"nutrition":{"fat":0.4},"storage":null},"#,
                r#""options":{"Size":null},"publish_at":"1970-01-01T00:00:00Z"}"#
            )
        );
    }
}
