//! What all variants of a product share. Shopify writes it into the first row of the product.

use eggypro_domain::Slug;
use eggypro_domain::products::{Nested, ProductChanges, Seo};

use super::cells::RowCells;
use super::columns::Column;
use super::slugs;
use crate::ours::{self, ExtraCells};
use crate::plain_name::plain_name;
use crate::{cells, html};

/// What all variants of a product share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// The slug of the group, or of the only variant.
    pub(super) slug: Option<Slug>,
    pub(super) option_names: [Option<String>; 3],
    pub(super) changes: ProductChanges,
    /// The cells of this shop's columns.
    pub(super) extra: ExtraCells,
}

impl Shared {
    /// Reads the first row of a product.
    pub(super) fn of(cells: &mut RowCells<'_>) -> Self {
        let mut shared = Self {
            slug: slug(cells),
            option_names: Column::OPTIONS.map(|(name, _)| cells.line(name)),
            changes: ProductChanges::default(),
            extra: cells.layout().extra.cells(cells.cells()),
        };
        let changes = &mut shared.changes;
        title(cells, shared.slug.as_ref(), changes);
        description(cells, changes);
        if cells.has(Column::Vendor) {
            changes.brand = Some(cells.line(Column::Vendor));
        }
        if cells.has(Column::Type) || cells.has(Column::Tags) {
            let (kind, tags) = (cells.text(Column::Type), cells.text(Column::Tags));
            changes.categories = Some(slugs::categories(kind.as_deref(), tags.as_deref()));
        }
        changes.is_active = is_active(cells);
        if cells.has(Column::SeoTitle) || cells.has(Column::SeoDescription) {
            changes.seo = Some(Nested::Set(Seo {
                title: cells.line(Column::SeoTitle),
                description: cells.line(Column::SeoDescription),
            }));
        }
        // They are set in each variant, where they go before its own cells. Here they are checked.
        let mut changes = changes.clone();
        let layout = cells.layout();
        layout.extra.set(&shared.extra, &mut changes, cells);
        report_broken_rules(cells, &changes, shared_column);
        shared
    }
}

/// The slug that a handle makes.
fn slug(cells: &mut RowCells<'_>) -> Option<Slug> {
    cells.read(Column::Handle, |handle| {
        slugs::handle(handle).ok_or("The handle must have a letter or a digit")
    })
}

/// The title as people read it, and the name that is made from it.
fn title(cells: &mut RowCells<'_>, slug: Option<&Slug>, changes: &mut ProductChanges) {
    let Some(title) = cells.line(Column::Title) else {
        if cells.has(Column::Title) {
            cells.refuse(
                Column::Title,
                "The first row of a product must have its title",
            );
        }
        return;
    };
    let of_handle = || Some(slug?.as_str().replace('-', " ").trim().to_owned());
    let name = plain_name(&title).or_else(of_handle);
    changes.title = Some((name.as_ref() != Some(&title)).then_some(title));
    changes.name = name;
}

/// The description as text.
fn description(cells: &RowCells<'_>, changes: &mut ProductChanges) {
    let html = cells.text(Column::Description);
    let text = html.map(|html| html::to_text(&html));
    changes.description = text.filter(|text| !text.is_empty());
}

/// Whether a product is on sale: its status is active and it is published. An empty cell means yes.
fn is_active(cells: &mut RowCells<'_>) -> Option<bool> {
    if !cells.has(Column::Status) && !cells.has(Column::Published) {
        return None;
    }
    let status = cells.read(Column::Status, |text| {
        match text.to_ascii_lowercase().as_str() {
            "active" => Ok(true),
            // Customers find an unlisted product only by its address; the shop has no such state.
            "draft" | "archived" | "unlisted" => Ok(false),
            _ => Err("Status must be active, draft, archived or unlisted"),
        }
    });
    let published = cells.read(Column::Published, cells::flag);
    Some(status.unwrap_or(true) && published.unwrap_or(true))
}

/// Reports the rules of the shop that changes break, in the column of each field. Fields without a column are ignored.
pub(super) fn report_broken_rules(
    cells: &mut RowCells<'_>,
    changes: &ProductChanges,
    column: impl Fn(&str) -> Option<Column>,
) {
    for (path, rule) in ours::broken_rules(changes) {
        if let Some(at) = cells.layout().extra.at(&path, cells.cells()) {
            cells.refuse_at(at, rule);
        } else if let Some(column) = column(&path) {
            cells.refuse(column, rule);
        }
    }
}

fn shared_column(path: &str) -> Option<Column> {
    match path {
        "name" | "title" => Some(Column::Title),
        "description" => Some(Column::Description),
        "brand" => Some(Column::Vendor),
        "seo.title" => Some(Column::SeoTitle),
        "seo.description" => Some(Column::SeoDescription),
        _ if path.starts_with("categories") => Some(Column::Tags),
        _ => None,
    }
}
