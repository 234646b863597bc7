//! Columns of food facts, prices of measures, groups and codes.

use std::collections::{BTreeSet, HashMap};

use eggypro_domain::products::{Allergen, Diet, Product, ProductSort, SortKey};
use fixedbitset::FixedBitSet;
use foldhash::fast::RandomState;

use super::Row;

/// The sorts by a number of the facts.
const NUMBERS: [ProductSort; 3] = [
    ProductSort::ProteinDesc,
    ProductSort::UnitPriceAsc,
    ProductSort::ProteinPriceAsc,
];

/// The facts of all products.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The sort keys of [`NUMBERS`].
    numbers: Vec<[i64; NUMBERS.len()]>,
    /// Products whose allergens are known.
    pub(crate) with_allergens: FixedBitSet,
    /// For each allergen the products that contain it.
    pub(crate) containing: [FixedBitSet; Allergen::ALL.len()],
    /// For each diet the products that suit it.
    pub(crate) suiting: [FixedBitSet; Diet::ALL.len()],
    of_rows: Vec<Keys>,
    groups: HashMap<Box<str>, Vec<Row>, RandomState>,
    codes: HashMap<Box<str>, Row, RandomState>,
}

/// What a product is looked up by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Keys {
    group: Option<Box<str>>,
    /// The SKU and the GTIN in their forms for comparison, after their kinds.
    codes: Vec<Box<str>>,
}

/// The facts of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FactEntry {
    numbers: [i64; NUMBERS.len()],
    /// `None` if they are unknown.
    allergens: Option<BTreeSet<Allergen>>,
    diets: Vec<Diet>,
    keys: Keys,
}

impl FactEntry {
    pub(super) fn of(product: &Product) -> Self {
        let number = |sort: ProductSort| match sort.key(product) {
            SortKey::Number(number) => number,
            _ => 0,
        };
        let food = product.food.as_ref();
        // A SKU may look like a GTIN.
        let sku = product
            .sku
            .as_ref()
            .map(|sku| format!("sku {}", sku.folded()));
        let gtin = product
            .gtin
            .as_ref()
            .map(|gtin| format!("gtin {}", gtin.padded()));
        Self {
            numbers: NUMBERS.map(number),
            allergens: food.and_then(|food| food.allergens.clone()),
            diets: food.map_or(vec![], |food| food.diets.iter().copied().collect()),
            keys: Keys {
                group: product.group.as_ref().map(|group| group.as_str().into()),
                codes: [sku, gtin].into_iter().flatten().map(Into::into).collect(),
            },
        }
    }

    pub(super) fn number(&self, sort: ProductSort) -> i64 {
        self.numbers[number_of(sort)]
    }
}

/// The column of a sort.
fn number_of(sort: ProductSort) -> usize {
    let found = NUMBERS.iter().position(|number| *number == sort);
    found.unwrap_or_default()
}

impl Facts {
    /// The sort key of a product in one of the sorts by facts.
    pub(crate) fn number(&self, sort: ProductSort, row: Row) -> i64 {
        self.numbers[row as usize][number_of(sort)]
    }

    /// The products of a group.
    pub(crate) fn group(&self, slug: &str) -> &[Row] {
        self.groups.get(slug).map_or(&[], Vec::as_slice)
    }

    /// The product with a SKU or GTIN, which is in lower case.
    pub(crate) fn with_code(&self, text: &str) -> Option<Row> {
        let is_number = (8..=14).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let of_gtin = || self.codes.get(format!("gtin {text:0>14}").as_str());
        let found = self.codes.get(format!("sku {text}").as_str());
        found.or_else(|| is_number.then(of_gtin).flatten()).copied()
    }

    pub(super) fn entry(&self, row: Row) -> FactEntry {
        let at = row as usize;
        let allergens = Allergen::ALL.into_iter().zip(&self.containing);
        let diets = Diet::ALL.into_iter().zip(&self.suiting);
        FactEntry {
            numbers: self.numbers[at],
            allergens: self.with_allergens.contains(at).then(|| {
                let contained = allergens.filter(|(_, set)| set.contains(at));
                contained.map(|(allergen, _)| allergen).collect()
            }),
            diets: diets
                .filter(|(_, set)| set.contains(at))
                .map(|(diet, _)| diet)
                .collect(),
            keys: self.of_rows[at].clone(),
        }
    }

    /// Whether a product is found by its group and its codes.
    pub(super) fn finds(&self, row: Row) -> bool {
        let Keys { group, codes } = &self.of_rows[row as usize];
        let mut codes = codes.iter();
        let group = group.as_ref();
        group.is_none_or(|group| self.group(group).contains(&row))
            && codes.all(|code| self.codes.get(code) == Some(&row))
    }

    pub(super) fn add_row(&mut self) {
        self.numbers.push([0; NUMBERS.len()]);
        self.of_rows.push(Keys::default());
    }

    /// All sets of rows.
    pub(super) fn sets(&mut self) -> impl Iterator<Item = &mut FixedBitSet> {
        let sets = [&mut self.with_allergens].into_iter();
        sets.chain(&mut self.containing).chain(&mut self.suiting)
    }

    pub(super) fn clear(&mut self, row: Row) {
        let at = row as usize;
        self.sets().for_each(|set| set.set(at, false));
        let Keys { group, codes } = std::mem::take(&mut self.of_rows[at]);
        if let Some(group) = group
            && let Some(rows) = self.groups.get_mut(&group)
        {
            rows.retain(|other| *other != row);
            if rows.is_empty() {
                self.groups.remove(&group);
            }
        }
        for code in codes {
            // Another product may have taken the code in the meantime.
            if self.codes.get(&code) == Some(&row) {
                self.codes.remove(&code);
            }
        }
    }

    pub(super) fn set(&mut self, row: Row, entry: FactEntry) {
        let at = row as usize;
        self.numbers[at] = entry.numbers;
        self.with_allergens.set(at, entry.allergens.is_some());
        for allergen in entry.allergens.into_iter().flatten() {
            self.containing[allergen as usize].insert(at);
        }
        for diet in entry.diets {
            self.suiting[diet as usize].insert(at);
        }
        if let Some(group) = &entry.keys.group {
            self.groups.entry(group.clone()).or_default().push(row);
        }
        for code in &entry.keys.codes {
            self.codes.insert(code.clone(), row);
        }
        self.of_rows[at] = entry.keys;
    }
}
