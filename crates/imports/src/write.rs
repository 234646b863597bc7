//! Writes the rows of an import in batches.

use std::time::{Duration, Instant};

use eggypro_domain::StoreError;
use eggypro_domain::imports::{Batch, BatchRow, Commit, ImportError, MAX_DIFFERENCES, RowAction};
use eggypro_domain::products::ProductCodes;

use crate::batches::{CodedRow, MAX_ROWS};
use crate::compare::Comparison;
use crate::run::{Interruption, Run};

/// How long a commit may take. Until its end, nobody else can write the products of its rows.
const LONGEST_COMMIT: Duration = Duration::from_millis(300);

/// How often a row is compared anew because its product has changed meanwhile. Then it is written whatever the product is
/// like, and if this does not help either, it is refused.
const MAX_COMPARISONS: u32 = 3;

const FAULT: &str = "The row could not be written because of a fault of the server";
const CHANGING: &str = "The product changes all the time. Import the row again";

/// The rows of an import that were written, and how it goes on.
pub(crate) struct Writer<'a> {
    run: &'a Run<'a>,
    done: u64,
    /// The number of rows of the next commit.
    pace: usize,
    /// How often the next row was compared in vain.
    comparisons: u32,
    /// Why the next row is refused.
    refusal: Option<&'static str>,
    /// The number of differences that were told.
    differences: usize,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(run: &'a Run<'a>, done: u64) -> Self {
        Self {
            run,
            done,
            pace: MAX_ROWS,
            comparisons: 0,
            refusal: None,
            differences: 0,
        }
    }

    /// Writes the next rows. A row whose product changes between the comparison and the commit is compared again.
    pub(crate) async fn write(&mut self, mut rows: Vec<CodedRow>) -> Result<(), Interruption> {
        while !rows.is_empty() {
            let next = rows.get(..self.pace).unwrap_or(&rows);
            let compared = self.compare(next).await?;
            let length = compared.len();
            let made = match self.commit(compared).await {
                Ok(made) => made,
                Err(Interruption::Store(StoreError::Unexpected(error))) => {
                    self.narrow_down(length, error.as_ref());
                    continue;
                }
                Err(interruption) => return Err(interruption),
            };
            self.count(made);
            rows.drain(..made.min(rows.len()));
        }
        Ok(())
    }

    async fn compare(&self, rows: &[CodedRow]) -> Result<Vec<BatchRow>, Interruption> {
        let import = &self.run.claim.import;
        let codes: Vec<ProductCodes> = rows.iter().map(|row| row.codes.clone()).collect();
        let products = &self.run.importer.products;
        let found = self
            .run
            .persistently(|| products.find_by_codes(&codes))
            .await?;
        let compared = rows
            .iter()
            .zip(&found)
            .enumerate()
            .map(|(at, (row, found))| {
                let comparison = Comparison {
                    mode: import.mode,
                    tells_differences: import.is_dry_run && self.differences < MAX_DIFFERENCES,
                    is_unconditional: at == 0 && self.comparisons > MAX_COMPARISONS,
                };
                let mut compared = comparison.of(row, found.as_ref());
                if let Some(reason) = self.refusal.filter(|_| at == 0) {
                    let error = ImportError::new(compared.number, "", "", reason);
                    compared.action = RowAction::Refuse(vec![error]);
                }
                compared
            });
        Ok(compared.collect())
    }

    /// Commits rows. Returns how many are done of them.
    async fn commit(&mut self, rows: Vec<BatchRow>) -> Result<usize, Interruption> {
        let length = rows.len();
        let imports = &self.run.importer.imports;
        let claim = self.run.claim;
        let batch = Batch {
            after: self.done,
            rows,
        };
        let started = Instant::now();
        let commit = || imports.commit(claim, batch.clone());
        let made = match self.run.persistently(commit).await? {
            Commit::Made(counts) => counts.done,
            Commit::Lost => self.made_unnoticed().await?,
        };
        if started.elapsed() > LONGEST_COMMIT {
            self.pace = (length / 2).max(1);
        } else if length == self.pace {
            self.pace = (length * 2).min(MAX_ROWS);
        }
        if claim.import.is_dry_run && self.differences < MAX_DIFFERENCES {
            let id = claim.import.id;
            let told = self.run.persistently(|| imports.differences(id)).await?;
            self.differences = told.len();
        }
        Ok(usize::try_from(made).unwrap_or(usize::MAX))
    }

    /// The number of rows that a commit has made whose answer was lost. It is not made again.
    async fn made_unnoticed(&self) -> Result<u64, Interruption> {
        let imports = &self.run.importer.imports;
        let claim = self.run.claim;
        let id = claim.import.id;
        if !self
            .run
            .persistently(|| imports.renew(claim, crate::run::LEASE))
            .await?
        {
            return Err(Interruption::Lost);
        }
        let import = self.run.persistently(|| imports.find(id)).await?;
        let done = import.map_or(0, |import| import.counts.done);
        match done.checked_sub(self.done) {
            Some(made @ 1..) => Ok(made),
            _ => Err(Interruption::Lost),
        }
    }

    /// Counts rows that are done.
    fn count(&mut self, made: usize) {
        self.done += made as u64;
        if made > 0 {
            self.comparisons = 0;
            self.refusal = None;
            return;
        }
        self.comparisons += 1;
        if self.comparisons > 2 * MAX_COMPARISONS {
            self.refusal = Some(CHANGING);
        }
    }

    /// Finds the row that the store fails at, and refuses it.
    fn narrow_down(&mut self, length: usize, error: &(dyn std::error::Error + 'static)) {
        if length == 1 {
            let id = self.run.claim.import.id;
            tracing::error!(%id, row = self.done + 1, error, "a row of an import could not be written");
            self.refusal = Some(FAULT);
        }
        self.pace = (length / 2).max(1);
    }
}
