//! Products with everything that the shop allows.

use std::collections::BTreeSet;

use eggypro_domain::categories::CategoryId;
use eggypro_domain::products::{
    Allergen, CategoryRef, ContentUnit, Country, Diet, Food, NetContent, Nutrition, NutritionBasis,
    Product, ProductId, ProductOption, Seo, alt_texts,
};
use eggypro_domain::time::OffsetDateTime;
use eggypro_domain::{Decimal, Price, Slug, nfc};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;

/// Products of a shop.
pub(crate) fn products() -> impl Strategy<Value = Vec<Product>> {
    vec(product(), 1..6)
}

/// A category with a slug.
pub(crate) fn category(slug: Slug) -> CategoryRef {
    CategoryRef {
        name: slug.to_string(),
        slug,
        id: CategoryId(1),
    }
}

fn product() -> impl Strategy<Value = Product> {
    let texts = (
        "[a-zA-Z0-9_-][a-zA-Z0-9 _-]{0,20}",
        slug(),
        lines(),
        lines(),
        option::of(name()),
        option::of(name()),
    );
    let codes = (
        option::of(prop_oneof!["[A-Za-z0-9._-]{1,20}", "[0-9]{1,3}\\.0"]),
        option::of(prop::sample::select(vec![
            "4006381333931",
            "96385074",
            "012345678905",
            "00012345600012",
        ])),
        option::of(slug()),
    );
    let numbers = (
        price(),
        option::of(1_i64..100_000),
        any::<u32>(),
        option::of(any::<u32>()),
        any::<bool>(),
    );
    let times = (
        option::of(0_i64..4_000_000_000_000_000),
        option::of(1_i64..1_000_000_000),
    );
    let lists = (
        vec(line(), 1..5),
        vec((url(), option::of(line())), 0..4),
        vec(slug(), 0..3),
        vec((name(), name()), 0..4),
    );
    let facts = (
        option::of(content()),
        option::of(food()),
        option::of(line()),
        option::of(line()),
    );
    (texts, codes, numbers, times, lists, facts).prop_map(
        |(texts, codes, numbers, times, lists, facts)| {
            let (name, slug, description, details, title, brand) = texts;
            let (price, above, stock, low_stock, is_active) = numbers;
            let mut product =
                Product::new(ProductId(1), name, slug, price, OffsetDateTime::UNIX_EPOCH);
            (product.description, product.details) = (description, details);
            (product.title, product.brand) = (title, brand);
            product.sku = codes.0.map(|sku| sku.parse().unwrap());
            product.gtin = codes.1.and_then(|gtin| gtin.parse().ok());
            product.group = codes.2;
            product.list_price = above
                .and_then(|above| Price::try_from(price.amount() + Decimal::new(above, 2)).ok());
            product.stock_quantity = i32::try_from(stock / 2).unwrap();
            product.low_stock_at = low_stock.map(|stock| i32::try_from(stock / 2).unwrap());
            product.is_active = is_active;
            set_times(&mut product, times.0, times.1);
            set_lists(&mut product, lists);
            (product.net_content, product.food) = (facts.0, facts.1);
            product.seo = Seo {
                title: facts.2,
                description: facts.3,
            };
            product
        },
    )
}

fn set_times(product: &mut Product, start: Option<i64>, length: Option<i64>) {
    let time = |micros: i64| {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap()
    };
    product.publish_at = start.map(time);
    product.unpublish_at = length.map(|length| time(start.unwrap_or_default() + length));
}

type Lists = (
    Vec<String>,
    Vec<(String, Option<String>)>,
    Vec<Slug>,
    Vec<(String, String)>,
);

fn set_lists(product: &mut Product, (ingredients, images, categories, options): Lists) {
    product.ingredients = ingredients;
    let (urls, texts): (Vec<String>, Vec<Option<String>>) = images.into_iter().unzip();
    product.alt_texts = alt_texts(&urls, texts);
    product.images = urls;
    product.categories = categories.into_iter().map(category).collect();
    let mut names = BTreeSet::new();
    let options = options
        .into_iter()
        .filter(|(name, _)| names.insert(name.to_ascii_lowercase()));
    let options = options.map(|(name, value)| ProductOption { name, value });
    product.options = options.take(3).collect();
}

/// A text of lines, with what CSV and spreadsheets mistreat.
fn lines() -> impl Strategy<Value = String> {
    prop_oneof![
        texts("(?s)[='+@\"|\\\\;,\t\r\n a-cé€ß0-9-]{1,12}"),
        texts("[ \t\n]{1,3}"),
        texts("(?s)[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]{1,30}"),
    ]
}

