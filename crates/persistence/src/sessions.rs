use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text, Timestamptz};
use eggypro_domain::StoreError;
use eggypro_domain::sessions::{SessionId, SessionRepository};
use time::OffsetDateTime;

use crate::database::Database;

/// Ended sessions in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresSessions {
    database: Database,
}

impl PostgresSessions {
    /// The ended sessions of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[derive(QueryableByName)]
struct Ended {
    #[diesel(sql_type = Bool)]
    has_ended: bool,
}

#[async_trait]
impl SessionRepository for PostgresSessions {
    async fn end(&self, session: SessionId, until: OffsetDateTime) -> Result<(), StoreError> {
        self.database
            .write(move |connection| {
                sql_query("DELETE FROM ended_sessions WHERE forgotten_at < now()")
                    .execute(connection)?;
                sql_query(
                    "INSERT INTO ended_sessions (id, forgotten_at) VALUES ($1::uuid, $2) ON CONFLICT DO NOTHING",
                )
                .bind::<Text, _>(session.to_string())
                .bind::<Timestamptz, _>(until)
                .execute(connection)?;
                Ok(())
            })
            .await
    }

    async fn has_ended(&self, session: SessionId) -> Result<bool, StoreError> {
        let find = move |connection: &mut PgConnection| {
            let found: Ended = sql_query(
                "SELECT EXISTS (SELECT FROM ended_sessions WHERE id = $1::uuid) AS has_ended",
            )
            .bind::<Text, _>(session.to_string())
            .get_result(connection)?;
            Ok(found.has_ended)
        };
        self.database.run(find).await
    }
}
