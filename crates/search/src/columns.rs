//! Columns of everything that lists filter, sort and count by.

mod entry;
mod facts;
mod order;
mod slugs;

use std::collections::HashMap;

use eggypro_domain::Slug;
use eggypro_domain::categories::CategoryId;
use eggypro_domain::products::{
    CategoryRef, PriceRange, Product, ProductId, ProductSort, Revision, RowVersion,
};
use eggypro_domain::time::OffsetDateTime;
use fixedbitset::FixedBitSet;
use foldhash::fast::RandomState;

pub(crate) use self::entry::{Entry, hundredths};
use self::facts::Facts;
use self::order::SORTS;
pub(crate) use self::order::value_of_cursor;
use self::slugs::Slugs;
use crate::analysis;

/// The position of a product in all columns. It does not change until the product is removed.
pub(crate) type Row = u32;

/// One set of rows for each number of stars, and one for products without a rating.
const STARS: usize = 6;

/// All products, column by column.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    rows: HashMap<i32, Row, RandomState>,
    unused: Vec<Row>,
    ids: Vec<i32>,
    versions: Vec<RowVersion>,
    slugs: Slugs,
    /// In cents.
    prices: Vec<u32>,
    scores: Vec<i32>,
    created: Vec<i64>,
    names: Vec<Box<[u8]>>,
    /// Name and description in lower case, separated by a line break.
    texts: Vec<Box<str>>,
    /// The number of terms of the name.
    name_lengths: Vec<u8>,
    /// Hashes of all indexed texts, to detect changes.
    text_hashes: Vec<u64>,
    categories_of: Vec<Box<[CategoryId]>>,
    pub(crate) active: FixedBitSet,
    pub(crate) inactive: FixedBitSet,
    pub(crate) in_stock: FixedBitSet,
    pub(crate) low_stock: FixedBitSet,
    pub(crate) categories: HashMap<CategoryId, Category, RandomState>,
    pub(crate) price_ranges: [FixedBitSet; PriceRange::STARTS.len()],
    /// By number of stars; the first is of products without a rating.
    pub(crate) stars: [FixedBitSet; STARS],
    /// Whether sorting is deferred until the columns are filled.
    is_in_bulk: bool,
    by_name: Vec<Row>,
    by_price: Vec<Row>,
    by_created: Vec<Row>,
    by_score: Vec<Row>,
    by_protein: Vec<Row>,
    by_unit_price: Vec<Row>,
    by_protein_price: Vec<Row>,
    pub(crate) facts: Facts,
}

/// An active category and its products.
#[derive(Debug)]
pub(crate) struct Category {
    pub(crate) shown: CategoryRef,
    /// The words of its name.
    pub(crate) words: Vec<String>,
    pub(crate) rows: FixedBitSet,
}

impl Columns {
    pub(crate) fn row(&self, id: ProductId) -> Option<Row> {
        self.rows.get(&id.0).copied()
    }

    pub(crate) fn row_of_slug(&self, slug: &str) -> Option<Row> {
        self.slugs.row(slug)
    }

    /// The product with this SKU, GTIN or slug, which is in lower case.
    pub(crate) fn row_of_code(&self, text: &str) -> Option<Row> {
        let found = self.facts.with_code(text);
        found.or_else(|| self.row_of_slug(text))
    }

    pub(crate) fn row_version(&self, row: Row) -> RowVersion {
        self.versions[row as usize]
    }

