use super::refusal;
use super::{Batch, BatchRow, Difference, ImportCounts, ImportError, RefusedRow, RowAction};
use crate::products::{
    Expected, OperationError, ProductCodes, ProductError, ProductOperation, Written,
};
use crate::stock::StockError;
use crate::{Slug, StoreError};

/// What became of the rows of a [`Batch`]. Every store makes the rows like this:
///
/// 1. [`take`](Self::take) each row, which counts those that need no operation.
/// 2. Make the operation. A failed one must have no effect.
/// 3. Stop before the row if it [`is_outdated`](PendingRow::is_outdated), or if its
///    [`contested_codes`](PendingRow::contested_codes) find a product now.
/// 4. Else [`record`](Self::record) the result.
#[derive(Debug, Default)]
pub struct BatchOutcome {
    after: u64,
    counts: ImportCounts,
    refused: Vec<RefusedRow>,
    differences: Vec<(u64, Difference)>,
}

/// A row whose operation is being made.
#[derive(Debug)]
pub struct PendingRow {
    number: u64,
    cells: Vec<String>,
    difference: Option<Difference>,
    slug: Slug,
    codes: ProductCodes,
    /// `None` for a new product.
    expected: Option<Expected>,
}

/// What an operation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChange {
    /// It created a product.
    Created,
    /// It changed a product.
    Updated,
    /// It left a product as it was.
    Unchanged,
}

impl BatchOutcome {
    /// No row of this batch yet.
    pub fn of(batch: &Batch) -> Self {
        Self {
            after: batch.after,
            ..Self::default()
        }
    }

    /// The counts of these rows only. The number of all rows is `None`.
    pub fn counts(&self) -> ImportCounts {
        self.counts
    }

    /// The refused rows, in order.
    pub fn refused(&self) -> &[RefusedRow] {
        &self.refused
    }

    /// The differences with the positions of their rows, in order.
    pub fn differences(&self) -> &[(u64, Difference)] {
        &self.differences
    }

    /// The operation of a row. A row without one is counted, and `None`.
    pub fn take(&mut self, row: BatchRow) -> Option<(PendingRow, ProductOperation)> {
        let BatchRow {
            number,
            cells,
            action,
            difference,
        } = row;
        match action {
            RowAction::Write(operation) => Some((
                PendingRow::of(number, cells, difference, &operation),
                operation,
            )),
            RowAction::Keep => {
                self.count(RowChange::Unchanged);
                None
            }
            RowAction::Refuse(errors) => {
                self.refuse(number, cells, errors);
                None
            }
        }
    }

    /// Counts a row with the result of its operation.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    pub fn record(
        &mut self,
        row: PendingRow,
        result: Result<Written, OperationError>,
    ) -> Result<(), StoreError> {
        match result {
            Ok(written) => {
                let change = row.change(&written);
                self.written(row, change);
            }
            Err(error) => {
                let errors = refusal::errors(row.number, &row.slug, &row.codes, error)?;
                self.refuse(row.number, row.cells, errors);
            }
        }
        Ok(())
    }

    /// Counts a row whose operation was made.
    pub fn written(&mut self, row: PendingRow, change: RowChange) {
        self.count(change);
        if change != RowChange::Unchanged {
            let position = self.position();
            let difference = row.difference.map(|difference| (position, difference));
            self.differences.extend(difference);
        }
    }

    fn count(&mut self, change: RowChange) {
        self.counts.done += 1;
        match change {
            RowChange::Created => self.counts.created += 1,
            RowChange::Updated => self.counts.updated += 1,
            RowChange::Unchanged => self.counts.unchanged += 1,
        }
    }

    fn refuse(&mut self, number: u64, cells: Vec<String>, errors: Vec<ImportError>) {
        self.counts.done += 1;
        self.counts.failed += 1;
        let row = RefusedRow::new(self.position(), number, cells, errors);
        self.refused.push(row);
    }

    /// The position of the last counted row in the file.
    fn position(&self) -> u64 {
        self.after + self.counts.done
    }
}

impl PendingRow {
    fn of(
        number: u64,
        cells: Vec<String>,
        difference: Option<Difference>,
        operation: &ProductOperation,
    ) -> Self {
        let (slug, codes, expected) = match operation {
            ProductOperation::Create(slug, product) => (slug, ProductCodes::from(&**product), None),
            ProductOperation::Update(slug, changes, expected) => {
                let codes = ProductCodes {
                    sku: changes.sku.clone().flatten(),
                    gtin: changes.gtin.clone().flatten(),
                    slug: changes.slug.clone(),
                };
                (slug, codes, Some(expected.clone()))
            }
            ProductOperation::Remove(slug, expected) => {
                (slug, ProductCodes::default(), Some(expected.clone()))
            }
            ProductOperation::Move(slug, _) => (slug, ProductCodes::default(), Some(Expected::Any)),
        };
        Self {
            number,
            cells,
            difference,
            slug: slug.clone(),
            codes,
            expected,
        }
    }

    /// Whether the product is not the one that the row was compared with: it has changed, has another slug or is gone.
    pub fn is_outdated(&self, result: &Result<Written, OperationError>) -> bool {
        use OperationError::{Product, Stock};
        matches!(
            result,
            Err(Product(ProductError::Changed(_) | ProductError::NotFound)
                | Stock(StockError::NotFound(_)))
        )
    }

    /// The codes of a new product that was refused because another product has its slug, SKU or GTIN. If they find a
    /// product, it was created after the row was compared, so the row is outdated too. Without codes, and if they find
    /// none, the row is wrong.
    pub fn contested_codes(
        &self,
        result: &Result<Written, OperationError>,
    ) -> Option<&ProductCodes> {
        use ProductError::{GtinTaken, SkuTaken, SlugTaken};
        let is_taken = matches!(
            result,
            Err(OperationError::Product(SlugTaken(_) | SkuTaken | GtinTaken))
        );
        let is_contested = is_taken && self.expected.is_none() && !self.codes.is_empty();
        is_contested.then_some(&self.codes)
    }

    /// What the operation did. Without an expected revision, a write counts as a change.
    fn change(&self, written: &Written) -> RowChange {
        match (&self.expected, written) {
            (None, _) => RowChange::Created,
            (Some(Expected::OneOf(before)), Written::Product(product))
                if before.contains(&product.revision()) =>
            {
                RowChange::Unchanged
            }
            (Some(_), _) => RowChange::Updated,
        }
    }
}
