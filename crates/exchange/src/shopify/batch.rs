//! The rows of one product.

use std::collections::VecDeque;

use super::Kind;
use super::cells::RowCells;
use super::columns::{Column, ProductLayout};
use super::images::Images;
use super::product::Shared;
use super::variant;
use crate::record::{Row, RowError, quoted};
use crate::seen::Seen;

/// Maximum number of rows of a product. Shopify allows 2 048 variants and 250 pictures.
pub(super) const MAX_ROWS: usize = 3_000;

/// Maximum size of the rows of a product, in bytes. The last row may exceed it.
pub(super) const MAX_SIZE: usize = 8 << 20;

/// The rows of one product, which become records one after the other, so that its texts are not repeated in memory.
#[derive(Debug, Default)]
pub(super) struct Batch {
    handle: String,
    /// The number of the first row.
    first: u64,
    shared: Shared,
    /// What is wrong with the cells that all variants share.
    shared_errors: Vec<RowError>,
    images: Images,
    /// The title as the first row has it.
    title: Option<String>,
    entries: VecDeque<Entry>,
    variants: usize,
    /// The number of a row that can't be read and may be one of the product. It refuses the whole product: how many
    /// variants there are is unknown, and thus their slugs.
    unreadable: Option<u64>,
    size: usize,
}

#[derive(Debug)]
struct Entry {
    number: u64,
    cells: Vec<String>,
    errors: Vec<RowError>,
    role: Role,
}

/// What a row is in its product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Variant,
    Picture,
    /// The row can't be read, or belongs to no product.
    Refused,
}

impl Batch {
    /// A row that belongs to no product.
    pub(super) fn of_refused(error: RowError, cells: Vec<String>) -> Self {
        let mut batch = Self::default();
        batch.add_refused(error, cells);
        batch
    }

    /// A product whose first row can't be read.
    pub(super) fn of_unreadable(handle: String, error: RowError, cells: Vec<String>) -> Self {
        let mut batch = Self {
            handle,
            first: error.row,
            ..Self::default()
        };
        batch.add_unreadable(error, cells);
        batch
    }

    /// The first row of a product.
    pub(super) fn new(
        layout: &ProductLayout,
        handle: String,
        number: u64,
        row: Vec<String>,
    ) -> Self {
        let mut cells = RowCells::new(layout, number, &row);
        let shared = Shared::of(&mut cells);
        let title = cells.line(Column::Title);
        let shared_errors = cells.errors;
        let mut batch = Self {
            handle,
            first: number,
            shared,
            shared_errors,
            title,
            ..Self::default()
        };
        batch.add(layout, number, row);
        batch
    }

