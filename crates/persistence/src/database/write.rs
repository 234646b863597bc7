use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use eggypro_domain::StoreError;
use eggypro_domain::changes::Origin;

use super::change::{committed, log_change};
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
        let (value, change) = self.run_until(deadline, job).await?;
        if let Some(change) = change {
            self.notify(&change).await;
        }
        Ok(value)
    }

    /// Commits a unit of work with a last job. Without any write so far, the job has a transaction of its own.
    pub(crate) async fn commit<T, E>(
        &self,
        transaction: &Transaction,
        last: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let deadline = Instant::now() + self.deadline;
        let (value, change) = transaction.commit(self, deadline, last).await?;
        if let Some(change) = change {
            self.notify(&change).await;
        }
        Ok(value)
    }
}
