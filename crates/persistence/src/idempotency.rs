use std::any::Any;
use std::collections::HashSet;
use std::iter;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use diesel::dsl::now;
use diesel::pg::data_types::PgInterval;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Binary, Bool, Double, Nullable, SmallInt, Text, Timestamptz,
};
use eggypro_domain::StoreError;
use eggypro_domain::idempotency::{
    CallerKey, CompletionError, DeferredTask, IdempotencyRepository, RETENTION, RecordedAnswer,
    RecordedRequest, UnitOfWork,
};

use crate::database::{Call, Database, Transaction};
use crate::error::Failure;
use crate::schema::idempotency_keys;

/// The answers to requests with an idempotency key, in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresIdempotency {
    database: Database,
    /// The keys of requests that this process is processing.
    in_flight: Arc<Mutex<HashSet<CallerKey>>>,
}

impl PostgresIdempotency {
    /// The records of this database.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            in_flight: Arc::default(),
        }
    }
}

#[derive(Queryable)]
struct Row {
    fingerprint: Vec<u8>,
    status: i16,
    headers: Vec<Option<String>>,
    body: Vec<u8>,
}

impl Row {
    fn read(self) -> Option<RecordedRequest> {
        let mut headers = self.headers.into_iter().flatten();
        let headers = iter::from_fn(|| Some((headers.next()?, headers.next()?)));
        Some(RecordedRequest {
            fingerprint: self.fingerprint.try_into().ok()?,
            answer: RecordedAnswer {
                status: self.status.try_into().ok()?,
                headers: headers.collect(),
                body: self.body,
            },
        })
    }
}

#[async_trait]
impl IdempotencyRepository for PostgresIdempotency {
    async fn find(&self, key: &CallerKey) -> Result<Option<RecordedRequest>, StoreError> {
        let key = *key;
        let find = move |connection: &mut PgConnection| {
            let row: Option<Row> = idempotency_keys::table
                .find(key.0.as_slice())
                .filter(
                    idempotency_keys::created_at.gt(now.into_sql::<Timestamptz>() - retention()),
                )
                .select((
                    idempotency_keys::fingerprint,
                    idempotency_keys::status,
                    idempotency_keys::headers,
                    idempotency_keys::body,
                ))
                .first(connection)
                .optional()?;
            Ok(row.and_then(Row::read))
        };
        self.database.run(find).await
    }

    fn begin(&self, key: CallerKey) -> Option<Arc<dyn UnitOfWork>> {
        let is_new = lock(&self.in_flight).insert(key);
        is_new.then(|| {
            Arc::new(PostgresUnit {
                key,
                transaction: Transaction::new(key),
                database: self.database.clone(),
                deferred: Mutex::default(),
                in_flight: Arc::clone(&self.in_flight),
            }) as Arc<dyn UnitOfWork>
        })
    }

    async fn delete_old(&self, limit: u32) -> Result<u64, StoreError> {
        let delete = move |connection: &mut PgConnection| {
            let deleted = sql_query(
                "DELETE FROM idempotency_keys WHERE digest IN (SELECT digest FROM idempotency_keys \
                 WHERE created_at <= now() - make_interval(secs => $1) ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
            )
            .bind::<Double, _>(RETENTION.as_secs_f64())
            .bind::<BigInt, _>(i64::from(limit))
            .execute(connection)?;
            Ok(deleted as u64)
        };
        self.database.run(delete).await
    }
}

/// The writes of one request.
pub(crate) struct PostgresUnit {
    key: CallerKey,
    pub(crate) transaction: Transaction,
    database: Database,
    deferred: Mutex<Vec<DeferredTask>>,
    in_flight: Arc<Mutex<HashSet<CallerKey>>>,
}

impl PostgresUnit {
    /// The unit of the current work.
    pub(crate) fn current() -> Option<Arc<Self>> {
        let unit: Arc<dyn Any + Send + Sync> = <dyn UnitOfWork>::current()?;
        unit.downcast().ok()
    }
}

#[async_trait]
impl UnitOfWork for PostgresUnit {
    async fn complete(&self, request: RecordedRequest) -> Result<(), CompletionError> {
        let key = self.key;
        let record = move |connection: &mut PgConnection| record(connection, key, request);
        let committed = self.database.commit(&self.transaction, record).await;
        match committed {
            Err(_) if self.transaction.is_in_flight() => Err(CompletionError::InFlight),
            committed => committed,
        }
    }

    async fn abandon(&self) {
        self.transaction.abandon().await;
    }

    fn is_in_flight(&self) -> bool {
        self.transaction.is_in_flight()
    }

    fn defer(&self, task: DeferredTask) {
        lock(&self.deferred).push(task);
    }

    fn take_deferred(&self) -> Vec<DeferredTask> {
        std::mem::take(&mut *lock(&self.deferred))
    }
}

impl Drop for PostgresUnit {
    fn drop(&mut self) {
        lock(&self.in_flight).remove(&self.key);
    }
}

/// How long records count.
fn retention() -> PgInterval {
    PgInterval::from_microseconds(RETENTION.as_micros() as i64)
}

/// A row of the SQL function `record_answer`.
#[derive(QueryableByName)]
struct Recorded {
    #[diesel(sql_type = Bool)]
    is_recorded: bool,
    #[diesel(sql_type = Nullable<Text>)]
    announcement: Option<String>,
}

/// Records a request, unless the key has a record that is not too old. Returns the announcement of the changes.
fn record(
    connection: &mut PgConnection,
    key: CallerKey,
    request: RecordedRequest,
) -> Result<Option<String>, Failure<CompletionError>> {
    let RecordedRequest {
        fingerprint,
        answer,
    } = request;
    let headers = answer.headers.into_iter();
    let headers: Vec<_> = headers.flat_map(|(name, value)| [name, value]).collect();
    let arguments = (
        key.0.to_vec().into_sql::<Binary>(),
        fingerprint.to_vec().into_sql::<Binary>(),
        i16::try_from(answer.status)
            .unwrap_or(i16::MAX)
            .into_sql::<SmallInt>(),
        headers.into_sql::<Array<Text>>(),
        answer.body.into_sql::<Binary>(),
        RETENTION.as_secs_f64().into_sql::<Double>(),
    );
    let recorded: Recorded = Call::new("record_answer", arguments).get_result(connection)?;
    match recorded.is_recorded {
        true => Ok(recorded.announcement),
        false => Err(Failure::Refused(CompletionError::Recorded)),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
