use async_trait::async_trait;
use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use eggypro_domain::products::Expected;
use eggypro_domain::synonyms::{NewSynonyms, SynonymRepository, Synonyms, SynonymsError};
use eggypro_domain::{StoreError, Valid};

use crate::database::Database;
use crate::error::{Failure, corrupt};
use crate::schema::search_synonyms;

/// The synonyms of a shop in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresSynonyms {
    database: Database,
}

impl PostgresSynonyms {
    /// The synonyms of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl SynonymRepository for PostgresSynonyms {
    async fn read(&self) -> Result<Synonyms, StoreError> {
        let read = |connection: &mut PgConnection| Ok(read(connection)?);
        self.database.read(read).await
    }

    async fn replace(
        &self,
        synonyms: Valid<NewSynonyms>,
        expected: Expected<i32>,
    ) -> Result<Synonyms, SynonymsError> {
        let NewSynonyms { groups, .. } = synonyms.into_inner();
        let replace = move |connection: &mut PgConnection| {
            add_if_missing(connection)?;
            let row = search_synonyms::table
                .select((search_synonyms::groups, search_synonyms::version))
                .for_update();
            let before = decode(row.first(connection)?)?;
            if !expected.holds_for(before.revision()) {
                return Err(Failure::Refused(SynonymsError::Changed(before.revision())));
            }
            if before.groups == groups {
                return Ok(before);
            }
            write(connection, &groups)?;
            Ok(Synonyms::new(groups, before.version + 1))
        };
        self.database.write(replace).await
    }
}

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

fn add_if_missing(connection: &mut PgConnection) -> QueryResult<()> {
    diesel::insert_into(search_synonyms::table)
        .values(search_synonyms::id.eq(1))
        .on_conflict_do_nothing()
        .execute(connection)?;
    Ok(())
}

fn write(connection: &mut PgConnection, groups: &[Vec<String>]) -> QueryResult<()> {
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

fn decode((groups, version): (serde_json::Value, i32)) -> QueryResult<Synonyms> {
    let groups = serde_json::from_value(groups).map_err(corrupt)?;
    Ok(Synonyms::new(groups, version))
}
