//! The variable products of a file: the parents of the variations after them.

use std::collections::HashMap;
use std::sync::Arc;

use eggypro_domain::Slug;

use super::content::Content;
use crate::ours::ExtraCells;
use crate::record::quoted;
use crate::seen::Seen;

/// Maximum number of variable products of a file.
const MAX_PARENTS: usize = 100_000;

/// Maximum size of their names, texts, URLs and cells, in bytes.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// What variations inherit.
#[derive(Debug)]
pub(super) struct Family {
    /// The group of the variations.
    pub(super) group: Slug,
    pub(super) title: String,
    pub(super) content: Content,
    /// The cells of this shop's columns.
    pub(super) extra: ExtraCells,
}

#[derive(Debug)]
struct Parent {
    row: u64,
    /// `None` if its row is wrong.
    family: Option<Arc<Family>>,
    has_variations: bool,
    /// The cells of its row with NULs between them, which no cell has; empty if they are not kept.
    cells: String,
}

/// The row of a variable product without a variation.
#[derive(Debug)]
pub(super) struct Childless {
    pub(super) row: u64,
    cells: String,
}

impl Childless {
    /// The cells; none if there was no memory left for them.
    pub(super) fn cells(&self) -> Vec<String> {
        match self.cells.as_str() {
            "" => vec![],
            cells => cells.split('\0').map(str::to_owned).collect(),
        }
    }
}

/// The variable products that were read, within limits.
#[derive(Debug, Default)]
pub(super) struct Parents {
    parents: Vec<Parent>,
    by_reference: HashMap<String, usize>,
    /// The size of what variations need.
    bytes: usize,
    /// The size of the cells that are kept for errors.
    cell_bytes: usize,
    /// The memory is needed for what variations need.
    keeps_no_cells: bool,
    groups: Seen,
    slugs: Seen,
}

impl Parents {
    /// Adds a variable product with these cells, to which variations refer; without a family, if its row is wrong.
    ///
    /// # Errors
    /// If the file has too many.
    pub(super) fn add(
        &mut self,
        row: u64,
        cells: &[String],
        references: Vec<String>,
        family: Option<Family>,
    ) -> Result<(), String> {
        let texts = family
            .as_ref()
            .map_or(0, |family| family.content.size() + family.extra.size());
        let keys = references.iter().map(String::len);
        self.bytes += texts + keys.sum::<usize>();
        if self.parents.len() >= MAX_PARENTS || self.bytes > MAX_BYTES {
            return Err(format!(
                "The file has more than {MAX_PARENTS} variable products, or more than {} MB of their texts: split it",
                MAX_BYTES / (1024 * 1024)
            ));
        }
        for reference in references {
            self.by_reference.insert(reference, self.parents.len());
        }
        let cells = family.as_ref().map(|_| cells.join("\0"));
        let cells = self.kept(cells.unwrap_or_default());
        self.parents.push(Parent {
            row,
            family: family.map(Arc::new),
            has_variations: false,
            cells,
        });
        Ok(())
    }

    /// Cells that are kept until a variation comes, if there is memory left. What variations need goes before.
    fn kept(&mut self, cells: String) -> String {
        if self.bytes + self.cell_bytes > MAX_BYTES {
            self.keeps_no_cells = true;
            self.cell_bytes = 0;
            for parent in &mut self.parents {
                parent.cells = String::new();
            }
        }
        if self.keeps_no_cells || self.bytes + self.cell_bytes + cells.len() > MAX_BYTES {
            return String::new();
        }
        self.cell_bytes += cells.len();
        cells
    }

    /// The family of a variation, by a cell such as `id:44` or a SKU.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn family(&mut self, cell: &str) -> Result<Arc<Family>, String> {
        let reference = reference(cell);
        let index = self.by_reference.get(&reference).copied();
        let parent = index.and_then(|index| self.parents.get_mut(index));
        let Some(parent) = parent else {
            let cell = quoted(cell);
            return Err(format!(
                "No row above this one is the variable product {cell}: add it, or move it above its variations"
            ));
        };
        parent.has_variations = true;
        self.cell_bytes -= std::mem::take(&mut parent.cells).len();
        let row = parent.row;
        let family = parent.family.clone();
        family.ok_or_else(|| format!("The row of its variable product is wrong: correct row {row}"))
    }

    /// The slug of a group that no other variable product of the file has.
    pub(super) fn free_group(&mut self, name: &str, suffix: Option<&str>) -> Option<Slug> {
        free(&mut self.groups, name, suffix)
    }

    /// The slug of a variation that no other variation of the file has.
    pub(super) fn free_slug(&mut self, name: &str, suffix: Option<&str>) -> Option<Slug> {
        free(&mut self.slugs, name, suffix)
    }

    /// The rows of valid variable products without a variation. To be called once, after the last row.
    pub(super) fn without_variations(&mut self) -> Vec<Childless> {
        let parents = self.parents.iter_mut();
        let childless = parents.filter(|parent| parent.family.is_some() && !parent.has_variations);
        let childless = childless.map(|parent| Childless {
            row: parent.row,
            cells: std::mem::take(&mut parent.cells),
        });
        childless.collect()
    }
}

/// The key of a reference. An `id:` is followed by digits, everything else is a SKU.
pub(super) fn reference(cell: &str) -> String {
    let folded = cell.trim().to_lowercase();
    let id = folded.strip_prefix("id:").map(str::trim);
    let is_id = id.is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()));
    match id.filter(|_| is_id) {
        Some(id) => format!("id:{id}"),
        None => format!("sku:{folded}"),
    }
}

/// A new slug for a name. A taken one gets a suffix; `None` if it is taken too.
fn free(taken: &mut Seen, name: &str, suffix: Option<&str>) -> Option<Slug> {
    let slug = Slug::from_name(name).filter(|slug| taken.insert(slug));
    slug.or_else(|| {
        let slug = Slug::from_name(&format!("{name} {}", suffix?))?;
        taken.insert(&slug).then_some(slug)
    })
}

#[cfg(test)]
mod tests;
