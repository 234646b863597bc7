//! The facts of a product: content, food, options, alternative texts and what search engines show.

use eggypro_domain::Decimal;
use eggypro_domain::products::{
    Food, FoodChanges, NetContent, NetContentChanges, Nutrient, Nutrition, NutritionChanges,
    ProductOption, Seo, SeoChanges, UnitPrice,
};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::body::Amount;
use crate::message::fields::{Fields, Given};

/// A number without zeros at its end, written without a conversion to a float.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number(Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = self.0.normalize().to_string();
        let digits = RawValue::from_string(digits).map_err(serde::ser::Error::custom)?;
        digits.serialize(serializer)
    }
}

/// How much one unit contains.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NetContent)]
pub(super) struct NetContentBody {
    /// More than 0, with at most three decimals.
    #[schema(value_type = f64, example = 1)]
    value: Number,
    /// `g`, `kg`, `ml`, `l` or `piece`.
    #[schema(example = "kg")]
    unit: &'static str,
}

impl NetContentBody {
    pub(super) fn of(content: NetContent) -> Self {
        Self {
            value: Number(content.value()),
            unit: content.unit().as_str(),
        }
    }
}

/// The price of a unit of measure (Directive 98/6/EC), rounded to cents.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnitPrice)]
pub(super) struct UnitPriceBody {
    #[schema(value_type = f64, example = 39.90)]
    price: Amount,
    /// `1 kg`, `1 l` or `1 piece`.
    #[schema(example = "1 kg")]
    per: &'static str,
}

impl UnitPriceBody {
    pub(super) fn of(unit_price: UnitPrice) -> Self {
        Self {
            price: Amount(unit_price.price),
            per: unit_price.per.as_str(),
        }
    }
}

/// Facts of a food.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Food)]
pub(super) struct FoodBody<'a> {
    /// Of the fourteen of Regulation (EU) 1169/2011, Annex II. Null if nobody has stated them.
    #[schema(example = json!(["eggs"]))]
    allergens: Option<Vec<&'static str>>,
    /// Possible traces.
    #[schema(example = json!(["milk"]))]
    may_contain: Vec<&'static str>,
    #[schema(example = json!(["vegetarian", "gluten-free"]))]
    diets: Vec<&'static str>,
    nutrition: Option<NutritionBody>,
    /// ISO 3166-1 alpha-2.
    #[schema(example = "DE")]
    origin_country: Option<&'a str>,
    storage: Option<&'a str>,
}

impl<'a> FoodBody<'a> {
    pub(super) fn of(food: &'a Food) -> Self {
        Self {
            allergens: food
                .allergens
                .as_ref()
                .map(|all| all.iter().map(|one| one.as_str()).collect()),
            may_contain: food.may_contain.iter().map(|one| one.as_str()).collect(),
            diets: food.diets.iter().map(|one| one.as_str()).collect(),
            nutrition: food.nutrition.as_ref().map(NutritionBody::of),
            origin_country: food.origin_country.as_ref().map(|country| country.as_str()),
            storage: food.storage.as_deref(),
        }
    }
}

/// Nutrition in 100 g or 100 ml: grams, and energy in kJ and kcal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Nutrition)]
pub(super) struct NutritionBody {
    /// `100 g` or `100 ml`.
    #[schema(example = "100 g")]
    basis: &'static str,
    /// In g or ml.
    #[schema(value_type = Option<f64>, example = 30)]
    serving_size: Option<Number>,
    #[schema(value_type = Option<f64>, example = 1540)]
    energy_kj: Option<Number>,
    #[schema(value_type = Option<f64>, example = 368)]
    energy_kcal: Option<Number>,
    #[schema(value_type = Option<f64>, example = 0.4)]
    fat: Option<Number>,
    #[schema(value_type = Option<f64>, example = 0.1)]
    saturates: Option<Number>,
    #[schema(value_type = Option<f64>, example = 6.1)]
    carbohydrate: Option<Number>,
    #[schema(value_type = Option<f64>, example = 5.0)]
    sugars: Option<Number>,
    #[schema(value_type = Option<f64>, example = 0.0)]
    fibre: Option<Number>,
    #[schema(value_type = Option<f64>, example = 82.0)]
    protein: Option<Number>,
    #[schema(value_type = Option<f64>, example = 2.1)]
    salt: Option<Number>,
}

