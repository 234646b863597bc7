//! WooCommerce's product CSV, as its exporter writes it in an English or a German shop. It is only read.
//!
//! A simple product is a product. A variable product is none itself: it is the parent whose name, texts, categories and
//! images its variations inherit. They are the products of a group. `docs/` lists all columns.

mod columns;
mod content;
mod kind;
mod names;
mod parents;
mod prices;
mod product;
mod row;
mod values;

use std::vec;

use eggypro_domain::time::{Date, OffsetDateTime};

use self::columns::{Column, Columns};
use self::kind::Kind;
use self::parents::Parents;
use self::row::RowCells;
use crate::record::{ReadError, Record, Row, RowError};
use crate::table::{Table, TableError};

type Rows = Box<dyn Iterator<Item = Result<Row, ReadError>>>;

/// Whether these are columns of WooCommerce.
pub(crate) fn is_header(table: &Table) -> bool {
    Columns::of(table.header()).are_of_woocommerce()
}

/// Reads the products of a table. Sale prices count if their sale is on today, in UTC.
pub(crate) fn rows(table: Table) -> Result<Rows, ReadError> {
    rows_on(table, OffsetDateTime::now_utc().date())
}

/// Reads the products of a table with the sale prices of a day.
pub(crate) fn rows_on(table: Table, today: Date) -> Result<Rows, ReadError> {
    let columns = Columns::of(table.header());
    if columns.is_empty() {
        let reason = "None of the columns is one of WooCommerce's product export".to_owned();
        return Err(ReadError::NotATable { reason });
    }
    Ok(Box::new(Reader {
        table,
        columns,
        parents: Parents::default(),
        today,
        childless: None,
    }))
}

struct Reader {
    table: Table,
    columns: Columns,
    parents: Parents,
    today: Date,
    /// At the end of the table, the rows of the variable products without a variation.
    childless: Option<vec::IntoIter<u64>>,
}

impl Reader {
    /// What a row says; `None` for a valid variable product.
    fn read(&mut self, number: u64, cells: &[String]) -> Option<Result<Record, Vec<RowError>>> {
        let mut row = RowCells::new(&self.columns, number, cells);
        let kind = row.text(Column::Type).unwrap_or_default();
        match Kind::of(&kind) {
            Ok(Kind::Simple) => Some(product::simple(row, &mut self.parents, self.today)),
            Ok(Kind::Variable) => product::parent(row, &mut self.parents).err().map(Err),
            Ok(Kind::Variation) => Some(product::variation(row, &mut self.parents, self.today)),
            Err(message) => {
                row.refuse(Column::Type, message);
                Some(Err(row.into_errors()))
            }
        }
    }

    /// The row of a variable product without a variation.
    fn next_childless(&mut self) -> Option<Row> {
        let parents = &self.parents;
        let childless = self
            .childless
            .get_or_insert_with(|| parents.without_variations().into_iter());
        let number = childless.next()?;
        let mut row = RowCells::new(&self.columns, number, &[]);
        row.refuse(
            Column::Type,
            "The file has no variation of this product: export the type variation too",
        );
        Some(Row {
            number,
            product: Err(row.into_errors()),
            cells: vec![],
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
                    return Some(unreadable(error));
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

/// A row that is no row of the table, or the end of the reading.
fn unreadable(error: TableError) -> Result<Row, ReadError> {
    match error {
        TableError::Row(error, cells) => Ok(Row {
            number: error.row,
            product: Err(vec![error]),
            cells,
        }),
        TableError::Read(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
