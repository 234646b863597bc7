use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Nullable, Text};
use eggypro_domain::changes::{Change, Origin};

use crate::error::{Failure, corrupt};

/// Does work in a transaction that bears the name of its origin. The database itself notes what it changes and tells of it
/// as it commits: either both happen or neither, even if this process ends right after.
pub(super) fn committed<T, E>(
    connection: &mut PgConnection,
    origin: &Origin,
    work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>>,
) -> Result<(T, Option<Change>), Failure<E>> {
    connection.transaction(|connection| {
        sign(connection, origin)?;
        let value = work(connection)?;
        Ok((value, announcement(connection)?))
    })
}

/// Says until the transaction ends where it comes from.
pub(crate) fn sign(connection: &mut PgConnection, origin: &Origin) -> QueryResult<()> {
    let actor = &origin.actor;
    sql_query(
        "SELECT set_config('eggypro.actor_kind', $1, true), set_config('eggypro.actor_id', coalesce($2, ''), true), \
         set_config('eggypro.actor_name', coalesce($3, ''), true), set_config('eggypro.request_id', coalesce($4, ''), true), \
         set_config('eggypro.reason', coalesce($5, ''), true)",
    )
    .bind::<Text, _>(actor.kind.as_str())
    .bind::<Nullable<Text>, _>(&actor.id)
    .bind::<Nullable<Text>, _>(&actor.name)
    .bind::<Nullable<Text>, _>(&origin.request_id)
    .bind::<Nullable<Text>, _>(&origin.reason)
    .execute(connection)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Announced {
    #[diesel(sql_type = Nullable<Text>)]
    announcement: Option<String>,
}

/// What will be told of the running transaction, if it has changed anything.
fn announcement(connection: &mut PgConnection) -> QueryResult<Option<Change>> {
    let announced: Announced =
        sql_query("SELECT announcement_of_changes() AS announcement").get_result(connection)?;
    let change = announced.announcement.map(|text| text.parse());
    change.transpose().map_err(corrupt)
}
