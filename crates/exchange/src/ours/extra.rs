//! Columns of this shop in the files of other programs, for what these programs don't have. People add them in a
//! spreadsheet. Ingredients and details can also be in fields that a shop has defined itself in the other program.

mod free_text;

use eggypro_domain::products::ProductChanges;

use super::columns::{self, Column};
use super::draft::{Draft, Extent};
use crate::cells::Numbers;
use crate::table::{Layout, RowCells, Table};

/// The columns that a file of another program can have, beside those of the food.
const NAMES: [&str; 5] = [
    "details",
    "ingredients",
    "brand",
    "low_stock_at",
    "net_content",
];

/// The columns that can also be fields of the other program, as the text of their cells.
const FREE: [(&str, FreeText); 2] = [
    ("ingredients", free_text::ingredients),
    ("details", free_text::details),
];

/// Reads a text that the other program does not structure.
type FreeText = fn(&str) -> String;

/// Which of these columns a file has.
#[derive(Debug)]
pub(crate) struct Extra {
    /// Fields of the other program come first, since later columns win.
    places: Vec<Place>,
    numbers: Numbers,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    /// The index of the column.
    at: usize,
    column: &'static Column,
    /// How a field of the other program becomes a cell of the column.
    converted: Option<fn(&str) -> String>,
}

/// The cells of a row that have text, one a column. An empty cell says nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExtraCells {
    cells: Vec<(Place, String)>,
}

impl Extra {
    /// The columns of a table. `key_of` is the key of a field of the other program, by the name of its column.
    pub(crate) fn of(table: &Table, key_of: fn(&str) -> Option<&str>) -> Self {
        let places = fields(table, key_of).chain(own_columns(table));
        let places: Vec<Place> = places.collect();
        let decimals = places.iter().filter(|place| place.column.has_decimals);
        let decimals: Vec<usize> = decimals.map(|place| place.at).collect();
        Self {
            numbers: table.numbers(&decimals),
            places,
        }
    }

    /// The cells of a row.
    pub(crate) fn cells(&self, row: &[String]) -> ExtraCells {
        let mut cells = ExtraCells::default();
        for place in &self.places {
            let cell = row.get(place.at).map_or("", String::as_str);
            let cell = match place.converted {
                Some(converted) => converted(cell),
                None => cell.to_owned(),
            };
            if !cell.trim().is_empty() {
                cells.set(*place, cell);
            }
        }
        cells
    }

    /// Sets the fields of these cells. What is wrong is reported in the row.
    pub(crate) fn set(
        &self,
        cells: &ExtraCells,
        changes: &mut ProductChanges,
        row: &mut RowCells<'_, impl Layout>,
    ) {
        for (at, message) in self.apply(cells, changes) {
            row.refuse_at(at, message);
        }
    }

    /// Sets the fields of these cells. Returns what is wrong, with the indices of the cells.
    fn apply(&self, cells: &ExtraCells, changes: &mut ProductChanges) -> Vec<(usize, String)> {
        let mut draft = Draft::default();
        let mut errors = vec![];
        for (place, cell) in &cells.cells {
            draft.has_food |= place.column.section.is_food();
            if let Err(message) = (place.column.read)(&mut draft, cell, self.numbers) {
                errors.push((place.at, message));
            }
        }
        let extent = Extent::of(cells.cells.iter().map(|(place, _)| place.column));
        // What could be missing has an error already: only columns with text count.
        let read = draft.finish(extent, &mut vec![]).changes;
        changes.details = read.details.or(changes.details.take());
        changes.ingredients = read.ingredients.or(changes.ingredients.take());
        changes.brand = read.brand.or(changes.brand.take());
        changes.low_stock_at = read.low_stock_at.or(changes.low_stock_at.take());
        changes.net_content = read.net_content.or(changes.net_content.take());
        changes.food = read.food.or(changes.food.take());
        errors
    }

    /// The index of the column for the path of a field, as validation reports it; `None` if the field is not from one of
    /// these columns.
    pub(crate) fn at(&self, path: &str, row: &[String]) -> Option<usize> {
        let name = columns::of_path(path);
        let has_text = |at: usize| row.get(at).is_some_and(|cell| !cell.trim().is_empty());
        let mut places = self.places.iter().rev();
        let place = places.find(|place| {
            // Only the food has no other source. Its text can be in the row of a parent.
            place.column.name == name && (has_text(place.at) || place.column.section.is_food())
        });
        place.map(|place| place.at)
    }
}

impl ExtraCells {
    /// These cells, and others where they have text.
    pub(crate) fn with(mut self, others: Self) -> Self {
        for (place, cell) in others.cells {
            self.set(place, cell);
        }
        self
    }

    /// The size in bytes.
    pub(crate) fn size(&self) -> usize {
        let cells = self.cells.iter();
        cells
            .map(|(place, cell)| size_of_val(place) + size_of_val(cell) + cell.len())
            .sum()
    }

    /// Adds a cell, or replaces that of the same column.
    fn set(&mut self, place: Place, cell: String) {
        let name = place.column.name;
        self.cells.retain(|(other, _)| other.column.name != name);
        self.cells.push((place, cell));
    }
}

/// The columns that have the names of this shop.
fn own_columns(table: &Table) -> impl Iterator<Item = Place> {
    let columns =
        columns::all().filter(|column| column.section.is_food() || NAMES.contains(&column.name));
    columns.flat_map(|column| {
        table.columns(column.name).map(move |at| Place {
            at,
            column,
            converted: None,
        })
    })
}

/// The fields of the other program.
fn fields(table: &Table, key_of: fn(&str) -> Option<&str>) -> impl Iterator<Item = Place> {
    let keys = table.header().iter().map(move |name| key_of(name));
    keys.enumerate().filter_map(|(at, key)| {
        let key = key?;
        let (name, converted) = FREE
            .into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key))?;
        Some(Place {
            at,
            column: columns::all().find(|column| column.name == name)?,
            converted: Some(converted),
        })
    })
}

#[cfg(test)]
mod tests;
