//! Selects the rows of a page of a sorted list.

use std::cmp::Ordering;

use eggypro_domain::products::{Cursor, ProductSort, Start};
use fixedbitset::FixedBitSet;

use crate::columns::{Columns, Row, value_of_cursor};

/// If fewer than one in this many products match, sorting the matches is faster than walking through the order of all
/// products.
const SPARSE: usize = 32;

/// The rows of a page. Request one more than fits to find out whether there is a next page.
pub(crate) fn page(
    columns: &Columns,
    set: &FixedBitSet,
    sort: ProductSort,
    start: &Start,
    limit: usize,
) -> Vec<Row> {
    let order = columns.order(sort);
    let is_after = |row: Row| match start {
        Start::Offset(_) => true,
        Start::After(cursor) => follows(columns, sort, row, cursor),
    };
    let skipped = start.offset() as usize;
    if set.count_ones(..) * SPARSE < order.len() {
        let rows = set.ones().map(|row| row as Row);
        let mut rows: Vec<Row> = rows.filter(|row| is_after(*row)).collect();
        rows.sort_unstable_by(|one, other| directed(sort, columns.compare(sort, *one, *other)));
        return rows.into_iter().skip(skipped).take(limit).collect();
    }
    let is_in = |row: &&Row| set.contains(**row as usize);
    if sort.is_descending() {
        let end = match start {
            Start::Offset(_) => order.len(),
            Start::After(_) => order.partition_point(|row| is_after(*row)),
        };
        let rows = order[..end].iter().rev();
        return rows
            .filter(is_in)
            .skip(skipped)
            .take(limit)
            .copied()
            .collect();
    }
    let begin = match start {
        Start::Offset(_) => 0,
        Start::After(_) => order.partition_point(|row| !is_after(*row)),
    };
    let rows = order[begin..].iter();
    rows.filter(is_in)
        .skip(skipped)
        .take(limit)
        .copied()
        .collect()
}

/// Whether a row comes after a cursor.
fn follows(columns: &Columns, sort: ProductSort, row: Row, cursor: &Cursor) -> bool {
    let order = columns.compare_with(sort, row, &value_of_cursor(cursor), cursor.id.0);
    directed(sort, order) == Ordering::Greater
}

fn directed(sort: ProductSort, order: Ordering) -> Ordering {
    if sort.is_descending() {
        order.reverse()
    } else {
        order
    }
}
