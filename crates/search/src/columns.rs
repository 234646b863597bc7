//! What lists filter, sort and count by, a column each.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::BuildHasher;

use eggypro_domain::categories::CategoryId;
use eggypro_domain::products::{
    CategoryRef, Cursor, NameKey, PriceRange, Product, ProductId, ProductSort, Revision, SortKey,
    Stamp,
};
use eggypro_domain::time::OffsetDateTime;
use eggypro_domain::{Decimal, Slug};
use fixedbitset::FixedBitSet;
use foldhash::fast::RandomState;

use crate::analysis;

/// A product's place in all columns, which it keeps as long as it is there.
pub(crate) type Row = u32;

/// How many kinds of ratings there are: none, and one to five stars.
const STARS: usize = 6;

/// One sort for each order that is kept.
const SORTS: [ProductSort; 4] = [
    ProductSort::NameAsc,
    ProductSort::PriceAsc,
    ProductSort::Newest,
    ProductSort::RatingDesc,
];

/// The products of a shop by column.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    rows: HashMap<i32, Row, RandomState>,
    by_slug: HashMap<Box<str>, Row, RandomState>,
    unused: Vec<Row>,
    ids: Vec<i32>,
    stamps: Vec<Stamp>,
    slugs: Vec<Box<str>>,
    /// In hundredths.
    prices: Vec<u32>,
    scores: Vec<i32>,
    created: Vec<i64>,
    names: Vec<Box<[u8]>>,
    /// Name and description in small letters, a line each.
    texts: Vec<Box<str>>,
    /// How many words the name has.
    name_lengths: Vec<u8>,
    /// Of the texts that words are taken from, to know whether these have changed.
    text_hashes: Vec<u64>,
    categories_of: Vec<Box<[CategoryId]>>,
    pub(crate) active: FixedBitSet,
    pub(crate) inactive: FixedBitSet,
    pub(crate) in_stock: FixedBitSet,
    pub(crate) categories: HashMap<CategoryId, Category, RandomState>,
    pub(crate) price_ranges: [FixedBitSet; PriceRange::STARTS.len()],
    /// By whole stars; the first has those without a rating.
    pub(crate) stars: [FixedBitSet; STARS],
    /// Whether orders are made only when everything is there.
    is_in_bulk: bool,
    by_name: Vec<Row>,
    by_price: Vec<Row>,
    by_created: Vec<Row>,
    by_score: Vec<Row>,
}

/// An active category, and who stands in it.
#[derive(Debug)]
pub(crate) struct Category {
    pub(crate) shown: CategoryRef,
    /// The words of its name.
    pub(crate) words: Vec<String>,
    pub(crate) rows: FixedBitSet,
}

/// What is compared by a sort, before the id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Name(Box<[u8]>),
    Number(i64),
}

impl Columns {
    pub(crate) fn row(&self, id: ProductId) -> Option<Row> {
        self.rows.get(&id.0).copied()
    }

    pub(crate) fn row_of_slug(&self, slug: &str) -> Option<Row> {
        self.by_slug.get(slug).copied()
    }

    pub(crate) fn stamp(&self, row: Row) -> Stamp {
        self.stamps[row as usize]
    }