    /// The version of each product, in no order.
    pub(crate) fn versions(&self) -> impl Iterator<Item = (ProductId, RowVersion)> {
        let rows = self.rows.iter();
        rows.map(|(id, row)| (ProductId(*id), self.row_version(*row)))
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The number of rows, including unused ones.
    pub(crate) fn height(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn id(&self, row: Row) -> i32 {
        self.ids[row as usize]
    }

    pub(crate) fn revision(&self, row: Row) -> Revision {
        Revision {
            id: ProductId(self.id(row)),
            version: self.row_version(row).version(),
        }
    }

    pub(crate) fn price(&self, row: Row) -> u32 {
        self.prices[row as usize]
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
        let (names, description) = self.text(row).split_once('\n').unwrap_or_default();
        let mut names = names.split('\u{1f}');
        names.any(|name| name.contains(text)) || description.contains(text)
    }

    pub(crate) fn name_length(&self, row: Row) -> usize {
        self.name_lengths[row as usize].into()
    }

    pub(crate) fn created(&self, row: Row) -> OffsetDateTime {
        let nanoseconds = i128::from(self.created[row as usize]) * 1_000;
        let time = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds);
        time.unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Whether the texts of a row are those of a product.
    pub(crate) fn has_words_of(&self, row: Row, product: &Product) -> bool {
        self.text_hashes[row as usize] == entry::text_hash(product)
    }

    /// The values of a row in all columns.
    fn entry(&self, row: Row) -> Entry {
        let at = row as usize;
        let place = |sets: &[FixedBitSet]| sets.iter().position(|set| set.contains(at));
        let categories = self.categories_of[at].iter();
        let categories = categories.filter_map(|id| self.categories.get(id));
        let categories = categories.filter(|category| category.rows.contains(at));
        Entry {
            version: self.versions[at],
            slug: self.slugs.get(row).into(),
            price: self.prices[at],
            score: self.scores[at],
            created: self.created[at],
            name: self.names[at].clone(),
            text: self.texts[at].clone(),
            name_length: self.name_lengths[at],
            text_hash: self.text_hashes[at],
            categories: categories.map(|category| category.shown.clone()).collect(),
            is_active: self.active.contains(at) && !self.inactive.contains(at),
            is_in_stock: self.in_stock.contains(at),
            is_low_in_stock: self.low_stock.contains(at),
            price_range: place(&self.price_ranges).unwrap_or(usize::MAX),
            stars: place(&self.stars).unwrap_or(usize::MAX),
            facts: self.facts.entry(row),
        }
    }

    /// Whether all columns and orders hold these values of a product.
    pub(crate) fn holds(&self, id: ProductId, entry: &Entry) -> bool {
        self.row(id).is_some_and(|row| {
            self.entry(row) == *entry
                && self.row_of_slug(&entry.slug) == Some(row)
                && self.facts.finds(row)
                && SORTS.into_iter().all(|sort| self.is_in_order(sort, row))
        })
    }

    /// The rows that products will get from [`remove`](Self::remove) and then [`put`](Self::put).
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

    /// The row of a product. Adds a row if there is none.
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
        self.versions
            .push(RowVersion::new(0, OffsetDateTime::UNIX_EPOCH));
        self.slugs.push();
        self.prices.push(0);
        self.scores.push(0);
        self.created.push(0);
        self.names.push(Box::default());
        self.texts.push(Box::default());
        self.name_lengths.push(0);
        self.text_hashes.push(0);
        self.categories_of.push(Box::default());
        self.facts.add_row();
        let sets = [
            &mut self.active,
            &mut self.inactive,
            &mut self.in_stock,
            &mut self.low_stock,
        ];
        let categories = self.categories.values_mut().map(|of| &mut of.rows);
        let all = sets.into_iter().chain(&mut self.price_ranges);
        let all = all.chain(self.facts.sets());
        for set in all.chain(&mut self.stars).chain(categories) {
            // Growing copies the set, so its size is doubled.
            if set.len() <= row {
                set.grow((row + 1).next_power_of_two().max(64));
            }
        }
        row as Row
    }

    /// Empty columns to be filled and then [sorted](Self::sort).
    pub(crate) fn in_bulk() -> Self {
        Self {
            is_in_bulk: true,
            ..Self::default()
        }
    }

    /// Sorts all orders.
    pub(crate) fn sort(&mut self) {
        self.is_in_bulk = false;
        SORTS.into_iter().for_each(|sort| self.sort_all(sort));
    }

    /// Adds or replaces products. Sorts once if there are many.
    pub(crate) fn put(&mut self, entries: Vec<(ProductId, Entry)>) {
        let is_many = entries.len() > 64 && entries.len() > self.len() / 16;
        let is_bulk = self.is_in_bulk || is_many;
        for (id, entry) in entries {
            let known = self.row(id);
            let row = self.row_for(id);
            let moved: Vec<ProductSort> = match known {
                _ if is_bulk => vec![],
                None => SORTS.to_vec(),
                Some(_) => SORTS
                    .into_iter()
                    .filter(|sort| self.sort_value(*sort, row) != entry.sort_value(*sort))
                    .collect(),
            };
            if known.is_some() {
                moved
                    .iter()
                    .for_each(|sort| self.remove_from_order(*sort, row));
            }
            self.set(row, entry);
            moved
                .iter()
                .for_each(|sort| self.insert_into_order(*sort, row));
        }
        if is_many && !self.is_in_bulk {
            self.sort();
        }
    }

    /// Removes a product. Its row is reused, so its words must be deleted before the next commit.
    pub(crate) fn remove(&mut self, id: ProductId) {
        let Some(row) = self.row(id) else { return };
        for sort in SORTS {
            self.remove_from_order(sort, row);
        }
        self.clear(row);
        self.rows.remove(&id.0);
        self.slugs.remove(row);
        self.unused.push(row);
    }

    fn clear(&mut self, row: Row) {
        let at = row as usize;
        let sets = [
            &mut self.active,
            &mut self.inactive,
            &mut self.in_stock,
            &mut self.low_stock,
        ];
        let all = sets.into_iter().chain(&mut self.price_ranges);
        for set in all.chain(&mut self.stars) {
            set.set(at, false);
        }
        self.facts.clear(row);
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

    fn set(&mut self, row: Row, entry: Entry) {
        let at = row as usize;
        self.clear(row);
        self.slugs.set(row, &entry.slug);
        self.versions[at] = entry.version;
        self.prices[at] = entry.price;
        self.scores[at] = entry.score;
        self.created[at] = entry.created;
        self.names[at] = entry.name;
        self.texts[at] = entry.text;
        self.name_lengths[at] = entry.name_length;
        self.text_hashes[at] = entry.text_hash;
        let statuses = [&mut self.inactive, &mut self.active];
        statuses[usize::from(entry.is_active)].insert(at);
        self.in_stock.set(at, entry.is_in_stock);
        self.low_stock.set(at, entry.is_low_in_stock);
        self.price_ranges[entry.price_range].insert(at);
        self.stars[entry.stars].insert(at);
        self.facts.set(row, entry.facts);
        self.categories_of[at] = entry
            .categories
            .iter()
            .map(|category| category.id)
            .collect();
        let capacity = self.active.len();
        for category in entry.categories {
            let of = self.categories.entry(category.id);
            let of = of.or_insert_with(|| Category {
                words: words_of(&category),
                shown: category.clone(),
                rows: FixedBitSet::with_capacity(capacity),
            });
            if of.shown != category {
                of.words = words_of(&category);
                of.shown = category;
            }
            of.rows.insert(at);
        }
    }

    /// The active category with a slug.
    pub(crate) fn category(&self, slug: &Slug) -> Option<&Category> {
        let mut all = self.categories.values();
        all.find(|category| category.shown.slug == *slug)
    }
}

fn words_of(category: &CategoryRef) -> Vec<String> {
    let words = analysis::words(&category.name).into_iter();
    words.map(|word| word.text.into_string()).collect()
}
