//! Products in request bodies.

use std::collections::BTreeMap;

use eggypro_domain::Price;
use eggypro_domain::products::{Food, NewProduct, ProductOption, Seo};
use utoipa::ToSchema;

use super::facts::{read_alt_texts, read_food, read_net_content, read_seo};
use crate::message::fields::Fields;

/// A product to be made, or the whole of what is to replace one.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_input` reads")]
pub(crate) struct ProductInput {
    /// ASCII letters, digits, space, `-` and `_`; not blank.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[a-zA-Z0-9 _-]+$",
        example = "EggyPro Vanilla 1kg"
    )]
    name: String,
    /// Without one it is made from the name, or stays when a product is replaced. `search`, `suggest` and `export` are reserved.
    #[schema(
        required = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[a-z0-9-]+$"
    )]
    slug: Option<String>,
    #[schema(min_length = 1, max_length = 10_000)]
    description: String,
    #[schema(min_length = 1, max_length = 10_000)]
    details: String,
    /// More than 0, with at most two decimals.
    #[schema(maximum = 999_999.99, example = 39.90)]
    price: f64,
    /// Absolute http or https URLs.
    #[schema(required = false, max_items = 20)]
    images: Option<Vec<String>>,
    /// Each of 1 to 255 characters.
    #[schema(min_items = 1, max_items = 50)]
    ingredients: Vec<String>,
    #[schema(required = false, minimum = 0, default = 0)]
    stock_quantity: Option<i32>,
    #[schema(required = false, default = true)]
    is_active: Option<bool>,
    /// Slugs of categories that exist.
    #[schema(required = false)]
    categories: Option<Vec<String>>,
    /// When it becomes active, once, at most two seconds late (RFC 3339). Until then `is_active` holds.
    #[schema(required = false, format = DateTime)]
    publish_at: Option<String>,
    /// When it becomes inactive, once; after `publish_at` (RFC 3339).
    #[schema(required = false, format = DateTime)]
    unpublish_at: Option<String>,
    /// The stock at which it is time to order more.
    #[schema(required = false, minimum = 0)]
    low_stock_at: Option<i32>,
    /// What people read, in any letters; without one, the name.
    #[schema(
        required = false,
        min_length = 1,
        max_length = 255,
        example = "EggyPro Crème Brûlée 1 kg"
    )]
    title: Option<String>,
    /// The shop's own number, unique without regard to case.
    #[schema(
        required = false,
        min_length = 1,
        max_length = 64,
        pattern = "^[A-Za-z0-9._-]+$",
        example = "EP-CB-1000"
    )]
    sku: Option<String>,
    /// 8, 12, 13 or 14 digits with a right check digit (GS1), unique. Numbers for use within a company and for coupons are
    /// refused.
    #[schema(required = false, example = "4006381333931")]
    gtin: Option<String>,
    /// Without one, the brand of the shop.
    #[schema(required = false, min_length = 1, max_length = 100)]
    brand: Option<String>,
    /// The price before a reduction, above the price.
    #[schema(required = false, maximum = 999_999.99, example = 44.90)]
    list_price: Option<f64>,
    #[schema(required = false)]
    net_content: Option<NetContentInput>,
    #[schema(required = false)]
    food: Option<FoodInput>,
    /// Products of one group are variants of one another: they have the same option names with different values.
    #[schema(
        required = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[a-z0-9-]+$"
    )]
    group: Option<String>,
    /// At most three: names of at most 50 characters with values of at most 100.
    #[schema(required = false, value_type = Option<BTreeMap<String, String>>, example = json!({"Size": "1 kg"}))]
    options: Option<BTreeMap<String, String>>,
    /// What each of `images` shows, in the same order.
    #[schema(required = false, max_items = 20)]
    media: Option<Vec<MediaInput>>,
    #[schema(required = false)]
    seo: Option<SeoInput>,
}

