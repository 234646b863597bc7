mod batch;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use time::OffsetDateTime;

use super::{InMemoryShop, State};
use crate::StoreError;
use crate::changes::Origin;
use crate::imports::{
    Batch, Claim, Commit, Difference, Import, ImportEnd, ImportError, ImportId, ImportPage,
    ImportRepository, ImportStatus, ImportedFile, LeaseId, NewImport, RETENTION, RefusedRow,
    UPLOAD_RETENTION,
};
use crate::products::{PageSize, Total};

/// An import with its file.
#[derive(Debug)]
pub(super) struct StoredImport {
    import: Import,
    origin: Arc<Origin>,
    chunks: BTreeMap<u32, Bytes>,
    lease: Option<(LeaseId, OffsetDateTime)>,
    queued_at: OffsetDateTime,
    attempts: u32,
    refused: Vec<RefusedRow>,
    differences: Vec<Difference>,
}

impl StoredImport {
    fn end(&mut self, status: ImportStatus, now: OffsetDateTime) {
        self.import.status = status;
        self.import.finished_at = Some(now);
        self.lease = None;
    }

    /// Whether it ended, or began to be received, too long ago.
    fn is_old(&self, now: OffsetDateTime) -> bool {
        match self.import.finished_at {
            Some(finished_at) => finished_at <= now - RETENTION,
            None => {
                let is_receiving = self.import.status == ImportStatus::Receiving;
                is_receiving && self.import.created_at <= now - UPLOAD_RETENTION
            }
        }
    }
}

/// Where an import stands in the list of all imports.
fn position(import: &Import) -> (OffsetDateTime, ImportId) {
    (import.created_at, import.id)
}

impl State {
    fn import(&mut self, id: ImportId) -> Option<&mut StoredImport> {
        self.imports.iter_mut().find(|of| of.import.id == id)
    }

    /// The import of a claim, if it is still the claimant's.
    fn claimed(&mut self, claim: &Claim) -> Option<&mut StoredImport> {
        let stored = self.import(claim.import.id)?;
        let is_held = stored.lease.is_some_and(|(lease, _)| lease == claim.lease);
        (is_held && stored.import.status == ImportStatus::Running).then_some(stored)
    }
}

#[async_trait]
impl ImportRepository for InMemoryShop {
    async fn create(&self, import: NewImport) -> Result<Import, StoreError> {
        let mut state = self.state();
        let (_, now) = state.tick();
        let import = Import::new(ImportId::random(), import, now);
        let current = Origin::current();
        let origin = import
            .id
            .origin(current.actor.clone(), current.request_id.clone());
        state.imports.push(StoredImport {
            import: import.clone(),
            origin: Arc::new(origin),
            chunks: BTreeMap::new(),
            lease: None,
            queued_at: now,
            attempts: 0,
            refused: vec![],
            differences: vec![],
        });
        Ok(import)
    }

    async fn append(&self, id: ImportId, number: u32, bytes: Bytes) -> Result<bool, StoreError> {
        let mut state = self.state();
        let stored = state.import(id);
        let stored = stored.filter(|of| of.import.status == ImportStatus::Receiving);
        Ok(stored
            .map(|stored| stored.chunks.insert(number, bytes))
            .is_some())
    }

    async fn complete(&self, id: ImportId, chunks: u32) -> Result<Option<Import>, StoreError> {
        let mut state = self.state();
        let (_, now) = state.tick();
        let Some(stored) = state.import(id) else {
            return Ok(None);
        };
        if stored.import.status == ImportStatus::Receiving {
            if !(0..chunks).eq(stored.chunks.keys().copied()) {
                return Err(StoreError::Unavailable("chunks of a file were lost".into()));
            }
            stored.import.status = ImportStatus::Running;
            stored.queued_at = now;
        }
        Ok(Some(stored.import.clone()))
    }

    async fn unfinished(&self) -> Result<u64, StoreError> {
        let state = self.state();
        let imports = state.imports.iter();
        let unfinished = imports.filter(|stored| !stored.import.status.has_ended());
        Ok(unfinished.count() as u64)
    }

    async fn find(&self, id: ImportId) -> Result<Option<Import>, StoreError> {
        let mut state = self.state();
        Ok(state.import(id).map(|stored| stored.import.clone()))
    }

    async fn list(
        &self,
        before: Option<(OffsetDateTime, ImportId)>,
        limit: PageSize,
    ) -> Result<ImportPage, StoreError> {
        let state = self.state();
        let all = state.imports.iter().map(|stored| &stored.import);
        let older = all.filter(|import| before.is_none_or(|before| position(import) < before));
        let mut older: Vec<&Import> = older.collect();
        older.sort_by_key(|import| Reverse(position(import)));
        let limit = limit.get() as usize;
        Ok(ImportPage {
            items: older.iter().copied().take(limit).cloned().collect(),
            total: Total::from_bounded_count(state.imports.len().try_into().unwrap_or(u32::MAX)),
            has_more: older.len() > limit,
        })
    }

