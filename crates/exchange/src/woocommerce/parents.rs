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
mod tests {
    use super::*;

    #[test]
    fn references_are_ids_or_skus() {
        for (cell, expected) in [
            ("id:44", "id:44"),
            (" ID: 44 ", "id:44"),
            ("EGG-1", "sku:egg-1"),
            ("44", "sku:44"),
            ("id:", "sku:id:"),
            ("id:4a", "sku:id:4a"),
        ] {
            assert_eq!(reference(cell), expected, "{cell}");
        }
    }

    #[test]
    fn taken_slugs_get_a_suffix() {
        let mut slugs = Seen::default();
        let mut slug = |name: &str, suffix| free(&mut slugs, name, suffix).map(String::from);
        assert_eq!(slug("Bar", Some("a")).as_deref(), Some("bar"));
        assert_eq!(slug("Bar", Some("B 1")).as_deref(), Some("bar-b-1"));
        assert_eq!(slug("bar", Some("b-1")), None);
        assert_eq!(slug("bar", None), None);
        assert_eq!(slug("★", None), None);
    }

    fn family(size: usize) -> Family {
        Family {
            group: "bar".parse().unwrap(),
            title: "Bar".to_owned(),
            content: Content {
                description: Some("a".repeat(size)),
                ..Content::default()
            },
            extra: ExtraCells::default(),
        }
    }

    /// The rows of variable products without a variation, and how many cells are kept of each.
    fn childless(parents: &mut Parents) -> Vec<(u64, usize)> {
        let childless = parents.without_variations().into_iter();
        childless
            .map(|parent| (parent.row, parent.cells().len()))
            .collect()
    }

    #[test]
    fn the_number_of_parents_has_a_limit() {
        let mut parents = Parents::default();
        for row in 0..MAX_PARENTS as u64 {
            assert_eq!(parents.add(row, &[], vec![], None), Ok(()));
        }
        assert!(parents.add(0, &[], vec![], None).is_err());

        let mut parents = Parents::default();
        let half = MAX_BYTES / 2 - 1_000;
        assert!(parents.add(0, &[], vec![], Some(family(half))).is_ok());
        assert!(parents.add(1, &[], vec![], Some(family(half))).is_ok());
        assert!(parents.add(2, &[], vec![], Some(family(half))).is_err());
    }

    #[test]
    fn cells_are_kept_while_there_is_memory() {
        let cells = ["a".repeat(MAX_BYTES / 3), String::new()];
        let mut parents = Parents::default();
        let add = |parents: &mut Parents, row: u64, size| {
            let references = vec![format!("sku:{row}")];
            parents.add(row, &cells, references, Some(family(size)))
        };
        // The third one's don't fit.
        for row in 0..3 {
            assert_eq!(add(&mut parents, row, 0), Ok(()));
        }
        // A variation makes room for the next one's.
        assert!(parents.family("0").is_ok());
        assert_eq!(add(&mut parents, 3, 0), Ok(()));
        assert_eq!(parents.cell_bytes, 2 * (MAX_BYTES / 3 + 1));
        assert_eq!(childless(&mut parents), [(1, 2), (2, 0), (3, 2)]);

        // What variations need goes before all cells.
        let mut parents = Parents::default();
        for (row, size) in [(0, 0), (1, MAX_BYTES * 3 / 4), (2, MAX_BYTES / 5), (3, 0)] {
            assert_eq!(add(&mut parents, row, size), Ok(()), "{row}");
        }
        assert_eq!(parents.cell_bytes, 0);
        assert!(parents.family("0").is_ok());
        assert_eq!(childless(&mut parents), [(1, 0), (2, 0), (3, 0)]);
        assert!(add(&mut parents, 4, MAX_BYTES / 10).is_err());
    }
}
