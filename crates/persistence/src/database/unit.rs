//! Units of work: the writes of a request with an idempotency key, in one transaction that is committed together with
//! the answer.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{PgConnection, QueryResult};
use eggypro_domain::StoreError;
use eggypro_domain::changes::{Change, Origin};
use eggypro_domain::idempotency::CallerKey;
use tokio::sync::oneshot;

use super::change::{announce, log_change, signature};
use super::job::{Job, Outcome, Task};
use super::{Database, result, unavailable};
use crate::error::{Failure, Language};

/// The transaction of a unit of work. It begins with the first write, and its database thread waits for the others and
/// for the commit.
pub(crate) struct Transaction {
    key: CallerKey,
    state: Arc<Mutex<State>>,
}

enum State {
    /// No transaction has begun, or it was rolled back.
    Idle,
    /// A database thread waits for the next step.
    Open(Sender<Step>),
    /// Another transaction has claimed the key.
    InFlight,
}

/// What a thread does next in its transaction.
struct Step {
    job: Box<dyn Job>,
    /// Whether the job commits.
    is_last: bool,
}

impl Transaction {
    pub(crate) fn new(key: CallerKey) -> Self {
        Self {
            key,
            state: Arc::new(Mutex::new(State::Idle)),
        }
    }

    /// Whether another transaction has claimed the key.
    pub(crate) fn is_in_flight(&self) -> bool {
        matches!(*lock(&self.state), State::InFlight)
    }

    /// Rolls back.
    pub(crate) fn abandon(&self) {
        let mut state = lock(&self.state);
        // The thread rolls back when the channel closes.
        if let State::Open(_) = *state {
            *state = State::Idle;
        }
    }

    /// Runs a job in the transaction. If it fails, the transaction is rolled back.
    pub(super) async fn run<T, E>(
        &self,
        database: &Database,
        deadline: Instant,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (task, answer) = Task::new(work, deadline);
        let step = Step {
            job: Box::new(task),
            is_last: false,
        };
        self.finish_step(database, deadline, step, answer).await
    }

    /// Runs a last job and commits. Returns its result and the change that the transaction made.
    pub(super) async fn commit<T, E>(
        &self,
        database: &Database,
        deadline: Instant,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<(T, Option<Change>), E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let origin = Origin::current();
        let last = move |connection: &mut PgConnection| {
            let value = work(connection)?;
            let change = announce(connection)?;
            AnsiTransactionManager::commit_transaction(connection)?;
            log_change(&origin, change.as_ref());
            Ok((value, change))
        };
        let (task, answer) = Task::new(last, deadline);
        let step = Step {
            job: Box::new(task),
            is_last: true,
        };
        let committed = self.finish_step(database, deadline, step, answer).await;
        self.abandon();
        committed
    }

    /// Takes a step and waits for its result. After a failure the thread rolls back, and the next step begins another
    /// transaction.
    async fn finish_step<T, E: From<StoreError>>(
        &self,
        database: &Database,
        deadline: Instant,
        step: Step,
        answer: oneshot::Receiver<Result<T, E>>,
    ) -> Result<T, E> {
        let result = match self.take_step(database, deadline, step) {
            Ok(()) => result(answer, deadline).await,
            Err(error) => Err(error.into()),
        };
        if result.is_err() {
            self.abandon();
        }
        result
    }

    /// Passes a step to the thread of the transaction, or begins one.
    fn take_step(
        &self,
        database: &Database,
        deadline: Instant,
        step: Step,
    ) -> Result<(), StoreError> {
        let mut state = lock(&self.state);
        match &*state {
            State::Open(steps) => steps
                .send(step)
                .map_err(|_| unavailable("the transaction has ended")),
            State::InFlight => Err(unavailable("another request with the key runs")),
            State::Idle => {
                let (sender, receiver) = mpsc::channel();
                database.push(Box::new(Opening {
                    first: step,
                    deadline,
                    beginning: self.beginning(),
                    steps: receiver,
                    state: Arc::clone(&self.state),
                }))?;
                *state = State::Open(sender);
                Ok(())
            }
        }
    }

    /// The statements that begin the transaction and claim the key.
    fn beginning(&self) -> String {
        let [lock, ..] = *self.key.0.as_chunks::<8>().0 else {
            return String::new();
        };
        format!(
            "BEGIN; {}SELECT claim_idempotency_key({})",
            signature(&Origin::current()),
            i64::from_be_bytes(lock)
        )
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins a transaction and runs its steps until the last one.
struct Opening {
    first: Step,
    deadline: Instant,
    beginning: String,
    steps: Receiver<Step>,
    state: Arc<Mutex<State>>,
}

impl Opening {
    /// Begins the transaction and claims the key.
    fn begin(&self, connection: &mut PgConnection) -> QueryResult<()> {
        let begun = AnsiTransactionManager::begin_transaction_sql(connection, &self.beginning);
        if let Err(error) = &begun {
            // PostgreSQL has begun a transaction that diesel doesn't know.
            connection.batch_execute("ROLLBACK")?;
            if error.to_string().contains("idempotency key in flight") {
                *lock(&self.state) = State::InFlight;
            }
        }
        begun
    }
}

impl Job for Opening {
    fn deadline(&self) -> Instant {
        self.deadline
    }

    fn is_wanted(&self) -> bool {
        self.first.job.is_wanted()
    }

    fn run(self: Box<Self>, connection: &mut PgConnection, language: Language) -> Outcome {
        let started = Instant::now();
        if let Err(error) = self.begin(connection) {
            let is_in_flight = matches!(*lock(&self.state), State::InFlight);
            let failure = Failure::<StoreError>::Database(error);
            let error = failure.into_domain(language, started.elapsed());
            self.first.job.refuse(error);
            return match is_in_flight {
                true => Outcome::Refused,
                false => Outcome::Broken,
            };
        }
        let Self {
            first,
            deadline,
            steps,
            ..
        } = *self;
        let mut step = first;
        loop {
            let is_last = step.is_last;
            let outcome = step.job.run(connection, language);
            if is_last && outcome == Outcome::Done {
                return outcome;
            }
            let wait = deadline.saturating_duration_since(Instant::now());
            let next = match outcome {
                Outcome::Done => steps.recv_timeout(wait).ok(),
                _ => None,
            };
            let Some(next) = next else {
                let rolled_back = AnsiTransactionManager::rollback_transaction(connection);
                return rolled_back.map_or(Outcome::Broken, |()| outcome);
            };
            step = next;
        }
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        self.first.job.refuse(error);
    }
}
