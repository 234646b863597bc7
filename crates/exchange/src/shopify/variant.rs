//! What each variant of a product has of its own.

use eggypro_domain::products::{ContentUnit, Nested, NetContent, ProductChanges, ProductOption};
use eggypro_domain::{Decimal, Price, Slug};

use super::cells::RowCells;
use super::columns::Column;
use super::images::{self, Images};
use super::product::{Shared, report_broken_rules};
use crate::cells;
use crate::record::{Record, quoted};

/// The name and the value of the option of a product without variants.
const NO_OPTION: (&str, &str) = ("Title", "Default Title");

/// Reads the row of a variant. What is wrong is reported.
pub(super) fn read(
    cells: &mut RowCells<'_>,
    shared: &Shared,
    images: &Images,
    has_siblings: bool,
) -> Record {
    let mut changes = shared.changes.clone();
    numbers(cells, &mut changes);
    prices(cells, &mut changes);
    let content = net_content(cells);
    changes.net_content = content.map(|content| Some(Nested::Set(content)));
    if cells.has(Column::Image) || cells.has(Column::VariantImage) {
        images.set(images::url(cells, Column::VariantImage), &mut changes);
    }
    let options = options(cells, shared, has_siblings).unwrap_or_default();
    changes.slug = slug(cells, shared, &options, has_siblings);
    if cells.has(Column::Option1Value) {
        changes.group = Some(shared.slug.clone().filter(|_| has_siblings));
        changes.options = Some(Nested::Set(options));
    }
    set_extra(cells, shared, &mut changes);
    report_broken_rules(cells, &changes, own_column);
    Record { changes }
}

/// Sets the fields of this shop's columns: those of the first row of the product, and those of the own row before them.
fn set_extra(cells: &mut RowCells<'_>, shared: &Shared, changes: &mut ProductChanges) {
    let extra = &cells.layout().extra;
    let own = extra.cells(cells.cells());
    extra.set(&shared.extra.clone().with(own), changes, cells);
}

/// The SKU, the GTIN and the stock.
fn numbers(cells: &mut RowCells<'_>, changes: &mut ProductChanges) {
    changes.sku = cells.nullable(Column::Sku, cells::sku);
    changes.gtin = cells.nullable(Column::Barcode, |text| cells::gtin(first_barcode(text)));
    // Shopify counts below zero when it sells more than it has.
    let stock = cells.whole(Column::Stock);
    // Without a tracker, Shopify does not count and always sells.
    if !cells.has(Column::StockTracker) || cells.text(Column::StockTracker).is_some() {
        changes.stock_quantity = stock.map(|stock| stock.max(0));
    }
}

/// The first one of several barcodes. A comma can also be that of a number that a spreadsheet has shortened.
fn first_barcode(text: &str) -> &str {
    let first = text.split([',', ';', '|', '\n']).next().unwrap_or(text);
    let is_barcode = first.trim().trim_start_matches('\'').len() >= 8;
    if is_barcode { first.trim() } else { text }
}

/// The price, and the price before a reduction if it is above the price.
fn prices(cells: &mut RowCells<'_>, changes: &mut ProductChanges) {
    if cells.has(Column::Price) && cells.text(Column::Price).is_none() {
        cells.refuse(Column::Price, "Price is required");
    }
    let amount = cells.decimal(Column::Price);
    changes.price = price(cells, Column::Price, amount);
    if !cells.has(Column::CompareAtPrice) {
        return;
    }
    // Zero means that there is none.
    let amount = cells.decimal(Column::CompareAtPrice);
    let amount = amount.filter(|amount| !amount.is_zero());
    let list_price = price(cells, Column::CompareAtPrice, amount);
    let is_above = |list_price: &Price| changes.price.is_none_or(|price| *list_price > price);
    changes.list_price = Some(list_price.filter(is_above));
}

fn price(cells: &mut RowCells<'_>, column: Column, amount: Option<Decimal>) -> Option<Price> {
    let price = Price::try_from(amount?);
    price.map_err(|error| cells.refuse(column, error)).ok()
}