impl NutritionBody {
    fn of(nutrition: &Nutrition) -> Self {
        Self {
            basis: nutrition.basis.as_str(),
            serving_size: nutrition.serving_size.map(Number),
            energy_kj: nutrition.energy_kj.map(Number),
            energy_kcal: nutrition.energy_kcal.map(Number),
            fat: nutrition.fat.map(Number),
            saturates: nutrition.saturates.map(Number),
            carbohydrate: nutrition.carbohydrate.map(Number),
            sugars: nutrition.sugars.map(Number),
            fibre: nutrition.fibre.map(Number),
            protein: nutrition.protein.map(Number),
            salt: nutrition.salt.map(Number),
        }
    }
}

/// Options as an object, in order.
#[derive(Debug)]
pub(super) struct OptionsBody<'a>(pub(super) &'a [ProductOption]);

impl Serialize for OptionsBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let options = self.0.iter();
        serializer.collect_map(options.map(|option| (&option.name, &option.value)))
    }
}

/// What search engines show.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Seo)]
pub(super) struct SeoBody<'a> {
    /// At most 70 characters.
    title: Option<&'a str>,
    /// At most 200 characters.
    description: Option<&'a str>,
}

impl<'a> SeoBody<'a> {
    pub(super) fn of(seo: &'a Seo) -> Self {
        Self {
            title: seo.title.as_deref(),
            description: seo.description.as_deref(),
        }
    }
}

/// Reads changes of a net content.
pub(super) fn read_net_content(fields: &mut Fields<'_>) -> Given<NetContentChanges> {
    fields.object("net_content", |fields| {
        let (value, unit) = (fields.decimal("value"), fields.parsed_text("unit"));
        NetContentChanges {
            value: fields.require_unless_absent("value", value),
            unit: fields.require_unless_absent("unit", unit),
        }
    })
}

/// Reads changes of the facts of a food.
pub(super) fn read_food(fields: &mut Fields<'_>) -> Given<FoodChanges> {
    fields.object("food", |fields| FoodChanges {
        allergens: fields.parsed_texts("allergens").or_null(),
        may_contain: fields.parsed_texts("may_contain").or_reset_to_default(),
        diets: fields.parsed_texts("diets").or_reset_to_default(),
        nutrition: fields.object("nutrition", read_nutrition).or_null(),
        origin_country: fields.parsed_text("origin_country").or_null(),
        storage: fields.text("storage").or_null(),
    })
}

fn read_nutrition(fields: &mut Fields<'_>) -> NutritionChanges {
    let basis = fields.parsed_text("basis");
    let numbers = Nutrient::ALL.into_iter().filter_map(|nutrient| {
        let number = fields.decimal(nutrient.as_str()).or_null()?;
        Some((nutrient, number))
    });
    let numbers = numbers.collect();
    NutritionChanges {
        basis: fields.require_unless_absent("basis", basis),
        numbers,
    }
}

/// Reads changes of what search engines show.
pub(super) fn read_seo(fields: &mut Fields<'_>) -> Given<SeoChanges> {
    fields.object("seo", |fields| SeoChanges {
        title: fields.text("title").or_null(),
        description: fields.text("description").or_null(),
    })
}

/// Reads alternative texts, one entry an image. What the server adds to an entry may be sent back, and is ignored.
pub(super) fn read_alt_texts(fields: &mut Fields<'_>) -> Given<Vec<Option<String>>> {
    fields.objects("media", eggypro_domain::products::MAX_IMAGES, |fields| {
        for of_server in [
            "url",
            "public_id",
            "width",
            "height",
            "thumbnail",
            "optimized",
            "responsive",
        ] {
            fields.raw(of_server);
        }
        fields.text("alt_text").value()
    })
}