/// A text without line breaks.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        texts("[='+@\"|\\\\;, a-cé€ß-]{1,8}"),
        texts("[^\\x00-\\x1f\\x7f-\\x9f\u{2028}\u{2029}]{1,15}"),
    ]
}

/// A text with a visible character and no invisible ones.
fn name() -> impl Strategy<Value = String> {
    texts("[='+@\"|\\\\;, a-cé€ß-]{0,6}[a-zé=@'-]")
}

fn texts(pattern: &'static str) -> impl Strategy<Value = String> {
    pattern.prop_map(|text| nfc(&text).into_owned())
}

fn slug() -> impl Strategy<Value = Slug> {
    let slug = "[a-z0-9-]{1,12}".prop_map(|slug| slug.parse::<Slug>().unwrap());
    slug.prop_filter("reserved", |slug| {
        !["search", "suggest"].contains(&slug.as_str())
    })
}

fn url() -> impl Strategy<Value = String> {
    "https://a\\.example/[a-z|\\\\,;\"'=-]{0,8}"
}

fn price() -> impl Strategy<Value = Price> {
    (1_i64..99_999_999).prop_map(|cents| Price::try_from(Decimal::new(cents, 2)).unwrap())
}

fn content() -> impl Strategy<Value = NetContent> {
    let content = (
        1_i64..999_999_999,
        prop::sample::select(ContentUnit::ALL.to_vec()),
    );
    content.prop_map(|(value, unit)| {
        let value = if unit == ContentUnit::Piece {
            Decimal::from(value % 999 + 1)
        } else {
            Decimal::new(value, 3)
        };
        NetContent::new(value, unit).unwrap()
    })
}

fn food() -> impl Strategy<Value = Food> {
    let allergen = prop::sample::select(vec![Allergen::Eggs, Allergen::Milk, Allergen::Nuts]);
    let traces = prop::sample::select(vec![Allergen::Gluten, Allergen::Celery]);
    let diet = prop::sample::select(vec![Diet::Vegetarian, Diet::GlutenFree, Diet::Halal]);
    let sets = (
        option::of(btree_set(allergen, 0..3)),
        btree_set(traces, 0..3),
        btree_set(diet, 0..3),
    );
    let rest = (
        option::of(nutrition()),
        option::of(prop::sample::select(vec!["DE", "FR"])),
        option::of(lines()),
    );
    let food = (sets, rest).prop_map(
        |((allergens, may_contain, diets), (nutrition, country, storage))| Food {
            allergens,
            may_contain,
            diets,
            nutrition,
            origin_country: country.map(|code| code.parse::<Country>().unwrap()),
            storage,
        },
    );
    prop_oneof![4 => food, 1 => Just(Food::default())]
}

fn nutrition() -> impl Strategy<Value = Nutrition> {
    let number = || option::of(0_i64..2_000);
    let numbers = (
        option::of(1_i64..100_000),
        // Below 0.10 kcal, two decimals are too few for the rule between kJ and kcal.
        option::of(prop_oneof![Just(0_i64), 10_i64..95_600]),
        number(),
        number(),
        number(),
        number(),
    );
    let basis = prop::sample::select(NutritionBasis::ALL.to_vec());
    (basis, numbers, any::<bool>()).prop_map(
        |(basis, (serving, kcal, fat, carbohydrate, protein, salt), has_parts)| {
            let decimal = |number: i64| Decimal::new(number, 2);
            let mut nutrition = Nutrition::new(basis);
            nutrition.serving_size = serving.map(decimal);
            nutrition.energy_kcal = kcal.map(decimal);
            nutrition.energy_kj = kcal.map(|kcal| {
                (decimal(kcal) * decimal(418) + decimal(kcal) * Decimal::new(4, 3)).round_dp(2)
            });
            nutrition.fat = fat.map(decimal);
            nutrition.saturates = fat.filter(|_| has_parts).map(|fat| decimal(fat / 2));
            nutrition.carbohydrate = carbohydrate.map(decimal);
            nutrition.sugars = carbohydrate.filter(|_| has_parts).map(decimal);
            nutrition.fibre = has_parts.then_some(Decimal::ZERO);
            nutrition.protein = protein.map(decimal);
            nutrition.salt = salt.map(decimal);
            nutrition
        },
    )
}