    async fn cancel(&self, id: ImportId) -> Result<Option<Import>, StoreError> {
        let mut state = self.state();
        let (_, now) = state.tick();
        Ok(state.import(id).map(|stored| {
            if !stored.import.status.has_ended() {
                stored.end(ImportStatus::Cancelled, now);
            }
            stored.import.clone()
        }))
    }

    async fn errors(&self, id: ImportId, limit: u32) -> Result<Vec<ImportError>, StoreError> {
        let mut state = self.state();
        let rows = state
            .import(id)
            .into_iter()
            .flat_map(|of| of.refused.iter());
        let errors = rows.flat_map(|row| row.errors.iter().cloned());
        Ok(errors.take(limit as usize).collect())
    }

    async fn refused_rows(
        &self,
        id: ImportId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RefusedRow>, StoreError> {
        let mut state = self.state();
        let rows = state
            .import(id)
            .into_iter()
            .flat_map(|of| of.refused.iter());
        let rows = rows.filter(|row| row.position > after).cloned();
        Ok(rows.take(limit as usize).collect())
    }

    async fn differences(&self, id: ImportId) -> Result<Vec<Difference>, StoreError> {
        let mut state = self.state();
        let stored = state.import(id);
        Ok(stored.map_or_else(Vec::new, |stored| stored.differences.clone()))
    }

    async fn claim(
        &self,
        only: Option<ImportId>,
        lease: Duration,
    ) -> Result<Option<Claim>, StoreError> {
        let mut state = self.state();
        let now = state.now();
        let running = |of: &&mut StoredImport| of.import.status == ImportStatus::Running;
        let mut imports: Vec<_> = state.imports.iter_mut().filter(running).collect();
        imports.sort_by_key(|stored| stored.queued_at);
        let first = imports.iter().find(|of| !of.import.is_dry_run);
        let first = first.map(|of| of.import.id);
        let mut imports = imports.into_iter();
        let free = imports.find(|of| {
            only.is_none_or(|id| id == of.import.id)
                && of.lease.is_none_or(|(_, until)| until <= now)
                && (of.import.is_dry_run || Some(of.import.id) == first)
        });
        Ok(free.map(|stored| {
            let id = LeaseId::random();
            stored.lease = Some((id, now + lease));
            stored.attempts += 1;
            let chunks = u32::try_from(stored.chunks.len()).unwrap_or(u32::MAX);
            let origin = Arc::clone(&stored.origin);
            let mut claim = Claim::new(stored.import.clone(), chunks, id, origin);
            claim.attempts = stored.attempts;
            claim
        }))
    }

    async fn renew(&self, claim: &Claim, lease: Duration) -> Result<bool, StoreError> {
        let mut state = self.state();
        let until = state.now() + lease;
        let held = state.claimed(claim);
        Ok(held
            .map(|stored| {
                stored.lease = Some((claim.lease, until));
                if lease.is_zero() {
                    stored.attempts = 0;
                }
            })
            .is_some())
    }

    async fn chunk(&self, id: ImportId, number: u32) -> Result<Option<Bytes>, StoreError> {
        let mut state = self.state();
        let stored = state.import(id).filter(|of| !of.import.status.has_ended());
        Ok(stored.and_then(|stored| stored.chunks.get(&number).cloned()))
    }

    async fn opened(&self, claim: &Claim, file: ImportedFile) -> Result<bool, StoreError> {
        let mut state = self.state();
        let held = state.claimed(claim);
        Ok(held
            .map(|stored| {
                stored.import.format = file.format;
                stored.import.header = file.header;
                stored.import.counts.rows = file.rows.or(stored.import.counts.rows);
            })
            .is_some())
    }

    async fn commit(&self, claim: &Claim, batch: Batch) -> Result<Commit, StoreError> {
        let work = self.commit_batch(claim, batch);
        Arc::clone(&claim.origin).scope(work).await
    }

    async fn finish(&self, claim: &Claim, end: ImportEnd) -> Result<bool, StoreError> {
        let mut state = self.state();
        let (_, now) = state.tick();
        let Some(stored) = state.claimed(claim) else {
            return Ok(false);
        };
        match end {
            ImportEnd::Done => {
                stored.import.counts.rows = Some(stored.import.counts.done);
                stored.end(ImportStatus::Done, now);
            }
            ImportEnd::Failed(reason) => {
                stored.import.failure = Some(reason);
                stored.end(ImportStatus::Failed, now);
            }
        }
        Ok(true)
    }

    async fn delete_files(&self, limit: u32) -> Result<u64, StoreError> {
        let mut state = self.state();
        let ended = state.imports.iter_mut();
        let ended = ended.filter(|stored| stored.import.status.has_ended());
        let mut deleted = 0;
        for stored in ended {
            while deleted < u64::from(limit) && stored.chunks.pop_first().is_some() {
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    async fn delete_old(&self, limit: u32) -> Result<u64, StoreError> {
        let mut state = self.state();
        let now = state.now();
        let mut left = limit;
        state.imports.retain(|stored| {
            let is_kept = left == 0 || !stored.is_old(now);
            left -= u32::from(!is_kept);
            is_kept
        });
        Ok((limit - left).into())
    }
}
