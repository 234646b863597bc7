//! The row that holds the synonyms.

use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use eggypro_domain::synonyms::{NewSynonyms, Synonyms};

use crate::error::corrupt;
use crate::schema::search_synonyms;

pub(crate) fn read(connection: &mut PgConnection) -> QueryResult<Synonyms> {
    let row = search_synonyms::table.select((search_synonyms::groups, search_synonyms::version));
    let row = row.first(connection).optional()?;
    row.map_or_else(|| Ok(Synonyms::default()), decode)
}

/// Sets the synonyms of a shop that has none.
pub(crate) fn set_if_empty(
    connection: &mut PgConnection,
    synonyms: NewSynonyms,
) -> QueryResult<()> {
    add_if_missing(connection)?;
    if read(connection)?.groups.is_empty() {
        write(connection, &synonyms.groups)?;
    }
    Ok(())
}

/// Removes the synonyms of a shop if they are these.
pub(crate) fn clear_if(connection: &mut PgConnection, synonyms: &NewSynonyms) -> QueryResult<()> {
    if read(connection)?.groups == synonyms.groups {
        write(connection, &[])?;
    }
    Ok(())
}

pub(super) fn add_if_missing(connection: &mut PgConnection) -> QueryResult<()> {
    diesel::insert_into(search_synonyms::table)
        .values(search_synonyms::id.eq(1))
        .on_conflict_do_nothing()
        .execute(connection)?;
    Ok(())
}

pub(super) fn write(connection: &mut PgConnection, groups: &[Vec<String>]) -> QueryResult<()> {
    let groups = serde_json::to_value(groups)
        .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))?;
    diesel::update(search_synonyms::table)
        .set((
            search_synonyms::groups.eq(groups),
            search_synonyms::version.eq(search_synonyms::version + 1),
            search_synonyms::updated_at.eq(now.into_sql::<Timestamptz>()),
        ))
        .execute(connection)?;
    Ok(())
}

pub(super) fn decode((groups, version): (serde_json::Value, i32)) -> QueryResult<Synonyms> {
    let groups = serde_json::from_value(groups).map_err(corrupt)?;
    Ok(Synonyms::new(groups, version))
}