    pub(super) fn handle(&self) -> &str {
        &self.handle
    }

    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= MAX_ROWS || self.size >= MAX_SIZE
    }

    /// Whether a row without a handle may be one of the product: it has no title, or the same one.
    pub(super) fn may_have(&self, layout: &ProductLayout, number: u64, row: &[String]) -> bool {
        let title = RowCells::new(layout, number, row).line(Column::Title);
        title.is_none() || title == self.title
    }

    /// Adds a row of the product: a variant, a picture, or both.
    pub(super) fn add(&mut self, layout: &ProductLayout, number: u64, row: Vec<String>) {
        let mut cells = RowCells::new(layout, number, &row);
        let role = match number == self.first || cells.has_variant() {
            true => Role::Variant,
            false => Role::Picture,
        };
        if role == Role::Picture && cells.text(Column::Image).is_none() {
            let rule =
                "The row must have an option's value, an SKU, a barcode, a price or an image";
            cells.refuse(Column::Handle, rule);
        }
        self.images.add(number, &mut cells);
        self.variants += usize::from(role == Role::Variant);
        let errors = cells.errors;
        self.push(number, row, errors, role);
    }

    /// Adds a row that is not one of the product.
    pub(super) fn add_refused(&mut self, error: RowError, row: Vec<String>) {
        self.push(error.row, row, vec![error], Role::Refused);
    }

    /// Adds a row that can't be read and may be one of the product, which is refused then.
    pub(super) fn add_unreadable(&mut self, error: RowError, row: Vec<String>) {
        self.refuse_because_of(error.row);
        self.add_refused(error, row);
    }

    /// Refuses the product because of a row that can't be read.
    pub(super) fn refuse_because_of(&mut self, number: u64) {
        self.unreadable.get_or_insert(number);
    }

    fn push(&mut self, number: u64, cells: Vec<String>, errors: Vec<RowError>, role: Role) {
        self.size += cells.iter().map(String::len).sum::<usize>();
        self.size += cells.len() * size_of::<String>();
        self.entries.push_back(Entry {
            number,
            cells,
            errors,
            role,
        });
    }

    /// Must be called after the last row was added.
    pub(super) fn finish(&mut self, layout: &ProductLayout) {
        for number in self.images.sort() {
            let entries = self.entries.iter_mut();
            let mut pictures = entries.filter(|entry| entry.role == Role::Picture);
            // In the row of a variant, the picture is left out without an error, since that would refuse the variant.
            if let Some(entry) = pictures.find(|entry| entry.number == number) {
                let mut cells = RowCells::new(layout, number, &entry.cells);
                cells.refuse(
                    Column::Image,
                    "A product has too many images: this one is left out",
                );
                entry.errors.append(&mut cells.errors);
            }
        }
    }

    /// The next row that is a variant or wrong. Must be called after [`finish`](Self::finish).
    pub(super) fn next_row(&mut self, layout: &ProductLayout, seen: &mut Seen) -> Option<Row> {
        loop {
            let mut entry = self.entries.pop_front()?;
            if let Some(number) = self.unreadable {
                self.add_errors_of_refused(&mut entry, number);
            } else if entry.role == Role::Variant {
                return Some(self.variant(layout, seen, entry));
            }
            if !entry.errors.is_empty() {
                return Some(Row {
                    number: entry.number,
                    product: Err(entry.errors),
                    cells: entry.cells,
                });
            }
        }
    }

    /// Adds to a row of a refused product that another row can't be read.
    fn add_errors_of_refused(&self, entry: &mut Entry, unreadable: u64) {
        if entry.role == Role::Refused {
            return;
        }
        if entry.number == self.first {
            entry.errors.extend(self.shared_errors.iter().cloned());
        }
        let message = format!(
            "Row {unreadable} can't be read and may be another row of this product: correct it"
        );
        let error = RowError::new(entry.number, "", &self.handle, message);
        entry.errors.push(error);
    }

    fn variant(&self, layout: &ProductLayout, seen: &mut Seen, entry: Entry) -> Row {
        let number = entry.number;
        let mut errors = self.errors(number);
        errors.extend(entry.errors);
        // What the variants share may be long, so it is not read again for each.
        if !errors.is_empty() && number != self.first {
            return Row {
                number,
                product: Err(errors),
                cells: entry.cells,
            };
        }
        let mut cells = RowCells::new(layout, number, &entry.cells);
        cells.errors = errors;
        let record = variant::read(&mut cells, &self.shared, &self.images, self.variants > 1);
        if cells.errors.is_empty()
            && let Some(slug) = record.slug()
            && !seen.insert((Kind::Slug, slug.as_str()))
        {
            let slug = quoted(slug.as_str());
            let rule = format!("Another row of this file makes the same slug, {slug}");
            cells.refuse(Column::Handle, rule);
        }
        let errors = cells.errors;
        Row {
            number,
            product: if errors.is_empty() {
                Ok(record)
            } else {
                Err(errors)
            },
            cells: entry.cells,
        }
    }

    /// The errors of the cells that all variants share: in the first row each one, in the others a reference to it.
    fn errors(&self, number: u64) -> Vec<RowError> {
        let first = self.first;
        if number == first {
            self.shared_errors.clone()
        } else if self.shared_errors.is_empty() {
            vec![]
        } else {
            let message = format!("Row {first}, the first row of this product, has errors");
            vec![RowError::new(number, "", &self.handle, message)]
        }
    }
}