/// What is to change of a product (RFC 7396): absent fields stay, null takes a field that has a default back to it.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `patch` reads")]
pub(crate) struct ProductPatch {
    #[schema(
        required = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[a-zA-Z0-9 _-]+$"
    )]
    name: String,
    #[schema(
        required = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[a-z0-9-]+$"
    )]
    slug: String,
    #[schema(required = false, min_length = 1, max_length = 10_000)]
    description: String,
    #[schema(required = false, min_length = 1, max_length = 10_000)]
    details: String,
    #[schema(required = false, maximum = 999_999.99, example = 34.90)]
    price: f64,
    #[schema(max_items = 20)]
    images: Option<Vec<String>>,
    #[schema(required = false, min_items = 1, max_items = 50)]
    ingredients: Vec<String>,
    #[schema(minimum = 0)]
    stock_quantity: Option<i32>,
    is_active: Option<bool>,
    categories: Option<Vec<String>>,
    #[schema(format = DateTime)]
    publish_at: Option<String>,
    #[schema(format = DateTime)]
    unpublish_at: Option<String>,
    #[schema(minimum = 0)]
    low_stock_at: Option<i32>,
    /// What people read, in any letters; without one, the name.
    #[schema(
        min_length = 1,
        max_length = 255,
        example = "EggyPro Crème Brûlée 1 kg"
    )]
    title: Option<String>,
    /// The shop's own number, unique without regard to case.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[A-Za-z0-9._-]+$",
        example = "EP-CB-1000"
    )]
    sku: Option<String>,
    /// 8, 12, 13 or 14 digits with a right check digit (GS1), unique. Numbers for use within a company and for coupons are
    /// refused.
    #[schema(example = "4006381333931")]
    gtin: Option<String>,
    /// Without one, the brand of the shop.
    #[schema(min_length = 1, max_length = 100)]
    brand: Option<String>,
    /// The price before a reduction, above the price.
    #[schema(maximum = 999_999.99, example = 44.90)]
    list_price: Option<f64>,
    net_content: Option<NetContentInput>,
    food: Option<FoodInput>,
    /// Products of one group are variants of one another: they have the same option names with different values.
    #[schema(min_length = 1, max_length = 255, pattern = "^[a-z0-9-]+$")]
    group: Option<String>,
    /// At most three: names of at most 50 characters with values of at most 100.
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"Size": "1 kg"}))]
    options: Option<BTreeMap<String, String>>,
    /// What each of `images` shows, in the same order.
    #[schema(max_items = 20)]
    media: Option<Vec<MediaInput>>,
    seo: Option<SeoInput>,
}

/// How much one unit contains.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_net_content` reads")]
struct NetContentInput {
    /// More than 0, with at most three decimals.
    #[schema(example = 1)]
    value: f64,
    /// `g`, `kg`, `ml`, `l` or `piece`.
    #[schema(example = "kg")]
    unit: String,
}

/// Facts of a food. Every member is optional.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_food` reads")]
struct FoodInput {
    /// Of the fourteen of Regulation (EU) 1169/2011, Annex II; an empty list if there are none, null if they are unknown.
    #[schema(required = false, example = json!(["eggs"]))]
    allergens: Option<Vec<String>>,
    /// Possible traces. None of `allergens`.
    #[schema(required = false, example = json!(["milk"]))]
    may_contain: Option<Vec<String>>,
    /// `vegetarian`, `vegan`, `gluten-free`, `lactose-free`, `halal`, `kosher`; none that an allergen contradicts.
    #[schema(required = false, example = json!(["vegetarian"]))]
    diets: Option<Vec<String>>,
    #[schema(required = false)]
    nutrition: Option<NutritionInput>,
    /// ISO 3166-1 alpha-2.
    #[schema(required = false, example = "DE")]
    origin_country: Option<String>,
    #[schema(required = false, min_length = 1, max_length = 1_000)]
    storage: Option<String>,
}