    /// All products with their stamps.
    pub(crate) fn stamps(&self) -> impl Iterator<Item = (ProductId, Stamp)> {
        let rows = self.rows.iter();
        rows.map(|(id, row)| (ProductId(*id), self.stamp(*row)))
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many rows there are, those without a product counted.
    pub(crate) fn height(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn id(&self, row: Row) -> i32 {
        self.ids[row as usize]
    }

    pub(crate) fn revision(&self, row: Row) -> Revision {
        Revision {
            id: ProductId(self.id(row)),
            version: self.stamp(row).version(),
        }
    }

    pub(crate) fn price(&self, row: Row) -> u32 {
        self.prices[row as usize]
    }

    pub(crate) fn prices(&self) -> &[u32] {
        &self.prices
    }

    pub(crate) fn score(&self, row: Row) -> i32 {
        self.scores[row as usize]
    }

    pub(crate) fn scores(&self) -> &[i32] {
        &self.scores
    }

    pub(crate) fn text(&self, row: Row) -> &str {
        &self.texts[row as usize]
    }

    pub(crate) fn has_text(&self, row: Row, text: &str) -> bool {
        let (name, description) = self.text(row).split_once('\n').unwrap_or_default();
        name.contains(text) || description.contains(text)
    }

    pub(crate) fn name_length(&self, row: Row) -> usize {
        self.name_lengths[row as usize].into()
    }

    pub(crate) fn created(&self, row: Row) -> OffsetDateTime {
        let nanoseconds = i128::from(self.created[row as usize]) * 1_000;
        let time = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds);
        time.unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Whether a product has the same words as its row.
    pub(crate) fn has_words_of(&self, row: Row, product: &Product) -> bool {
        self.text_hashes[row as usize] == self.text_hash(product)
    }

    fn text_hash(&self, product: &Product) -> u64 {
        let Product {
            name,
            description,
            details,
            ingredients,
            ..
        } = product;
        let texts = (name, description, details, ingredients);
        self.rows.hasher().hash_one(texts)
    }

    /// The rows that products will have when they are entered after others have gone.
    pub(crate) fn rows_for(&self, gone: &[ProductId], products: &[Product]) -> Vec<Row> {
        let freed = gone.iter().filter_map(|id| self.row(*id));
        let mut unused: Vec<Row> = self.unused.iter().copied().chain(freed).collect();
        let mut height = self.height() as Row;
        let mut known = HashMap::new();
        let rows = products.iter().map(|product| {
            let row = self.row(product.id).filter(|_| !gone.contains(&product.id));
            *known.entry(product.id).or_insert_with(|| {
                row.or_else(|| unused.pop()).unwrap_or_else(|| {
                    height += 1;
                    height - 1
                })
            })
        });
        rows.collect()
    }

    /// The row that a product has from now on, its own or a new one.
    pub(crate) fn row_for(&mut self, id: ProductId) -> Row {
        if let Some(row) = self.row(id) {
            return row;
        }
        let row = self.unused.pop().unwrap_or_else(|| self.add_row());
        self.ids[row as usize] = id.0;
        self.rows.insert(id.0, row);
        row
    }

    fn add_row(&mut self) -> Row {
        let row = self.height();
        self.ids.push(0);
        self.stamps.push(Stamp::new(0, OffsetDateTime::UNIX_EPOCH));
        self.slugs.push(Box::default());
        self.prices.push(0);
        self.scores.push(0);
        self.created.push(0);
        self.names.push(Box::default());
        self.texts.push(Box::default());
        self.name_lengths.push(0);
        self.text_hashes.push(0);
        self.categories_of.push(Box::default());
        let sets = [&mut self.active, &mut self.inactive, &mut self.in_stock];
        let categories = self.categories.values_mut().map(|of| &mut of.rows);
        let all = sets.into_iter().chain(&mut self.price_ranges);
        for set in all.chain(&mut self.stars).chain(categories) {
            // Doubling, since a set that grows is copied.
            if set.len() <= row {
                set.grow((row + 1).next_power_of_two().max(64));
            }
        }
        row as Row
    }

    /// Empty columns for many products, which are in order when they have been [sorted](Self::sort).
    pub(crate) fn in_bulk() -> Self {
        Self {
            is_in_bulk: true,
            ..Self::default()
        }
    }

    /// Puts everything in order.
    pub(crate) fn sort(&mut self) {
        self.is_in_bulk = false;
        SORTS.into_iter().for_each(|sort| self.sort_all(sort));
    }

    /// Enters products, all at once: where they are many, orders are made anew.
    pub(crate) fn put(&mut self, products: &[Product]) {
        let is_many = products.len() > 64 && products.len() > self.len() / 16;
        let is_bulk = self.is_in_bulk || is_many;
        for product in products {
            let is_new = self.row(product.id).is_none();
            let row = self.row_for(product.id);
            let places = SORTS.map(|sort| self.place(sort, row));
            if !is_new && !is_bulk {
                for (sort, place) in SORTS.iter().zip(&places) {
                    if *place != place_of(*sort, product) {
                        self.take_out(*sort, row);
                    }
                }
            }
            self.set(row, product);
            for (sort, place) in SORTS.iter().zip(&places) {
                if !is_bulk && (is_new || *place != self.place(*sort, row)) {
                    self.put_in(*sort, row);
                }
            }
        }
        if is_many && !self.is_in_bulk {
            self.sort();
        }
    }

    /// Takes a product out of all columns. Another one may have its row from now on, so its words must be gone.
    pub(crate) fn remove(&mut self, id: ProductId) {
        let Some(row) = self.row(id) else { return };
        for sort in SORTS {
            self.take_out(sort, row);
        }
        self.clear(row);
        self.rows.remove(&id.0);
        let slug = std::mem::take(&mut self.slugs[row as usize]);
        if self.by_slug.get(&slug) == Some(&row) {
            self.by_slug.remove(&slug);
        }
        self.unused.push(row);
    }

    fn clear(&mut self, row: Row) {
        let at = row as usize;
        let sets = [&mut self.active, &mut self.inactive, &mut self.in_stock];
        let all = sets.into_iter().chain(&mut self.price_ranges);
        for set in all.chain(&mut self.stars) {
            set.set(at, false);
        }
        for category in std::mem::take(&mut self.categories_of[at]) {
            let Some(of) = self.categories.get_mut(&category) else {
                continue;
            };
            of.rows.set(at, false);
            if of.rows.is_clear() {
                self.categories.remove(&category);
            }
        }
    }

    fn set(&mut self, row: Row, product: &Product) {
        let at = row as usize;
        self.clear(row);
        self.stamps[at] = Stamp::of(product);
        self.set_slug(row, product.slug.as_str());
        self.prices[at] = hundredths(product.price.amount());
        self.scores[at] = product.rating.score();
        self.created[at] = microseconds(product.created_at);
        self.names[at] = NameKey::of(product.name.clone()).into_bytes().into();
        let text = format!("{}\n{}", product.name, product.description);
        self.texts[at] = text.to_lowercase().into();
        let length = analysis::asked(&product.name).len();
        self.name_lengths[at] = length.try_into().unwrap_or(u8::MAX);
        self.text_hashes[at] = self.text_hash(product);
        let statuses = [&mut self.inactive, &mut self.active];
        statuses[usize::from(product.is_active)].insert(at);
        self.in_stock.set(at, product.stock_quantity > 0);
        self.price_ranges[usize::from(PriceRange::of(product.price))].insert(at);
        let stars = match product.rating.count() {
            0 => 0,
            _ => (product.rating.score() + 500_000) / 1_000_000,
        };
        self.stars[usize::try_from(stars).unwrap_or(0).min(STARS - 1)].insert(at);
        let capacity = self.active.len();
        for category in &product.categories {
            let of = self.categories.entry(category.id);
            let of = of.or_insert_with(|| Category {
                shown: category.clone(),
                words: words_of(category),
                rows: FixedBitSet::with_capacity(capacity),
            });
            if of.shown != *category {
                of.words = words_of(category);
                of.shown.clone_from(category);
            }
            of.rows.insert(at);
        }
        let categories = product.categories.iter().map(|category| category.id);
        self.categories_of[at] = categories.collect();
    }

    fn set_slug(&mut self, row: Row, slug: &str) {
        let known = &mut self.slugs[row as usize];
        if **known == *slug && self.by_slug.get(slug) == Some(&row) {
            return;
        }
        let former = std::mem::replace(known, slug.into());
        // Another product may have taken it meanwhile.
        if *former != *slug && self.by_slug.get(&former) == Some(&row) {
            self.by_slug.remove(&former);
        }
        self.by_slug.insert(slug.into(), row);
    }

    /// Which active category has this slug.
    pub(crate) fn category(&self, slug: &Slug) -> Option<&Category> {
        let mut all = self.categories.values();
        all.find(|category| category.shown.slug == *slug)
    }

    /// The rows in the ascending order of a sort.
    pub(crate) fn order(&self, sort: ProductSort) -> &[Row] {
        match sort {
            ProductSort::NameAsc | ProductSort::NameDesc => &self.by_name,
            ProductSort::PriceAsc | ProductSort::PriceDesc => &self.by_price,
            ProductSort::Newest => &self.by_created,
            ProductSort::RatingDesc => &self.by_score,
        }
    }

    fn order_mut(&mut self, sort: ProductSort) -> &mut Vec<Row> {
        match sort {
            ProductSort::NameAsc | ProductSort::NameDesc => &mut self.by_name,
            ProductSort::PriceAsc | ProductSort::PriceDesc => &mut self.by_price,
            ProductSort::Newest => &mut self.by_created,
            ProductSort::RatingDesc => &mut self.by_score,
        }
    }

    /// Compares two products by a sort, the lesser first.
    pub(crate) fn compare(&self, sort: ProductSort, one: Row, other: Row) -> Ordering {
        let (a, b) = (one as usize, other as usize);
        let keys = match sort {
            ProductSort::NameAsc | ProductSort::NameDesc => self.names[a].cmp(&self.names[b]),
            ProductSort::PriceAsc | ProductSort::PriceDesc => self.prices[a].cmp(&self.prices[b]),
            ProductSort::Newest => self.created[a].cmp(&self.created[b]),
            ProductSort::RatingDesc => self.scores[a].cmp(&self.scores[b]),
        };
        keys.then_with(|| self.ids[a].cmp(&self.ids[b]))
    }

    /// How a product compares with a place of a list.
    pub(crate) fn compare_with(
        &self,
        sort: ProductSort,
        row: Row,
        place: &Place,
        id: i32,
    ) -> Ordering {
        let at = row as usize;
        let keys = match (sort, place) {
            (_, Place::Name(name)) => self.names[at].cmp(name),
            (ProductSort::PriceAsc | ProductSort::PriceDesc, Place::Number(price)) => {
                i64::from(self.prices[at]).cmp(price)
            }
            (ProductSort::RatingDesc, Place::Number(score)) => {
                i64::from(self.scores[at]).cmp(score)
            }
            (_, Place::Number(created)) => self.created[at].cmp(created),
        };
        keys.then_with(|| self.ids[at].cmp(&id))
    }

    fn place(&self, sort: ProductSort, row: Row) -> Place {
        let at = row as usize;
        match sort {
            ProductSort::NameAsc | ProductSort::NameDesc => Place::Name(self.names[at].clone()),
            ProductSort::PriceAsc | ProductSort::PriceDesc => Place::Number(self.prices[at].into()),
            ProductSort::Newest => Place::Number(self.created[at]),
            ProductSort::RatingDesc => Place::Number(self.scores[at].into()),
        }
    }

    fn take_out(&mut self, sort: ProductSort, row: Row) {
        let order = self.order(sort);
        if let Ok(at) = order.binary_search_by(|other| self.compare(sort, *other, row)) {
            self.order_mut(sort).remove(at);
        }
    }

    fn put_in(&mut self, sort: ProductSort, row: Row) {
        let order = self.order(sort);
        if let Err(at) = order.binary_search_by(|other| self.compare(sort, *other, row)) {
            self.order_mut(sort).insert(at, row);
        }
    }

    fn sort_all(&mut self, sort: ProductSort) {
        let mut order = std::mem::take(self.order_mut(sort));
        order.clear();
        order.extend(self.rows.values());
        order.sort_unstable_by(|one, other| self.compare(sort, *one, *other));
        *self.order_mut(sort) = order;
    }
}

fn words_of(category: &CategoryRef) -> Vec<String> {
    let words = analysis::words(&category.name).into_iter();
    words.map(|word| word.text).collect()
}

/// The place of a cursor.
pub(crate) fn place_at(cursor: &Cursor) -> Place {
    match &cursor.key {
        SortKey::Name(name) => Place::Name(name.clone().into_bytes().into()),
        SortKey::Price(price) => Place::Number(hundredths(price.amount()).into()),
        SortKey::CreatedAt(time) => Place::Number(microseconds(*time)),
        SortKey::Rating(score) => Place::Number((*score).into()),
    }
}

fn place_of(sort: ProductSort, product: &Product) -> Place {
    place_at(&Cursor::after(sort, product))
}

/// An amount in hundredths, those of more digits rounded down.
pub(crate) fn hundredths(amount: Decimal) -> u32 {
    let hundredths = amount.checked_mul(Decimal::ONE_HUNDRED);
    let whole = hundredths.and_then(|amount| amount.floor().try_into().ok());
    whole.unwrap_or(u32::MAX)
}

fn microseconds(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}
