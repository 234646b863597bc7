//! The sorted orders of all rows.

use std::cmp::Ordering;

use eggypro_domain::products::{Cursor, NameKey, ProductId, ProductSort, SortKey};
use eggypro_domain::{Decimal, Price};

use super::entry::{hundredths, microseconds};
use super::{Columns, Row};

/// One sort for each order.
pub(super) const SORTS: [ProductSort; 7] = [
    ProductSort::NameAsc,
    ProductSort::PriceAsc,
    ProductSort::Newest,
    ProductSort::RatingDesc,
    ProductSort::ProteinDesc,
    ProductSort::UnitPriceAsc,
    ProductSort::ProteinPriceAsc,
];

/// What a sort compares before the id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SortValue {
    Name(Box<[u8]>),
    Number(i64),
}

impl Columns {
    /// The cursor right after a row.
    pub(crate) fn cursor(&self, sort: ProductSort, row: Row) -> Cursor {
        let key = match sort {
            // The key ignores case, so the folded name serves.
            ProductSort::NameAsc | ProductSort::NameDesc => {
                let title = self.text(row).split('\u{1f}').next().unwrap_or_default();
                SortKey::Name(NameKey::of(title))
            }
            ProductSort::PriceAsc | ProductSort::PriceDesc => {
                match Price::try_from(Decimal::new(self.price(row).into(), 2)) {
                    Ok(price) => SortKey::Price(price),
                    // All prices in the column are valid.
                    Err(_) => SortKey::Rating(0),
                }
            }
            ProductSort::Newest => SortKey::CreatedAt(self.created(row)),
            ProductSort::RatingDesc => SortKey::Rating(self.score(row)),
            ProductSort::ProteinDesc | ProductSort::UnitPriceAsc | ProductSort::ProteinPriceAsc => {
                SortKey::Number(self.facts.number(sort, row))
            }
        };
        let id = ProductId(self.id(row));
        Cursor { key, id }
    }

    /// All rows in the ascending order of a sort.
    pub(crate) fn order(&self, sort: ProductSort) -> &[Row] {
        match sort {
            ProductSort::NameAsc | ProductSort::NameDesc => &self.by_name,
            ProductSort::PriceAsc | ProductSort::PriceDesc => &self.by_price,
            ProductSort::Newest => &self.by_created,
            ProductSort::RatingDesc => &self.by_score,
            ProductSort::ProteinDesc => &self.by_protein,
            ProductSort::UnitPriceAsc => &self.by_unit_price,
            ProductSort::ProteinPriceAsc => &self.by_protein_price,
        }
    }

    fn order_mut(&mut self, sort: ProductSort) -> &mut Vec<Row> {
        match sort {
            ProductSort::NameAsc | ProductSort::NameDesc => &mut self.by_name,
            ProductSort::PriceAsc | ProductSort::PriceDesc => &mut self.by_price,
            ProductSort::Newest => &mut self.by_created,
            ProductSort::RatingDesc => &mut self.by_score,
            ProductSort::ProteinDesc => &mut self.by_protein,
            ProductSort::UnitPriceAsc => &mut self.by_unit_price,
            ProductSort::ProteinPriceAsc => &mut self.by_protein_price,
        }
    }

    /// Compares two rows in ascending order.
    pub(crate) fn compare(&self, sort: ProductSort, one: Row, other: Row) -> Ordering {
        let (a, b) = (one as usize, other as usize);
        let keys = match sort {
            ProductSort::NameAsc | ProductSort::NameDesc => self.names[a].cmp(&self.names[b]),
            ProductSort::PriceAsc | ProductSort::PriceDesc => self.prices[a].cmp(&self.prices[b]),
            ProductSort::Newest => self.created[a].cmp(&self.created[b]),
            ProductSort::RatingDesc => self.scores[a].cmp(&self.scores[b]),
            ProductSort::ProteinDesc | ProductSort::UnitPriceAsc | ProductSort::ProteinPriceAsc => {
                self.facts
                    .number(sort, one)
                    .cmp(&self.facts.number(sort, other))
            }
        };
        keys.then_with(|| self.ids[a].cmp(&self.ids[b]))
    }

