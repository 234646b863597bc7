//! Rows of files, in batches.

use std::collections::HashSet;

use eggypro_domain::Slug;
use eggypro_domain::products::{Gtin, ProductCodes, Sku};
use eggypro_exchange::{ReadError, Record, Row, Rows};
use tokio::sync::mpsc::Sender;

/// Maximum number of rows of a batch.
pub(crate) const MAX_ROWS: usize = 200;

/// Maximum size of the cells of a batch, in bytes. One row may be larger.
const MAX_CELLS: usize = 2 * 1024 * 1024;

/// Maximum length of the tags that a batch announces. Up to 7500 bytes, caches and the index learn which products have
/// changed; beyond, they only learn that anything may have.
const MAX_TAGS: usize = 7_000;

/// The length of the two tags of a product beside its slug.
const TAGS: usize = "product: reviews: ".len();

/// A guess of the length of a slug that the file does not have.
const SLUG: usize = 40;

/// A row with the codes that its product is found by.
#[derive(Debug)]
pub(crate) struct CodedRow {
    pub(crate) row: Row,
    pub(crate) codes: ProductCodes,
}

impl From<Row> for CodedRow {
    fn from(row: Row) -> Self {
        let codes = row.product.as_ref().map(codes_of);
        Self {
            codes: codes.unwrap_or_default(),
            row,
        }
    }
}

/// The codes of a record. One that has none is found by the slug that its name would get.
fn codes_of(record: &Record) -> ProductCodes {
    let mut codes = ProductCodes {
        sku: record.sku().cloned(),
        gtin: record.gtin().cloned(),
        slug: record.slug().cloned(),
    };
    if codes.is_empty() {
        codes.slug = record.changes.name.as_deref().and_then(Slug::from_name);
    }
    codes
}

/// Sends all rows but the first `done`, in batches, until the receiver is gone.
///
/// # Errors
/// If the file can't be read on. The rows before were sent.
pub(crate) fn send(
    rows: Rows,
    done: u64,
    batches: &Sender<Vec<CodedRow>>,
) -> Result<(), ReadError> {
    let skipped = usize::try_from(done).unwrap_or(usize::MAX);
    let mut batch = Filling::default();
    for row in rows.skip(skipped) {
        let row = match row {
            Ok(row) => CodedRow::from(row),
            Err(error) => {
                let _ = batches.blocking_send(batch.rows);
                return Err(error);
            }
        };
        if !batch.has_room_for(&row) {
            let full = std::mem::take(&mut batch);
            if batches.blocking_send(full.rows).is_err() {
                return Ok(());
            }
        }
        batch.add(row);
    }
    if !batch.rows.is_empty() {
        let _ = batches.blocking_send(batch.rows);
    }
    Ok(())
}

/// A batch that is being filled.
#[derive(Default)]
struct Filling {
    rows: Vec<CodedRow>,
    cells: usize,
    tags: usize,
    codes: HashSet<String>,
}

impl Filling {
    fn has_room_for(&self, row: &CodedRow) -> bool {
        let is_repeated = keys(&row.codes).any(|key| self.codes.contains(&key));
        self.rows.is_empty()
            || !is_repeated
                && self.rows.len() < MAX_ROWS
                && self.cells + size(row) <= MAX_CELLS
                && self.tags + tags(row) <= MAX_TAGS
    }

    fn add(&mut self, row: CodedRow) {
        self.cells += size(&row);
        self.tags += tags(&row);
        self.codes.extend(keys(&row.codes));
        self.rows.push(row);
    }
}

/// The codes as texts, different for each kind.
fn keys(codes: &ProductCodes) -> impl Iterator<Item = String> {
    let sku = codes.sku.as_ref().map(Sku::folded);
    let sku = sku.map(|sku| format!("sku {sku}"));
    let gtin = codes.gtin.as_ref().map(Gtin::padded);
    let gtin = gtin.map(|gtin| format!("gtin {gtin}"));
    let slug = codes.slug.as_ref().map(|slug| format!("slug {slug}"));
    [sku, gtin, slug].into_iter().flatten()
}

fn size(row: &CodedRow) -> usize {
    row.row.cells.iter().map(String::len).sum()
}

fn tags(row: &CodedRow) -> usize {
    let slug = row.codes.slug.as_ref();
    TAGS + 2 * slug.map_or(SLUG, |slug| slug.as_str().len())
}
