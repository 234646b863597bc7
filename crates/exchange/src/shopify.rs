//! Reads Shopify's product CSV, in both of its column sets.
//!
//! The rows of a product follow one another and have the same handle. The first row has what its variants share. Each
//! row can have a variant, a picture, or both; pictures belong to the product, not to the variant in their row. Each
//! variant becomes a record. `docs/shopify.md` lists the columns.

mod batch;
mod cells;
mod columns;
mod images;
mod product;
mod slugs;
mod variant;

use self::batch::{Batch, MAX_ROWS, MAX_SIZE};
use self::cells::RowCells;
use self::columns::{Column, ProductLayout};
use crate::format::Rows;
use crate::record::{ReadError, Row, RowError};
use crate::seen::Seen;
use crate::table::{Columns, Layout, Table, TableError};

/// Whether a table is Shopify's product CSV. Its inventory CSV has a row for each location, the CSV of this shop a slug.
pub(crate) fn is_header(table: &Table) -> bool {
    let columns = Columns::of(table);
    let mut others = ["Location", "slug"].into_iter();
    let is_other = others.any(|name| table.column(name).is_some());
    columns.has(Column::Handle) && columns.has(Column::Title) && !is_other
}

/// Reads the variants of a table.
///
/// # Errors
/// If the table has no handles.
pub(crate) fn rows(table: Table) -> Result<Rows, ReadError> {
    let layout = ProductLayout::of(&table);
    if !layout.columns().has(Column::Handle) {
        let reason = "Shopify's product CSV must have a column URL handle or Handle";
        return Err(ReadError::not_a_table(reason));
    }
    Ok(Box::new(Reader {
        table,
        layout,
        seen: Seen::default(),
        batch: None,
        ahead: None,
        stray: None,
        full: None,
        error: None,
        is_done: false,
    }))
}

/// What a text is that was read before.
#[derive(Debug, Clone, Copy, Hash)]
enum Kind {
    /// The handle of a product.
    Handle,
    /// The slug of a variant.
    Slug,
}

/// Collects the rows of one product at a time.
struct Reader {
    table: Table,
    layout: ProductLayout,
    seen: Seen,
    batch: Option<Batch>,
    /// The first row of the next product.
    ahead: Option<TableRow>,
    /// The number of the last row, if it can't be read and may be one of the next product.
    stray: Option<u64>,
    /// The handle of the last product with too many rows.
    full: Option<String>,
    /// What ended the reading, while it is not yet reported.
    error: Option<ReadError>,
    is_done: bool,
}

impl Iterator for Reader {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(batch) = &mut self.batch
                && let Some(row) = batch.next_row(&self.layout, &mut self.seen)
            {
                return Some(Ok(row));
            }
            self.batch = self.next_batch();
            if self.batch.is_none() {
                self.is_done = true;
                return self.error.take().map(Err);
            }
        }
    }
}

/// The number of a row, or why it can't be read, and its cells.
type TableRow = Result<(u64, Vec<String>), (RowError, Vec<String>)>;

impl Reader {
    fn next_batch(&mut self) -> Option<Batch> {
        let mut batch = match self.first_row()? {
            Ok(batch) => batch,
            Err(refused) => return Some(refused),
        };
        if let Some(number) = self.stray.take() {
            batch.refuse_because_of(number);
        }
        self.fill(&mut batch);
        if self.error.is_some() {
            // The product may have more rows, which can't be read.
            return None;
        }
        batch.finish(&self.layout);
        Some(batch)
    }

    /// A product with its first row, or a refused row that belongs to none.
    fn first_row(&mut self) -> Option<Result<Batch, Batch>> {
        let batch = match self.read()? {
            Ok((number, cells)) => match self.new_handle(number, &cells) {
                Ok(handle) => Ok(Batch::new(&self.layout, handle, number, cells)),
                Err(error) => Err(Batch::of_refused(error, cells)),
            },
            Err((error, cells)) => match self.handle_of_unreadable(&cells) {
                Some(handle) if self.is_new(&handle) => {
                    Ok(Batch::of_unreadable(handle, error, cells))
                }
                handle => {
                    self.stray = handle.is_none().then_some(error.row);
                    Err(Batch::of_refused(error, cells))
                }
            },
        };
        Some(batch)
    }

