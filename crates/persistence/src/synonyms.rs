mod row;

use async_trait::async_trait;
use diesel::prelude::*;
use eggypro_domain::products::Expected;
use eggypro_domain::synonyms::{NewSynonyms, SynonymRepository, Synonyms, SynonymsError};
use eggypro_domain::{StoreError, Valid};

use self::row::{add_if_missing, decode, write};
use crate::database::Database;
use crate::error::Failure;
use crate::schema::search_synonyms;

pub(crate) use self::row::{clear_if, read, set_if_empty};

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
