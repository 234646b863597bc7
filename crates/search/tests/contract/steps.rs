//! Generates actions on a shop.

use eggypro_domain::Slug;
use eggypro_domain::products::{
    Allergen, ContentUnit, Diet, Facet, Food, NetContent, Nutrition, NutritionBasis, ProductFilter,
    ProductId, ProductQuery, ProductSort, Start, StatusFilter, StockFilter,
};
use proptest::prelude::*;
use proptest::sample::select;

pub(super) const CATEGORIES: [&str; 3] = ["bars", "powders", "empty"];

/// An action on a shop.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Create(Fields),
    Change(usize, Fields),
    Remove(usize),
    List(Box<ProductQuery>),
}

/// The fields that lists filter and sort by.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) name: String,
    pub(super) cents: u32,
    pub(super) stock: u32,
    pub(super) low_stock_at: Option<i64>,
    pub(super) is_active: bool,
    pub(super) categories: Vec<Slug>,
    pub(super) facts: FoodFacts,
}

/// The facts that lists filter and sort by.
#[derive(Debug, Clone)]
pub(super) struct FoodFacts {
    pub(super) food: Option<Food>,
    pub(super) net_content: Option<NetContent>,
    pub(super) group: Option<Slug>,
}

pub(super) fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn some_categories() -> impl Strategy<Value = Vec<Slug>> {
    prop::collection::btree_set(select(&CATEGORIES[..]), 0..3)
        .prop_map(|slugs| slugs.into_iter().map(slug).collect())
}

fn facts() -> impl Strategy<Value = FoodFacts> {
    let allergens = prop::option::of(prop::sample::subsequence(&Allergen::ALL[..3], 0..=3));
    let diets = prop::sample::subsequence(&[Diet::Halal, Diet::Kosher][..], 0..=2);
    let protein = prop::option::of(select(vec!["0", "20", "80.5"]));
    let food = (allergens, diets, protein).prop_map(|(allergens, diets, protein)| {
        let mut nutrition = Nutrition::new(NutritionBasis::HundredGrams);
        nutrition.protein = protein.map(|grams| grams.parse().unwrap());
        Food {
            allergens: allergens.map(|allergens| allergens.into_iter().collect()),
            diets: diets.into_iter().collect(),
            nutrition: Some(nutrition),
            ..Food::default()
        }
    });
    let unit = select(&ContentUnit::ALL[..]);
    let net_content = (select(vec![1, 250]), unit)
        .prop_map(|(value, unit)| NetContent::new(value.into(), unit).unwrap());
    let group = prop::option::of(select(vec!["a", "b"]).prop_map(slug));
    (prop::option::of(food), prop::option::of(net_content), group).prop_map(
        |(food, net_content, group)| FoodFacts {
            food,
            net_content,
            group,
        },
    )
}

fn fields() -> impl Strategy<Value = Fields> {
    let name = select(vec![
        "Bar 2",
        "bar 10",
        "Bar",
        "BAR 2",
        "Egg_white",
        "zest",
        "A-1",
    ]);
    let cents = prop_oneof![
        1..2_000_u32,
        Just(99_999_999),
        Just(500),
        Just(999),
        Just(1_000)
    ];
    let low_stock_at = prop::option::of(0..3_i64);
    (
        name,
        cents,
        0..3_u32,
        low_stock_at,
        any::<bool>(),
        some_categories(),
        facts(),
    )
        .prop_map(
            |(name, cents, stock, low_stock_at, is_active, categories, facts)| Fields {
                facts,
                name: name.to_owned(),
                cents,
                stock,
                low_stock_at,
                is_active,
                categories,
            },
        )
}

fn filters() -> impl Strategy<Value = ProductFilter> {
    let price = || {
        prop::option::of(prop_oneof![
            Just("0.00"),
            Just("5"),
            Just("9.995"),
            Just("10.00")
        ])
    };
    let status = select(&StatusFilter::ALL[..]);
    let text = prop::option::of(select(vec!["bar", "G_W", "2", "egg white"]));
    let ids = prop::collection::vec(1..20_i32, 0..3);
    let levels = prop::sample::subsequence(&StockFilter::ALL[..], 0..=2);
    (
        some_categories(),
        price(),
        price(),
        any::<bool>(),
        status,
        text,
        ids,
        levels,
        facts(),
        any::<[bool; 4]>(),
    )
        .prop_map(
            |(categories, min, max, in_stock, status, text, ids, levels, facts, by)| {
                let mut filter = ProductFilter::default();
                filter.categories = categories;
                filter.min_price = min.map(|price| price.parse().unwrap());
                filter.max_price = max.map(|price| price.parse().unwrap());
                filter.in_stock = in_stock;
                filter.stock = levels;
                filter.status = status;
                filter.contains = text.map(|text| text.parse().unwrap());
                filter.ids = ids.into_iter().map(ProductId).collect();
                filter.group = facts.group.filter(|_| by[0]);
                let food = facts.food.unwrap_or_default();
                let allergens = food.allergens.unwrap_or_default();
                filter.allergen_free = allergens.into_iter().filter(|_| by[1]).collect();
                filter.diets = food.diets.into_iter().filter(|_| by[2]).collect();
                let protein = food.nutrition.and_then(|nutrition| nutrition.protein);
                filter.min_protein = protein.filter(|_| by[3]);
                filter
            },
        )
}

fn queries() -> impl Strategy<Value = ProductQuery> {
    (filters(), select(&ProductSort::ALL[..]), 0..6_u32, 1..5_u32).prop_map(
        |(filter, sort, offset, limit)| {
            let mut query = ProductQuery::default();
            query.filter = filter;
            query.sort = sort;
            query.start = Start::Offset(offset);
            query.limit = limit.try_into().unwrap();
            query.facets = Facet::ALL.into_iter().collect();
            query
        },
    )
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => fields().prop_map(Step::Create),
        2 => (any::<usize>(), fields()).prop_map(|(at, fields)| Step::Change(at, fields)),
        1 => any::<usize>().prop_map(Step::Remove),
        3 => queries().prop_map(|query| Step::List(Box::new(query))),
    ];
    prop::collection::vec(step, 1..60)
}
