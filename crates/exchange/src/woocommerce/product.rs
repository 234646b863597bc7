//! The products of rows.

use eggypro_domain::Slug;
use eggypro_domain::products::{Nested, ProductChanges, ProductOption};
use eggypro_domain::time::Date;

use super::columns::Column;
use super::content::{Content, set_title};
use super::parents::{Family, Parents, reference};
use super::row::RowCells;
use super::{prices, values};
use crate::cells::{self, Numbers};
use crate::ours::{self, ExtraCells};
use crate::record::{Record, RowError, quoted};

/// The product of a simple row. Without a SKU and a GTIN it is found by the slug of its name.
pub(super) fn simple(
    mut row: RowCells<'_>,
    parents: &mut Parents,
    today: Date,
) -> Result<Record, Vec<RowError>> {
    let mut changes = own_fields(&mut row, today);
    let mut content = Content::read(&mut row);
    let title = content.title.take();
    content.apply_to(&mut changes);
    let extra = extra_cells(&row);
    set_extra(&mut row, &extra, &mut changes);
    match &title {
        Some(title) => set_title(&mut row, &mut changes, title),
        None if row.has(Column::Name) => row.refuse(Column::Name, "Name is required"),
        None => {}
    }
    let has_number = row.text(Column::Sku).is_some() || row.text(Column::Gtin).is_some();
    if !has_number {
        let slug = title.as_deref().and_then(Slug::from_name);
        if slug.is_none() && row.is_valid() {
            row.refuse_row("The row needs a SKU, a GTIN or a name");
        } else if row.is_valid() {
            // Two products of one name would be found by the same slug.
            changes.slug = title.and_then(|title| parents.free_slug(&title, None));
            if changes.slug.is_none() {
                row.refuse(Column::Name, "Another product has this name: enter a SKU");
            }
        }
    }
    finish(row, changes)
}

/// Remembers a variable product for its variations.
pub(super) fn parent(mut row: RowCells<'_>, parents: &mut Parents) -> Result<(), Vec<RowError>> {
    let (content, extra) = (Content::read(&mut row), extra_cells(&row));
    let mut changes = ProductChanges::default();
    content.clone().apply_to(&mut changes);
    set_extra(&mut row, &extra, &mut changes);
    match &content.title {
        Some(title) => set_title(&mut row, &mut changes, title),
        None => row.refuse(Column::Name, "Name is required"),
    }
    check(&mut row, &changes);
    let references = references(&mut row);
    let title = content.title.clone().filter(|_| row.is_valid());
    let group = title.as_ref().and_then(|title| {
        let suffix = references.last().map(String::as_str);
        parents.free_group(title, suffix)
    });
    if title.is_some() && group.is_none() {
        row.refuse(
            Column::Name,
            "Another variable product has this name: enter a SKU",
        );
    }
    let family = title.zip(group).map(|(title, group)| Family {
        group,
        title,
        content,
        extra,
    });
    let references = references.iter().map(|text| reference(text)).collect();
    if let Err(message) = parents.add(row.number(), row.cells(), references, family) {
        row.refuse_row(message);
    }
    match row.is_valid() {
        true => Ok(()),
        false => Err(row.errors),
    }
}

/// The ID and the SKU of a variable product, to which its variations refer.
fn references(row: &mut RowCells<'_>) -> Vec<String> {
    let id = row.read(Column::Id, parent_id);
    let sku = row.read(Column::Sku, cells::sku).map(String::from);
    if id.is_none() && sku.is_none() {
        row.refuse(Column::Sku, "Variations refer to an ID or a SKU: enter one");
    }
    id.into_iter().chain(sku).collect()
}

/// The ID of a variable product, as its variations name it.
fn parent_id(cell: &str) -> Result<String, &'static str> {
    let is_id = cell.len() <= 20 && cell.bytes().all(|byte| byte.is_ascii_digit());
    match is_id {
        true => Ok(format!("id:{cell}")),
        false => Err("ID must be a whole number"),
    }
}

/// A whole number. WooCommerce writes those without marks.
fn whole(cell: &str) -> Result<i64, String> {
    cells::whole(cell, Numbers::default())
}

/// The product of a variation: a member of the group of its variable product.
pub(super) fn variation(
    mut row: RowCells<'_>,
    parents: &mut Parents,
    today: Date,
) -> Result<Record, Vec<RowError>> {
    let mut changes = own_fields(&mut row, today);
    let mut content = Content::read(&mut row);
    let options = options(&mut row);
    let cell = row.text(Column::Parent);
    let family = match cell {
        Some(cell) => parents.family(&cell),
        None => {
            Err("A variation needs the SKU of its variable product, or its ID: id:44".to_owned())
        }
    };
    let family = match family {
        Ok(family) => family,
        Err(message) => {
            row.refuse(Column::Parent, message);
            return Err(row.errors);
        }
    };
    let values: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
    let title = title(content.title.take(), &family.title, &values);
    set_title(&mut row, &mut changes, &title);
    content.inherit(&family.content).apply_to(&mut changes);
    let extra = family.extra.clone().with(extra_cells(&row));
    set_extra(&mut row, &extra, &mut changes);
    if row.is_valid() {
        let name = format!("{} {}", family.group, values.join(" "));
        let suffix = row.text(Column::Sku).or_else(|| row.text(Column::Id));
        changes.slug = parents.free_slug(&name, suffix.as_deref());
        if changes.slug.is_none() {
            row.refuse_row("Another variation of this product has the same attributes");
        }
    }
    changes.group = Some(Some(family.group.clone()));
    changes.options = Some(Nested::Set(options));
    finish(row, changes)
}

