use eggypro_domain::products::ProductChanges;
use eggypro_domain::time::{Date, Month};

use super::columns::Column;
use super::row::RowCells;
use super::values;

/// Reads the price of a product. While a sale is on, the sale price is the price and the regular price the list price.
/// A sale price that is not below the regular price is no sale, as in WooCommerce.
pub(super) fn read(row: &mut RowCells<'_>, changes: &mut ProductChanges, today: Date) {
    if row.has(Column::RegularPrice) && row.text(Column::RegularPrice).is_none() {
        row.refuse(Column::RegularPrice, "Regular price is required");
    }
    let regular = row.read(Column::RegularPrice, values::price);
    let sale = row.read(Column::SalePrice, values::price);
    let Some(regular) = regular else {
        return;
    };
    let lower = sale.filter(|sale| *sale < regular);
    let is_on = lower.is_some() && is_on(row, today);
    let (price, list_price) = match lower.filter(|_| is_on) {
        Some(sale) => (sale, Some(regular)),
        None => (regular, None),
    };
    changes.price = Some(price);
    changes.list_price = row.has(Column::SalePrice).then_some(list_price);
}

/// Whether a sale is on: its first and its last day are included.
fn is_on(row: &mut RowCells<'_>, today: Date) -> bool {
    let starts = row.read(Column::SaleStarts, day);
    let ends = row.read(Column::SaleEnds, day);
    starts.is_none_or(|starts| starts <= today) && ends.is_none_or(|ends| today <= ends)
}

/// Reads a day such as `2026-06-07`. A time after it is ignored, as in WooCommerce.
fn day(text: &str) -> Result<Date, &'static str> {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    parsed(day).ok_or("Write the date as YYYY-MM-DD")
}

fn parsed(day: &str) -> Option<Date> {
    let is_iso = day.len() == 10
        && day
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let mut parts = day.split('-').filter(|_| is_iso);
    let year = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

#[cfg(test)]
mod tests;
