use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use eggypro_domain::StoreError;
use eggypro_domain::changes::{Change, Origin};

use super::change::{committed, log_change, parse_announcement};
use super::{Database, Transaction};
use crate::error::Failure;
use crate::idempotency::PostgresUnit;

impl Database {
    /// Runs a job that changes the shop in a transaction. The log of changes records the current [`Origin`]. PostgreSQL
    /// notifies the other servers at the commit. This server's follower is notified before the caller gets its result.
    pub(crate) async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let deadline = Instant::now() + self.deadline;
        self.write_until(deadline, work).await
    }

    /// Like [`Self::write`], with more time for work that grows with the shop.
    pub(crate) async fn write_large<T, E>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let patient = move |connection: &mut PgConnection| {
            let limit = Self::LARGE_JOB.as_millis();
            connection.batch_execute(&format!("SET LOCAL statement_timeout = {limit}"))?;
            work(connection)
        };
        let deadline = Instant::now() + Self::LARGE_JOB;
        self.write_until(deadline, patient).await
    }

    async fn write_until<T, E>(
        &self,
        deadline: Instant,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if let Some(unit) = PostgresUnit::current() {
            return unit.transaction.run(self, deadline, work).await;
        }
        let origin = Origin::current();
        let job = move |connection: &mut PgConnection| {
            let (value, change) = committed(connection, &origin, work)?;
            log_change(&origin, change.as_ref());
            Ok((value, change))
        };
        let written = self.run_until(deadline, job).await?;
        self.notified(written).await
    }

    /// Like [`Self::write`], for a single statement that signs, announces and commits by itself, which saves the round
    /// trips of a transaction. The work returns the announcement too. Must not be called in a unit of work.
    pub(crate) async fn write_in_one_statement<T, E>(
        &self,
        work: impl FnOnce(&mut PgConnection, &Origin) -> Result<(T, Option<String>), Failure<E>>
        + Send
        + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let origin = Origin::current();
        let job = move |connection: &mut PgConnection| {
            let (value, announcement) = work(connection, &origin)?;
            let change = parse_announcement(announcement)?;
            log_change(&origin, change.as_ref());
            Ok((value, change))
        };
        let written = self.run(job).await?;
        self.notified(written).await
    }

    /// Notifies this server's follower of a committed change. Returns the result of the write.
    async fn notified<T, E>(&self, (value, change): (T, Option<Change>)) -> Result<T, E> {
        if let Some(change) = change {
            self.notify(&change).await;
        }
        Ok(value)
    }

    /// Commits a unit of work with a last job, which returns the announcement of all changes. Without any write so far,
    /// the job has a transaction of its own.
    pub(crate) async fn commit<E>(
        &self,
        transaction: &Transaction,
        last: impl FnOnce(&mut PgConnection) -> Result<Option<String>, Failure<E>> + Send + 'static,
    ) -> Result<(), E>
    where
        E: From<StoreError> + Send + 'static,
    {
        let deadline = Instant::now() + self.deadline;
        let change = transaction.commit(self, deadline, last).await?;
        self.notified(((), change)).await
    }
}