    /// Adds the other rows of a product.
    fn fill(&mut self, batch: &mut Batch) {
        while !batch.is_full() {
            let Some(row) = self.read() else {
                return;
            };
            self.ahead = self.add(row, batch);
            if self.ahead.is_some() {
                return;
            }
        }
        self.full = Some(batch.handle().to_owned());
    }

    /// Adds a row to a product. Returns it if it has the handle of another one.
    fn add(&mut self, row: TableRow, batch: &mut Batch) -> Option<TableRow> {
        match row {
            Ok((number, cells)) => match self.handle(number, &cells) {
                Ok(handle) if handle != batch.handle() => return Some(Ok((number, cells))),
                Ok(_) => {
                    self.stray = None;
                    batch.add(&self.layout, number, cells);
                }
                Err(error) if batch.may_have(&self.layout, number, &cells) => {
                    batch.add_unreadable(error, cells);
                }
                Err(error) => batch.add_refused(error, cells),
            },
            Err((error, cells)) => {
                let handle = self.handle_of_unreadable(&cells);
                if handle.as_ref().is_some_and(|one| one != batch.handle()) {
                    return Some(Err((error, cells)));
                }
                self.stray = handle.is_none().then_some(error.row);
                batch.add_unreadable(error, cells);
            }
        }
        None
    }

    /// The next row of the table.
    fn read(&mut self) -> Option<TableRow> {
        if let Some(row) = self.ahead.take() {
            return Some(row);
        }
        if self.is_done || self.error.is_some() {
            return None;
        }
        match self.table.next_row()? {
            Ok(row) => Some(Ok(row)),
            Err(TableError::Row(error, cells)) => Some(Err((error, cells))),
            Err(TableError::Read(error)) => {
                self.error = Some(error);
                None
            }
        }
    }

    fn handle(&self, number: u64, cells: &[String]) -> Result<String, RowError> {
        let handle = RowCells::new(&self.layout, number, cells).text(Column::Handle);
        handle.ok_or_else(|| self.refused(number, "", "Handle is required"))
    }

    /// The handle of a row that can't be read, if it is beyond doubt: a surplus separator moves the cells after it.
    fn handle_of_unreadable(&self, cells: &[String]) -> Option<String> {
        let at = self.layout.columns().at(Column::Handle)?;
        let mut before = cells.iter().take(at);
        let is_long = cells.len() > self.table.header().len();
        let may_be_moved = is_long && before.any(|cell| !cell.trim().is_empty());
        let handle = RowCells::new(&self.layout, 0, cells).text(Column::Handle);
        handle.filter(|handle| !may_be_moved && !handle.contains('\0'))
    }

    /// The handle of a product that did not come before.
    fn new_handle(&mut self, number: u64, cells: &[String]) -> Result<String, RowError> {
        let handle = self.handle(number, cells)?;
        if self.full.as_ref() == Some(&handle) {
            let size = MAX_SIZE >> 20;
            let rule = format!("A product must not have more than {MAX_ROWS} rows or {size} MiB");
            return Err(self.refused(number, &handle, &rule));
        }
        if self.is_new(&handle) {
            return Ok(handle);
        }
        let rule = "Other products stand between the rows of this handle: move its rows together";
        Err(self.refused(number, &handle, rule))
    }

    /// Whether no product before has this handle.
    fn is_new(&mut self, handle: &str) -> bool {
        self.seen.insert((Kind::Handle, handle))
    }

    fn refused(&self, number: u64, handle: &str, rule: &str) -> RowError {
        let column = self.layout.columns().name(Column::Handle);
        RowError::new(number, column, handle, rule)
    }
}

#[cfg(test)]
mod tests;