/// How much a unit contains: the measure for the unit price, or else the weight. Nothing if neither is given, so that
/// the shop keeps what it has.
fn net_content(cells: &mut RowCells<'_>) -> Option<NetContent> {
    let amount = cells.decimal(Column::Content);
    let unit = cells.text(Column::ContentUnit);
    let (column, value, unit) = match amount.filter(|amount| !amount.is_zero()).zip(unit) {
        Some((amount, unit)) => {
            let (unit, factor) = content_unit(&unit)?;
            (Column::Content, amount.checked_mul(factor)?, unit)
        }
        None => {
            let grams = cells.decimal(Column::Weight)?;
            // Shopify converts other units to grams, which can have many decimals.
            (Column::Weight, grams.round_dp(3), ContentUnit::Gram)
        }
    };
    if column == Column::Weight && value.is_zero() {
        return None;
    }
    let content = NetContent::new(value, unit);
    content.map_err(|error| cells.refuse(column, error)).ok()
}

/// A unit of Shopify in a unit of the shop; `None` if the shop does not have its measure.
fn content_unit(name: &str) -> Option<(ContentUnit, Decimal)> {
    let one = Decimal::ONE;
    match name.to_ascii_lowercase().as_str() {
        "mg" => Some((ContentUnit::Gram, Decimal::new(1, 3))),
        "g" => Some((ContentUnit::Gram, one)),
        "kg" => Some((ContentUnit::Kilogram, one)),
        "ml" => Some((ContentUnit::Millilitre, one)),
        "cl" => Some((ContentUnit::Millilitre, Decimal::TEN)),
        "l" => Some((ContentUnit::Litre, one)),
        "item" | "items" => Some((ContentUnit::Piece, one)),
        _ => None,
    }
}

/// The options of a variant; `None` if one is wrong. Their names are in the first row of the product.
fn options(
    cells: &mut RowCells<'_>,
    shared: &Shared,
    has_siblings: bool,
) -> Option<Vec<ProductOption>> {
    let (mut options, errors) = (vec![], cells.errors.len());
    for ((name_column, value_column), name) in Column::OPTIONS.into_iter().zip(&shared.option_names)
    {
        match (name, cells.line(value_column)) {
            (Some(name), value) if !has_siblings && is_no_option(name, value.as_deref()) => {}
            (Some(name), Some(value)) => {
                let name = name.clone();
                options.push(ProductOption { name, value });
            }
            (Some(name), None) => {
                cells.refuse(value_column, format!("{} is required", quoted(name)));
            }
            (None, Some(_)) => {
                let rule = "The first row of a product must have the names of its options";
                cells.refuse(name_column, rule);
            }
            (None, None) => {}
        }
    }
    if has_siblings && options.is_empty() && cells.errors.len() == errors {
        let rule =
            "Each variant of a product with several variants must have the value of an option";
        cells.refuse(Column::Option1Value, rule);
    }
    (cells.errors.len() == errors).then_some(options)
}

fn is_no_option(name: &str, value: Option<&str>) -> bool {
    let value = value.unwrap_or(NO_OPTION.1);
    name.eq_ignore_ascii_case(NO_OPTION.0) && value.eq_ignore_ascii_case(NO_OPTION.1)
}

/// The slug of a variant: the handle, and with siblings also the values of its options.
fn slug(
    cells: &mut RowCells<'_>,
    shared: &Shared,
    options: &[ProductOption],
    has_siblings: bool,
) -> Option<Slug> {
    let handle = shared.slug.as_ref()?;
    if !has_siblings {
        return Some(handle.clone());
    }
    let values = options
        .iter()
        .filter_map(|option| Slug::from_name(&option.value));
    let slug = values.fold(handle.to_string(), |slug, value| format!("{slug}-{value}"));
    let slug = slug.parse::<Slug>();
    slug.map_err(|error| cells.refuse(Column::Handle, error))
        .ok()
}

fn own_column(path: &str) -> Option<Column> {
    match path {
        "slug" => Some(Column::Handle),
        "stock_quantity" => Some(Column::Stock),
        _ if path.starts_with("options") => Some(Column::Option1Value),
        _ => None,
    }
}