/// The name of a variation. WooCommerce adds up to two values to it, otherwise it is the name of the parent.
fn title(own: Option<String>, parent: &str, values: &[&str]) -> String {
    own.filter(|own| own != parent)
        .unwrap_or_else(|| format!("{parent} - {}", values.join(", ")))
}

/// What a product does not share: its numbers, prices and stock.
fn own_fields(row: &mut RowCells<'_>, today: Date) -> ProductChanges {
    let mut changes = ProductChanges::default();
    changes.sku = row.nullable(Column::Sku, cells::sku);
    changes.gtin = row.nullable(Column::Gtin, values::gtin);
    prices::read(row, &mut changes, today);
    changes.stock_quantity = stock_quantity(row);
    // Without an own amount, WooCommerce uses one for the whole shop, which the file does not have.
    let low_stock = row.read(Column::LowStock, whole);
    changes.low_stock_at = low_stock.map(Some);
    changes
}

/// The stock; `None` if WooCommerce does not count it.
fn stock_quantity(row: &mut RowCells<'_>) -> Option<i64> {
    let stock = row.text(Column::Stock);
    if stock.is_some_and(|stock| stock.eq_ignore_ascii_case("parent")) {
        row.refuse(
            Column::Stock,
            "The stock is counted for all variations together: enter the stock of each one",
        );
        return None;
    }
    let counted = row.read(Column::Stock, whole);
    let status = row.text(Column::InStock).unwrap_or_default();
    let is_sold_out = matches!(status.to_lowercase().as_str(), "0" | "false" | "falsch");
    // It is negative if customers have ordered more than there is.
    let counted = counted.map(|stock| stock.max(0));
    counted.or_else(|| (is_sold_out && row.text(Column::Stock).is_none()).then_some(0))
}

/// The attributes of a variation. Each has one value.
fn options(row: &mut RowCells<'_>) -> Vec<ProductOption> {
    let (mut options, mut has_open) = (vec![], false);
    for columns in row.layout().attributes() {
        let name = values::label(&row.cell_at(columns.name).unwrap_or_default());
        let value = values::single(&row.cell_at(columns.value).unwrap_or_default());
        match (name.is_empty(), value.is_empty()) {
            (true, _) => {}
            (false, true) => {
                has_open = true;
                let name = quoted(&name);
                let message = format!("The variation is for any {name}: enter one value");
                row.refuse_at(columns.value, message);
            }
            (false, false) => options.push(ProductOption { name, value }),
        }
    }
    if options.is_empty() && !has_open {
        row.refuse_row("A variation needs an attribute, such as its size");
    }
    options
}

/// The cells of this shop's columns.
fn extra_cells(row: &RowCells<'_>) -> ExtraCells {
    row.layout().extra.cells(row.cells())
}

/// Sets the fields of this shop's columns. What is wrong is reported.
fn set_extra(row: &mut RowCells<'_>, cells: &ExtraCells, changes: &mut ProductChanges) {
    row.layout().extra.set(cells, changes, row);
}

/// The record of a row, unless something is wrong.
fn finish(mut row: RowCells<'_>, changes: ProductChanges) -> Result<Record, Vec<RowError>> {
    check(&mut row, &changes);
    match row.is_valid() {
        true => Ok(Record { changes }),
        false => Err(row.errors),
    }
}

/// Reports the rules of products that the changes break.
fn check(row: &mut RowCells<'_>, changes: &ProductChanges) {
    let layout = row.layout();
    for (path, rule) in ours::broken_rules(changes) {
        let field = path.split(['.', '[']).next().unwrap_or_default();
        let attribute = layout.attributes().first().filter(|_| field == "options");
        let extra = layout.extra.at(&path, row.cells());
        if let Some(at) = extra.or(attribute.map(|attribute| attribute.name)) {
            row.refuse_at(at, rule);
        } else if let Some(column) = column(row, field) {
            row.refuse(column, rule);
        } else {
            row.refuse_row(rule);
        }
    }
}

/// The column from which a field is read.
fn column(row: &RowCells<'_>, field: &str) -> Option<Column> {
    let column = match field {
        "name" | "title" | "slug" => Column::Name,
        "description" if row.text(Column::ShortDescription).is_some() => Column::ShortDescription,
        "description" | "details" => Column::Description,
        "price" => Column::RegularPrice,
        "list_price" => Column::SalePrice,
        "images" => Column::Images,
        "categories" => Column::Categories,
        "stock_quantity" => Column::Stock,
        "low_stock_at" => Column::LowStock,
        "brand" => Column::Brands,
        _ => return None,
    };
    Some(column)
}
