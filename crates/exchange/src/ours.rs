//! The CSV of this shop. One list of [columns] is read and written.

mod columns;
mod draft;
mod extra;

use eggypro_domain::Validate;
use eggypro_domain::products::{Food, Nested, Product, ProductChanges, Seo};

use self::columns::{Column, Section};
use self::draft::{Draft, Extent};
pub(crate) use self::extra::{Extra, ExtraCells};
use crate::cells::{self, Numbers};
use crate::format::Rows;
use crate::record::{ReadError, Record, Row, RowError};
use crate::table::Table;

/// The columns by which a product is found or named. A table must have one of them.
const KEYS: [&str; 4] = ["sku", "gtin", "slug", "name"];

/// The columns that a table of this shop has beside the slug, and no other format of product files.
const DISTINCTIVE: [&str; 3] = ["list_price", "stock_quantity", "is_active"];

/// Whether a table has columns that only this shop writes.
pub(crate) fn is_header(table: &Table) -> bool {
    let has = |name: &str| table.column(name).is_some();
    has("slug") && DISTINCTIVE.into_iter().any(has)
}

/// Reads the products of a table.
///
/// # Errors
/// If the table has no column that identifies a product, or a column twice.
pub(crate) fn rows(table: Table) -> Result<Rows, ReadError> {
    let columns = columns_of(&table)?;
    let numeric = columns.iter().filter(|(_, column)| column.has_decimals);
    let numeric: Vec<usize> = numeric.map(|(at, _)| *at).collect();
    let extent = Extent::of(columns.iter().map(|(_, column)| *column));
    Ok(Box::new(Reader {
        numbers: table.numbers(&numeric),
        table,
        columns,
        extent,
    }))
}

/// The columns that a table has, with their indices. Other columns are ignored.
fn columns_of(table: &Table) -> Result<Vec<(usize, &'static Column)>, ReadError> {
    let mut found: Vec<(usize, &Column)> = vec![];
    for column in columns::all() {
        let mut places = table.columns(column.name);
        found.extend(places.next().map(|at| (at, column)));
        if places.next().is_some() {
            let name = column.name;
            let reason = format!("The file has the column {name} twice: remove one of them");
            return Err(ReadError::not_a_table(reason));
        }
    }
    let has_key = found.iter().any(|(_, column)| KEYS.contains(&column.name));
    match has_key {
        true => Ok(found),
        false => Err(ReadError::not_a_table(format!(
            "The file needs one of the columns {} in its first row",
            KEYS.join(", ")
        ))),
    }
}

struct Reader {
    table: Table,
    columns: Vec<(usize, &'static Column)>,
    extent: Extent,
    numbers: Numbers,
}

impl Iterator for Reader {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.table.next_row()? {
            Ok((number, cells)) => Some(Ok(Row {
                number,
                product: self.record(number, &cells),
                cells,
            })),
            Err(error) => Some(error.into_row()),
        }
    }
}

impl Reader {
    fn record(&self, number: u64, cells: &[String]) -> Result<Record, Vec<RowError>> {
        let mut draft = Draft::default();
        let mut errors = vec![];
        for (at, column) in &self.columns {
            let cell = cells.get(*at).map_or("", String::as_str);
            draft.has_food |= column.section.is_food() && !cell.trim().is_empty();
            if let Err(message) = (column.read)(&mut draft, cell, self.numbers) {
                errors.push((column.name, message));
            }
        }
        let record = draft.finish(self.extent, &mut errors);
        check(&record, &mut errors);
        if errors.is_empty() {
            return Ok(record);
        }
        let located = errors.into_iter().map(|(name, message)| {
            let column = self.columns.iter().find(|(_, column)| column.name == name);
            let at = column.map(|(at, _)| *at);
            let named = at.and_then(|at| self.table.header().get(at));
            let value = at.and_then(|at| cells.get(at)).map_or("", String::as_str);
            RowError::new(number, named.map_or(name, String::as_str), value, message)
        });
        Err(located.collect())
    }
}

/// Adds the rules that the fields break. A column that has an error gets no other one.
fn check(record: &Record, errors: &mut Vec<(&'static str, String)>) {
    for (path, rule) in broken_rules(&record.changes) {
        let column = columns::of_path(&path);
        if !errors.iter().any(|(name, _)| *name == column) {
            errors.push((column, rule));
        }
    }
}

/// The rules that changes break, with the paths of their fields.
pub(crate) fn broken_rules(changes: &ProductChanges) -> Vec<(String, String)> {
    let merged = with_merged_parts(changes);
    let report = merged.as_ref().unwrap_or(changes).validate().err();
    let rules = report.iter().flat_map(|report| report.iter());
    let rules = rules.map(|(path, rule)| (path.to_string(), rule.message().to_owned()));
    rules.collect()
}

/// The changes with whole parts where some columns of them are missing, so that the others are checked too. What is
/// wrong with these members is wrong whatever the others are.
fn with_merged_parts(changes: &ProductChanges) -> Option<ProductChanges> {
    let food = match &changes.food {
        Some(Some(Nested::Merge(food))) => food.clone().applied_to(Food::default()),
        _ => None,
    };
    let seo = match &changes.seo {
        Some(Nested::Merge(seo)) => Some(seo.clone().applied_to(Seo::default())),
        _ => None,
    };
    if food.is_none() && seo.is_none() {
        return None;
    }
    let mut merged = changes.clone();
    merged.food = food.map(|food| Some(Nested::Set(food))).or(merged.food);
    merged.seo = seo.map(Nested::Set).or(merged.seo);
    Some(merged)
}

/// Writes the names of the columns.
pub(crate) fn write_header(file: &mut String) {
    for (at, column) in columns::all().enumerate() {
        if at > 0 {
            file.push(',');
        }
        file.push_str(column.name);
    }
    file.push_str("\r\n");
}

/// Writes a product as a row.
pub(crate) fn write(product: &Product, file: &mut String) {
    let mut text = String::new();
    for (at, column) in columns::all().enumerate() {
        if at > 0 {
            file.push(',');
        }
        text.clear();
        (column.write)(product, &mut text);
        write_cell(&cells::guarded(&text), file);
    }
    file.push_str("\r\n");
}

/// Writes a cell as RFC 4180 says. Other separators and white space are quoted too, for programs that guess or trim.
pub(crate) fn write_cell(cell: &str, file: &mut String) {
    let is_special = |character: char| matches!(character, ',' | ';' | '\t' | '"' | '\r' | '\n');
    if !cell.contains(is_special) && cell.trim().len() == cell.len() {
        file.push_str(cell);
        return;
    }
    file.push('"');
    for (at, part) in cell.split('"').enumerate() {
        if at > 0 {
            file.push_str("\"\"");
        }
        file.push_str(part);
    }
    file.push('"');
}

#[cfg(test)]
mod tests;
