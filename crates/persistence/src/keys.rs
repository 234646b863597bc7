use std::time::Duration;

use async_trait::async_trait;
use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Double, Nullable, Text, Timestamptz};
use eggypro_domain::changes::Origin;
use eggypro_domain::keys::{ApiKey, KeyDigest, KeyError, KeyId, KeyRepository, NewKey};
use eggypro_domain::{Permission, StoreError, Valid};
use time::OffsetDateTime;

use crate::database::Database;
use crate::error::{Failure, corrupt};
use crate::schema::api_keys;

/// API keys in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresKeys {
    database: Database,
}

impl PostgresKeys {
    /// The keys of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl KeyRepository for PostgresKeys {
    async fn list(&self) -> Result<Vec<ApiKey>, StoreError> {
        self.database
            .run(|connection| {
                let rows: Vec<Row> = api_keys::table
                    .order((api_keys::created_at.desc(), api_keys::id))
                    .select(Row::as_select())
                    .load(connection)?;
                let keys = rows.into_iter().map(|row| row.read().map(|(key, _)| key));
                Ok(keys.collect::<QueryResult<_>>()?)
            })
            .await
    }

    async fn find(&self, id: &KeyId) -> Result<Option<(ApiKey, KeyDigest)>, StoreError> {
        let id = id.clone();
        self.database
            .run(move |connection| Ok(find(connection, &id)?))
            .await
    }

    async fn create(
        &self,
        id: &KeyId,
        digest: KeyDigest,
        key: Valid<NewKey>,
    ) -> Result<ApiKey, StoreError> {
        let (id, key, by) = (id.clone(), key.into_inner(), Origin::current());
        self.database
            .write(move |connection| {
                let by = by.actor.id.as_deref();
                Ok(insert(connection, (&id, None), digest, &key, by)?)
            })
            .await
    }

    async fn rotate(
        &self,
        old: &KeyId,
        new: &KeyId,
        digest: KeyDigest,
        overlap: Duration,
    ) -> Result<ApiKey, KeyError> {
        let (old, new, by) = (old.clone(), new.clone(), Origin::current());
        self.database
            .write(move |connection| {
                let before = locked(connection, &old)?;
                if !before.holds_at(OffsetDateTime::now_utc()) {
                    return Err(Failure::Refused(KeyError::Ended));
                }
                let mut key = NewKey::new(before.name);
                key.permissions = before.permissions;
                key.expires_at = before.expires_at;
                let ids = (&new, Some(&before.original_id));
                let made = insert(connection, ids, digest, &key, by.actor.id.as_deref())?;
                sql_query(
                    "UPDATE api_keys SET expires_at = least(expires_at, now() + make_interval(secs => $2)) WHERE id = $1",
                )
                .bind::<Text, _>(old.as_str())
                .bind::<Double, _>(overlap.as_secs_f64())
                .execute(connection)?;
                Ok(made)
            })
            .await
    }

    async fn revoke(&self, id: &KeyId) -> Result<(), KeyError> {
        let id = id.clone();
        self.database
            .write(move |connection| {
                let key = locked(connection, &id)?;
                if key.revoked_at.is_none() {
                    diesel::update(api_keys::table.find(id.as_str()))
                        .set(api_keys::revoked_at.eq(now.into_sql::<Nullable<Timestamptz>>()))
                        .execute(connection)?;
                }
                Ok(())
            })
            .await
    }

    async fn used(&self, keys: &[(KeyId, OffsetDateTime)]) -> Result<(), StoreError> {
        let (ids, times): (Vec<_>, Vec<_>) = keys
            .iter()
            .map(|(id, at)| (id.as_str().to_owned(), *at))
            .unzip();
        self.database
            .run(move |connection| {
                // Rows are locked in a fixed order, to prevent deadlocks between servers.
                sql_query(
                    "WITH used AS MATERIALIZED (SELECT k.id, u.at FROM unnest($1, $2) u(id, at) JOIN api_keys k ON k.id = u.id \
                     ORDER BY k.id FOR NO KEY UPDATE OF k) \
                     UPDATE api_keys k SET last_used_at = greatest(k.last_used_at, used.at) FROM used WHERE k.id = used.id",
                )
                .bind::<Array<Text>, _>(ids)
                .bind::<Array<Timestamptz>, _>(times)
                .execute(connection)?;
                Ok(())
            })
            .await
    }
}

fn find(connection: &mut PgConnection, id: &KeyId) -> QueryResult<Option<(ApiKey, KeyDigest)>> {
    let row: Option<Row> = api_keys::table
        .find(id.as_str())
        .select(Row::as_select())
        .first(connection)
        .optional()?;
    row.map(Row::read).transpose()
}

/// Locks a key until the transaction ends.
fn locked(connection: &mut PgConnection, id: &KeyId) -> Result<ApiKey, Failure<KeyError>> {
    let row: Option<Row> = api_keys::table
        .find(id.as_str())
        .select(Row::as_select())
        .for_update()
        .first(connection)
        .optional()?;
    let row = row.ok_or(Failure::Refused(KeyError::NotFound))?;
    Ok(row.read()?.0)
}

/// Inserts a key with its id, and that of the original one if it is a rotated one.
fn insert(
    connection: &mut PgConnection,
    (id, original): (&KeyId, Option<&KeyId>),
    digest: KeyDigest,
    key: &NewKey,
    by: Option<&str>,
) -> QueryResult<ApiKey> {
    let permissions: Vec<_> = key.permissions.iter().map(|name| name.as_str()).collect();
    let row: Row = diesel::insert_into(api_keys::table)
        .values((
            api_keys::id.eq(id.as_str()),
            api_keys::original_id.eq(original.map(KeyId::as_str)),
            api_keys::name.eq(&key.name),
            api_keys::digest.eq(digest.0.to_vec()),
            api_keys::permissions.eq(permissions),
            api_keys::created_by.eq(by),
            api_keys::expires_at.eq(key.expires_at),
        ))
        .returning(Row::as_returning())
        .get_result(connection)?;
    Ok(row.read()?.0)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_keys)]
struct Row {
    id: String,
    name: String,
    digest: Vec<u8>,
    permissions: Vec<Option<String>>,
    created_at: OffsetDateTime,
    created_by: Option<String>,
    expires_at: Option<OffsetDateTime>,
    last_used_at: Option<OffsetDateTime>,
    revoked_at: Option<OffsetDateTime>,
    original_id: Option<String>,
}

impl Row {
    fn read(self) -> QueryResult<(ApiKey, KeyDigest)> {
        // Permissions of a newer version are ignored.
        let permissions = self.permissions.iter().flatten();
        let permissions = permissions.filter_map(|name| name.parse::<Permission>().ok());
        let id = self.id.parse().map_err(corrupt)?;
        let mut key = ApiKey::new(id, self.name, permissions.collect(), self.created_at);
        key.created_by = self.created_by;
        key.expires_at = self.expires_at;
        key.last_used_at = self.last_used_at;
        key.revoked_at = self.revoked_at;
        if let Some(original) = self.original_id {
            key.original_id = original.parse().map_err(corrupt)?;
        }
        let digest = self.digest.try_into().map_err(|_| corrupt(BrokenDigest))?;
        Ok((key, KeyDigest(digest)))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a key has no digest of 32 bytes")]
struct BrokenDigest;