    /// Compares a row with a cursor in ascending order.
    pub(crate) fn compare_with(
        &self,
        sort: ProductSort,
        row: Row,
        value: &SortValue,
        id: i32,
    ) -> Ordering {
        let at = row as usize;
        let keys = match (sort, value) {
            (_, SortValue::Name(name)) => self.names[at].cmp(name),
            (ProductSort::PriceAsc | ProductSort::PriceDesc, SortValue::Number(price)) => {
                i64::from(self.prices[at]).cmp(price)
            }
            (ProductSort::RatingDesc, SortValue::Number(score)) => {
                i64::from(self.scores[at]).cmp(score)
            }
            (
                ProductSort::ProteinDesc | ProductSort::UnitPriceAsc | ProductSort::ProteinPriceAsc,
                SortValue::Number(number),
            ) => self.facts.number(sort, row).cmp(number),
            (_, SortValue::Number(created)) => self.created[at].cmp(created),
        };
        keys.then_with(|| self.ids[at].cmp(&id))
    }

    pub(super) fn sort_value(&self, sort: ProductSort, row: Row) -> SortValue {
        let at = row as usize;
        match sort {
            ProductSort::NameAsc | ProductSort::NameDesc => SortValue::Name(self.names[at].clone()),
            ProductSort::PriceAsc | ProductSort::PriceDesc => {
                SortValue::Number(self.prices[at].into())
            }
            ProductSort::Newest => SortValue::Number(self.created[at]),
            ProductSort::RatingDesc => SortValue::Number(self.scores[at].into()),
            ProductSort::ProteinDesc | ProductSort::UnitPriceAsc | ProductSort::ProteinPriceAsc => {
                SortValue::Number(self.facts.number(sort, row))
            }
        }
    }

    /// Whether a row is at the right position in an order.
    pub(super) fn is_in_order(&self, sort: ProductSort, row: Row) -> bool {
        let order = self.order(sort);
        let found = order.binary_search_by(|other| self.compare(sort, *other, row));
        found.is_ok_and(|at| order[at] == row)
    }

    pub(super) fn remove_from_order(&mut self, sort: ProductSort, row: Row) {
        let order = self.order(sort);
        if let Ok(at) = order.binary_search_by(|other| self.compare(sort, *other, row)) {
            self.order_mut(sort).remove(at);
        }
    }

    pub(super) fn insert_into_order(&mut self, sort: ProductSort, row: Row) {
        let order = self.order(sort);
        if let Err(at) = order.binary_search_by(|other| self.compare(sort, *other, row)) {
            self.order_mut(sort).insert(at, row);
        }
    }

    pub(super) fn sort_all(&mut self, sort: ProductSort) {
        // Most comparisons need only the first bytes of a value, so these are stored beside the row.
        let rows = self.rows.values();
        let mut order: Vec<(u64, Row)> = rows.map(|row| (self.prefix(sort, *row), *row)).collect();
        order.sort_unstable_by(|(a, one), (b, other)| {
            a.cmp(b).then_with(|| self.compare(sort, *one, *other))
        });
        *self.order_mut(sort) = order.into_iter().map(|(_, row)| row).collect();
    }

    /// The first eight bytes of the value of a row, or the whole value if it is a number. Prefixes sort like the
    /// values.
    fn prefix(&self, sort: ProductSort, row: Row) -> u64 {
        let at = row as usize;
        let number = match sort {
            ProductSort::NameAsc | ProductSort::NameDesc => {
                let mut bytes = [0; 8];
                let name = &self.names[at];
                let length = name.len().min(bytes.len());
                bytes[..length].copy_from_slice(&name[..length]);
                return u64::from_be_bytes(bytes);
            }
            ProductSort::PriceAsc | ProductSort::PriceDesc => self.prices[at].into(),
            ProductSort::Newest => self.created[at],
            ProductSort::RatingDesc => self.scores[at].into(),
            ProductSort::ProteinDesc | ProductSort::UnitPriceAsc | ProductSort::ProteinPriceAsc => {
                self.facts.number(sort, row)
            }
        };
        number.cast_unsigned() ^ (1 << 63)
    }
}

/// The sort value of a cursor.
pub(crate) fn value_of_cursor(cursor: &Cursor) -> SortValue {
    match &cursor.key {
        SortKey::Name(name) => SortValue::Name(name.clone().into_bytes().into()),
        SortKey::Price(price) => SortValue::Number(hundredths(price.amount()).into()),
        SortKey::CreatedAt(time) => SortValue::Number(microseconds(*time)),
        SortKey::Rating(score) => SortValue::Number((*score).into()),
        SortKey::Number(number) => SortValue::Number(*number),
    }
}
