use std::fmt::Write;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::result::Error::BrokenTransactionManager;
use eggypro_domain::changes::{Change, Origin};

use crate::error::{Failure, corrupt};

/// Runs a job in a transaction that carries its origin. The database itself records and notifies the changes with the
/// commit: either all of it happens or nothing, even if this process ends right after.
pub(super) fn committed<T, E>(
    connection: &mut PgConnection,
    origin: &Origin,
    work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>>,
) -> Result<(T, Option<Change>), Failure<E>> {
    AnsiTransactionManager::begin_transaction_sql(connection, &beginning(origin))?;
    let done = work(connection).and_then(|value| Ok((value, announce(connection)?)));
    match done {
        Ok(done) => {
            AnsiTransactionManager::commit_transaction(connection)?;
            Ok(done)
        }
        Err(failure) => match AnsiTransactionManager::rollback_transaction(connection) {
            Ok(()) | Err(BrokenTransactionManager) => Err(failure),
            Err(error) => Err(error.into()),
        },
    }
}

/// The statements that begin a transaction, which must [announce] its changes at the end, in one round trip.
pub(super) fn beginning(origin: &Origin) -> String {
    let signature = signature(origin);
    format!("BEGIN; SET LOCAL eggypro.announces = 'on'; {signature}")
}

/// Sets the origin of the current transaction.
pub(crate) fn sign(connection: &mut PgConnection, origin: &Origin) -> QueryResult<()> {
    connection.batch_execute(&signature(origin))
}

/// The statements that set the origin of a transaction.
fn signature(origin: &Origin) -> String {
    let actor = &origin.actor;
    let mut statements = String::new();
    for (name, value) in [
        ("actor_kind", Some(actor.kind.as_str())),
        ("actor_id", actor.id.as_deref()),
        ("actor_name", actor.name.as_deref()),
        ("request_id", origin.request_id.as_deref()),
        ("reason", origin.reason.as_deref()),
    ] {
        let Some(value) = value else { continue };
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" ._:-".contains(&byte);
        // Writing to a `String` does not fail.
        let _ = if value.bytes().all(is_plain) {
            write!(statements, "SET LOCAL eggypro.{name} = '{value}'; ")
        } else {
            // In hexadecimal, which rules out SQL injection.
            let digits: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
            write!(
                statements,
                "SELECT set_config('eggypro.{name}', convert_from(decode('{digits}', 'hex'), 'UTF8'), true); "
            )
        };
    }
    statements
}

/// Logs a committed change. Called by the job, since its caller may have left.
pub(super) fn log_change(origin: &Origin, change: Option<&Change>) {
    if let Some(change) = change {
        tracing::info!(actor = %origin.actor, transaction = change.name, "changed");
    }
}

diesel::define_sql_function! {
    fn announce_changes() -> Nullable<Text>;
}

/// Lets PostgreSQL send a notification at the commit, if the transaction has changed anything. Returns the notified
/// change.
fn announce(connection: &mut PgConnection) -> QueryResult<Option<Change>> {
    parse_announcement(diesel::select(announce_changes()).get_result(connection)?)
}

/// The change that the text of a notification names.
pub(super) fn parse_announcement(announcement: Option<String>) -> QueryResult<Option<Change>> {
    let change = announcement.map(|text| text.parse());
    change.transpose().map_err(corrupt)
}
