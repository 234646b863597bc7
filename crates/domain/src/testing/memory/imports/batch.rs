use super::super::InMemoryShop;
use super::super::bulk::Snapshot;
use crate::StoreError;
use crate::imports::{Batch, BatchOutcome, Claim, Commit, MAX_DIFFERENCES};
use crate::products::ProductRepository;

impl InMemoryShop {
    /// Makes a batch. Other writes at the same time are undone with those of a dry run.
    pub(super) async fn commit_batch(
        &self,
        claim: &Claim,
        batch: Batch,
    ) -> Result<Commit, StoreError> {
        let is_next = {
            let mut state = self.state();
            let held = state.claimed(claim);
            held.is_some_and(|stored| stored.import.counts.done == batch.after)
        };
        if !is_next {
            return Ok(Commit::Lost);
        }
        let before = Snapshot::of(&self.state());
        let outcome = self.make_rows(batch).await?;
        let mut state = self.state();
        if claim.import.is_dry_run {
            before.restore(&mut state);
        }
        let Some(stored) = state.claimed(claim) else {
            return Ok(Commit::Lost);
        };
        stored.attempts = 0;
        stored.import.counts.add(&outcome.counts());
        stored.refused.extend_from_slice(outcome.refused());
        if claim.import.is_dry_run {
            let differences = outcome.differences().iter();
            let differences = differences.map(|(_, difference)| difference.clone());
            stored.differences.extend(differences);
            stored.differences.truncate(MAX_DIFFERENCES);
        }
        Ok(Commit::Made(outcome.counts()))
    }

    async fn make_rows(&self, batch: Batch) -> Result<BatchOutcome, StoreError> {
        let mut outcome = BatchOutcome::of(&batch);
        for row in batch.rows {
            let Some((row, operation)) = outcome.take(row) else {
                continue;
            };
            let result = self.write(operation).await;
            if row.is_outdated(&result) {
                break;
            }
            if let Some(codes) = row.contested_codes(&result) {
                let found = self.find_by_codes(std::slice::from_ref(codes)).await?;
                if found.iter().any(Option::is_some) {
                    break;
                }
            }
            outcome.record(row, result)?;
        }
        Ok(outcome)
    }
}
