//! Makes batches of rows.

mod rows;

use diesel::prelude::*;
use diesel::result::Error::RollbackTransaction;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use eggypro_domain::StoreError;
use eggypro_domain::imports::{Batch, BatchOutcome, Claim};

use super::results;
use super::row::stored;
use crate::error::Failure;

/// Why a batch was not made.
#[derive(Debug)]
pub(super) enum CommitFailure {
    /// The import is no longer this server's, or has the rows already.
    Lost,
    Store(StoreError),
}

impl From<StoreError> for CommitFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Makes and counts the rows of a batch in the transaction of the caller.
///
/// The row of the import is locked last, so that cancelling does not wait for the batch. It is then the guard: without
/// the lease, or with other rows done, everything is rolled back.
pub(super) fn commit(
    connection: &mut PgConnection,
    claim: &Claim,
    batch: Batch,
) -> Result<BatchOutcome, Failure<CommitFailure>> {
    let after = batch.after;
    let is_dry_run = claim.import.is_dry_run;
    let outcome = match is_dry_run {
        true => rehearsed(connection, claim, batch),
        false => rows::make(connection, batch, &claim.origin),
    };
    let outcome = outcome.map_err(Failure::of)?;
    if !count(connection, claim, after, &outcome)? {
        return Err(Failure::Refused(CommitFailure::Lost));
    }
    let import = claim.import.id;
    results::add_refused(connection, import, outcome.refused())?;
    if is_dry_run {
        results::add_differences(connection, import, outcome.differences())?;
    }
    Ok(outcome)
}

/// Makes rows up to a savepoint and undoes them.
fn rehearsed(
    connection: &mut PgConnection,
    claim: &Claim,
    batch: Batch,
) -> Result<BatchOutcome, Failure<StoreError>> {
    let mut outcome = None;
    let undone: Result<(), Failure<StoreError>> = connection.transaction(|connection| {
        outcome = Some(rows::make(connection, batch, &claim.origin)?);
        Err(RollbackTransaction.into())
    });
    match (undone, outcome) {
        (Err(Failure::Database(RollbackTransaction)), Some(outcome)) => Ok(outcome),
        (Err(failure), _) => Err(failure),
        (Ok(()), _) => Err(RollbackTransaction.into()),
    }
}

/// Counts the rows of a batch. Returns whether the claim holds and the batch is the next one.
fn count(
    connection: &mut PgConnection,
    claim: &Claim,
    after: u64,
    outcome: &BatchOutcome,
) -> QueryResult<bool> {
    let counts = outcome.counts();
    let counted = sql_query(
        "UPDATE imports SET done = done + $4, created = created + $5, updated = updated + $6, \
         unchanged = unchanged + $7, failed = failed + $8, attempts = 0 \
         WHERE id = $1::uuid AND lease = $2::uuid AND status = 'running' AND done = $3",
    )
    .bind::<Text, _>(claim.import.id.to_string())
    .bind::<Text, _>(claim.lease.to_string())
    .bind::<BigInt, _>(stored(after))
    .bind::<BigInt, _>(stored(counts.done))
    .bind::<BigInt, _>(stored(counts.created))
    .bind::<BigInt, _>(stored(counts.updated))
    .bind::<BigInt, _>(stored(counts.unchanged))
    .bind::<BigInt, _>(stored(counts.failed))
    .execute(connection)?;
    Ok(counted > 0)
}
