mod batch;
mod claim;
mod list;
mod results;
mod row;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Double};
use eggypro_domain::changes::Origin;
use eggypro_domain::imports::{
    Batch, Claim, Commit, Difference, Import, ImportEnd, ImportError, ImportId, ImportPage,
    ImportRepository, ImportStatus, ImportedFile, NewImport, RETENTION, RefusedRow,
    UPLOAD_RETENTION,
};
use eggypro_domain::products::PageSize;
use eggypro_domain::{Bytes, StoreError};
use time::OffsetDateTime;

use self::batch::CommitFailure;
use crate::database::Database;
use crate::error::Failure;

/// Imports in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresImports {
    database: Database,
}

impl PostgresImports {
    /// The imports of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

type Result<T> = std::result::Result<T, StoreError>;

/// Only [`commit`](ImportRepository::commit) changes what the log of changes shows. All statements but those of
/// [`complete`](ImportRepository::complete) run outside of any unit of work.
#[async_trait]
impl ImportRepository for PostgresImports {
    async fn create(&self, import: NewImport) -> Result<Import> {
        let origin = Origin::current();
        self.database
            .run(move |connection| Ok(upload::create(connection, &import, &origin)?))
            .await
    }

    async fn append(&self, id: ImportId, number: u32, bytes: Bytes) -> Result<bool> {
        self.database
            .run(move |connection| Ok(upload::append(connection, id, number, &bytes)?))
            .await
    }

    async fn complete(&self, id: ImportId, chunks: u32) -> Result<Option<Import>> {
        // Within a unit of work, so that the import runs exactly if the answer is recorded.
        let import = self.database.write(move |connection| {
            upload::complete(connection, id, chunks)?;
            Ok::<_, Failure<StoreError>>(row::find(connection, id)?)
        });
        let import = import.await?;
        match import {
            Some(Import {
                status: ImportStatus::Receiving,
                ..
            }) => Err(StoreError::Unavailable("chunks of a file were lost".into())),
            import => Ok(import),
        }
    }

    async fn unfinished(&self) -> Result<u64> {
        self.database
            .run(move |connection| Ok(upload::unfinished(connection)?))
            .await
    }

    async fn find(&self, id: ImportId) -> Result<Option<Import>> {
        self.database
            .run(move |connection| Ok(row::find(connection, id)?))
            .await
    }

    async fn list(
        &self,
        before: Option<(OffsetDateTime, ImportId)>,
        limit: PageSize,
    ) -> Result<ImportPage> {
        self.database
            .run(move |connection| Ok(list::page(connection, before, limit)?))
            .await
    }

    async fn cancel(&self, id: ImportId) -> Result<Option<Import>> {
        self.database
            .run(move |connection| {
                claim::cancel(connection, id)?;
                Ok(row::find(connection, id)?)
            })
            .await
    }

    async fn errors(&self, id: ImportId, limit: u32) -> Result<Vec<ImportError>> {
        self.database
            .run(move |connection| Ok(results::errors(connection, id, limit)?))
            .await
    }

    async fn refused_rows(&self, id: ImportId, after: u64, limit: u32) -> Result<Vec<RefusedRow>> {
        self.database
            .run(move |connection| Ok(results::refused_rows(connection, id, after, limit)?))
            .await
    }

    async fn differences(&self, id: ImportId) -> Result<Vec<Difference>> {
        self.database
            .run(move |connection| Ok(results::differences(connection, id)?))
            .await
    }

    async fn claim(&self, only: Option<ImportId>, lease: Duration) -> Result<Option<Claim>> {
        self.database
            .run(move |connection| Ok(claim::claim(connection, only, lease)?))
            .await
    }

    async fn renew(&self, claim: &Claim, lease: Duration) -> Result<bool> {
        let claim = claim.clone();
        self.database
            .run(move |connection| Ok(claim::renew(connection, &claim, lease)?))
            .await
    }

    async fn chunk(&self, id: ImportId, number: u32) -> Result<Option<Bytes>> {
        self.database
            .run(move |connection| Ok(upload::chunk(connection, id, number)?))
            .await
    }

    async fn opened(&self, claim: &Claim, file: ImportedFile) -> Result<bool> {
        let claim = claim.clone();
        self.database
            .run(move |connection| Ok(claim::opened(connection, &claim, &file)?))
            .await
    }

    async fn commit(&self, claim: &Claim, batch: Batch) -> Result<Commit> {
        let held = claim.clone();
        let commit = move |connection: &mut PgConnection| batch::commit(connection, &held, batch);
        let write = self.database.write_large(commit);
        match Arc::clone(&claim.origin).scope(write).await {
            Ok(outcome) => Ok(Commit::Made(outcome.counts())),
            Err(CommitFailure::Lost) => Ok(Commit::Lost),
            Err(CommitFailure::Store(error)) => Err(error),
        }
    }

    async fn finish(&self, claim: &Claim, end: ImportEnd) -> Result<bool> {
        let claim = claim.clone();
        self.database
            .run(move |connection| Ok(claim::finish(connection, &claim, &end)?))
            .await
    }

    async fn delete_files(&self, limit: u32) -> Result<u64> {
        self.database
            .run(move |connection| Ok(upload::delete_files(connection, limit)?))
            .await
    }

    async fn delete_old(&self, limit: u32) -> Result<u64> {
        // An import may have a million errors.
        self.database
            .write_large(move |connection| Ok(delete_old(connection, limit)?))
            .await
    }
}

fn delete_old(connection: &mut PgConnection, limit: u32) -> QueryResult<u64> {
    let deleted = sql_query(
        "DELETE FROM imports WHERE id IN (SELECT id FROM imports \
         WHERE finished_at <= now() - make_interval(secs => $1) \
         OR (status = 'receiving' AND created_at <= now() - make_interval(secs => $2)) \
         ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED)",
    )
    .bind::<Double, _>(RETENTION.as_secs_f64())
    .bind::<Double, _>(UPLOAD_RETENTION.as_secs_f64())
    .bind::<BigInt, _>(i64::from(limit))
    .execute(connection)?;
    Ok(deleted as u64)
}
