//! WooCommerce's product CSV, as its exporter writes it in an English or a German shop. It is only read.
//!
//! A simple product is a product. A variable product is none itself: it is the parent whose name, texts, categories and
//! images its variations inherit. They are the products of a group. `docs/` lists all columns.

mod columns;
mod content;
mod kind;
mod parents;
mod prices;
mod product;
mod row;
mod values;

use std::vec;

use eggypro_domain::time::{Date, OffsetDateTime};

use self::columns::{Column, ProductLayout};
use self::kind::Kind;
use self::parents::{Childless, Parents};
use self::row::RowCells;
use crate::format::Rows;
use crate::ours;
use crate::record::{ReadError, Record, Row, RowError};
use crate::table::{Layout, Table, TableError};

/// Whether these are columns of WooCommerce.
pub(crate) fn is_header(table: &Table) -> bool {
    ProductLayout::of(table).is_of_woocommerce() && !ours::is_header(table)
}

/// Reads the products of a table. Sale prices count if their sale is on today, in UTC.
pub(crate) fn rows(table: Table) -> Result<Rows, ReadError> {
    rows_on(table, OffsetDateTime::now_utc().date())
}

/// Reads the products of a table with the sale prices of a day.
pub(crate) fn rows_on(table: Table, today: Date) -> Result<Rows, ReadError> {
    let layout = ProductLayout::of(&table);
    if layout.columns().is_empty() {
        let reason = "None of the columns is one of WooCommerce's product export";
        return Err(ReadError::not_a_table(reason));
    }
    Ok(Box::new(Reader {
        table,
        layout,
        parents: Parents::default(),
        today,
        childless: None,
    }))
}

struct Reader {
    table: Table,
    layout: ProductLayout,
    parents: Parents,
    today: Date,
    /// At the end of the table, the rows of the variable products without a variation.
    childless: Option<vec::IntoIter<Childless>>,
}

impl Reader {
    /// What a row says; `None` for a valid variable product.
    fn read(&mut self, number: u64, cells: &[String]) -> Option<Result<Record, Vec<RowError>>> {
        let mut row = RowCells::new(&self.layout, number, cells);
        let kind = row.text(Column::Type).unwrap_or_default();
        match Kind::of(&kind) {
            Ok(Kind::Simple) => Some(product::simple(row, &mut self.parents, self.today)),
            Ok(Kind::Variable) => product::parent(row, &mut self.parents).err().map(Err),
            Ok(Kind::Variation) => Some(product::variation(row, &mut self.parents, self.today)),
            Err(message) => {
                row.refuse(Column::Type, message);
                Some(Err(row.errors))
            }
        }
    }

    /// The row of a variable product without a variation.
    fn next_childless(&mut self) -> Option<Row> {
        let parents = &mut self.parents;
        let childless = self
            .childless
            .get_or_insert_with(|| parents.without_variations().into_iter());
        let parent = childless.next()?;
        let cells = parent.cells();
        let mut row = RowCells::new(&self.layout, parent.row, &cells);
        row.refuse(
            Column::Type,
            "The file has no variation of this product: export the type variation too",
        );
        Some(Row {
            number: parent.row,
            product: Err(row.errors),
            cells,
        })
    }
}

impl Iterator for Reader {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (number, cells) = match self.table.next_row() {
                None => return self.next_childless().map(Ok),
                Some(Err(error)) => {
                    // After the end of the reading, nothing is known of what is missing.
                    if matches!(error, TableError::Read(_)) {
                        self.childless = Some(vec![].into_iter());
                    }
                    return Some(error.into_row());
                }
                Some(Ok(row)) => row,
            };
            if let Some(product) = self.read(number, &cells) {
                return Some(Ok(Row {
                    number,
                    product,
                    cells,
                }));
            }
        }
    }
}

#[cfg(test)]
mod tests;