/// Nutrition in 100 g or 100 ml: grams with at most two decimals, at most 100 together, and energy in kJ and kcal, which
/// must agree within 2 %.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_food` reads")]
struct NutritionInput {
    /// `100 g` or `100 ml`.
    #[schema(example = "100 g")]
    basis: String,
    /// In g or ml.
    #[schema(required = false, example = 30)]
    serving_size: Option<f64>,
    #[schema(required = false, example = 1540)]
    energy_kj: Option<f64>,
    #[schema(required = false, example = 368)]
    energy_kcal: Option<f64>,
    #[schema(required = false, example = 0.4)]
    fat: Option<f64>,
    /// At most the fat.
    #[schema(required = false, example = 0.1)]
    saturates: Option<f64>,
    #[schema(required = false, example = 6.1)]
    carbohydrate: Option<f64>,
    /// At most the carbohydrate.
    #[schema(required = false, example = 5.0)]
    sugars: Option<f64>,
    #[schema(required = false, example = 0.0)]
    fibre: Option<f64>,
    #[schema(required = false, example = 82.0)]
    protein: Option<f64>,
    #[schema(required = false, example = 2.1)]
    salt: Option<f64>,
}

/// What an image shows. The members that the server adds may be sent back, and are ignored.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_alt_texts` reads")]
struct MediaInput {
    #[schema(required = false, max_length = 512)]
    alt_text: Option<String>,
}

/// What search engines show.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_seo` reads")]
struct SeoInput {
    #[schema(required = false, max_length = 70)]
    title: Option<String>,
    #[schema(required = false, max_length = 200)]
    description: Option<String>,
}

/// Reads a complete product from a body, before validation.
pub(crate) fn read_input(fields: &mut Fields<'_>) -> NewProduct {
    let mut product = NewProduct::new(
        fields.text("name").or_default(),
        fields.text("description").or_default(),
        fields.text("details").or_default(),
        read_price(fields),
        fields.texts("ingredients").or_default(),
    );
    product.slug = fields.slug("slug").value();
    product.images = fields.texts("images").or_default();
    product.stock_quantity = fields.integer("stock_quantity").or(0);
    product.is_active = fields.boolean("is_active").or(true);
    product.categories = fields.categories("categories").or_default();
    product.publish_at = fields.time("publish_at").value();
    product.unpublish_at = fields.time("unpublish_at").value();
    product.low_stock_at = fields.integer("low_stock_at").value();
    product.title = fields.text("title").value();
    product.sku = fields.parsed_text("sku").value();
    product.gtin = fields.parsed_text("gtin").value();
    product.brand = fields.text("brand").value();
    product.list_price = fields.list_price().value();
    product.group = fields.parsed_text("group").value();
    read_facts(fields, &mut product);
    product
}

/// Reads the parts that have members of their own.
fn read_facts(fields: &mut Fields<'_>, product: &mut NewProduct) {
    if let Some(changes) = read_net_content(fields).value() {
        match changes.applied_to(None) {
            Ok(content) => product.net_content = Some(content),
            Err((member, rule)) => fields.refuse(&format!("net_content.{member}"), rule),
        }
    }
    if let Some(changes) = read_food(fields).value() {
        product.food = changes.applied_to(Food::default());
        if product.food.is_none() {
            fields.refuse("food.nutrition.basis", "Basis is required");
        }
    }
    let options = fields.pairs("options").or_default().into_iter();
    let options = options.filter_map(|(name, value)| {
        let value = value?;
        Some(ProductOption { name, value })
    });
    product.options = options.collect();
    product.alt_texts = read_alt_texts(fields).or_default();
    if let Some(changes) = read_seo(fields).value() {
        product.seo = changes.applied_to(Seo::default());
    }
}

/// Reads the price, which has no default. A missing one is recorded as an error, and the lowest price stands in for it.
fn read_price(fields: &mut Fields<'_>) -> Price {
    let given = fields.price("price");
    fields.require("price", given).or(Price::MIN)
}
