pub(crate) mod follow;

use std::time::Duration;

use async_trait::async_trait;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Double, Nullable, Text, Timestamptz};
use eggypro_domain::StoreError;
use eggypro_domain::changes::{
    Actor, ActorKind, ChangeEntry, ChangeLog, ChangePage, ChangeQuery, EntriesAfter, FollowError,
    Position, Resource,
};
use eggypro_domain::products::{COUNT_LIMIT, Total};
use time::OffsetDateTime;

use crate::database::Database;

/// The log of changes in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresChanges {
    database: Database,
}

impl PostgresChanges {
    /// The log of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl ChangeLog for PostgresChanges {
    async fn list(&self, query: &ChangeQuery) -> Result<ChangePage, StoreError> {
        let query = query.clone();
        self.database
            .run(move |connection| Ok(page(connection, &query)?))
            .await
    }

    async fn follow(
        &self,
        position: Option<&Position>,
        limit: u16,
    ) -> Result<EntriesAfter, FollowError> {
        let position = position.cloned();
        self.database
            .run(move |connection| follow::after(connection, position.as_ref(), limit))
            .await
    }

    async fn latest(&self) -> Result<Position, StoreError> {
        self.database
            .run(|connection| Ok(follow::latest(connection)?))
            .await
    }

    async fn delete_old(&self, age: Duration, limit: u32) -> Result<u64, StoreError> {
        self.database
            .run(move |connection| Ok(delete_old(connection, age, limit)?))
            .await
    }
}

/// The selected columns of a change `c`.
const COLUMNS: &str = "c.id, c.at, c.transaction_id::text AS transaction, c.resource, c.resource_id, c.slug, c.action, \
     c.marks, c.diff::text AS diff, c.actor_kind, c.actor_id, c.actor_name, c.request_id, c.reason";

/// The SQL condition for a change `c` to be reported: it has an effect, and this version knows its resource.
fn is_reported() -> String {
    let resources = Resource::ALL.map(|resource| format!("'{}'", resource.as_str()));
    format!(
        "NOT (c.action = 'updated' AND c.diff = '{{}}') AND c.resource IN ({})",
        resources.join(", ")
    )
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Timestamptz)]
    at: OffsetDateTime,
    #[diesel(sql_type = Text)]
    transaction: String,
    #[diesel(sql_type = Text)]
    resource: String,
    #[diesel(sql_type = Text)]
    resource_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    slug: Option<String>,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Array<Text>)]
    marks: Vec<String>,
    #[diesel(sql_type = Text)]
    diff: String,
    #[diesel(sql_type = Text)]
    actor_kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    actor_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    actor_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    request_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
}

impl Row {
    /// `None` if this version does not know the resource or the action.
    fn entry(self) -> Option<ChangeEntry> {
        let mut actor = Actor::customer();
        actor.kind = self.actor_kind.parse().unwrap_or(ActorKind::Database);
        (actor.id, actor.name) = (self.actor_id, self.actor_name);
        let subject = (self.resource.parse().ok()?, self.resource_id);
        let action = self.action.parse().ok()?;
        let mut entry = ChangeEntry::new(self.id, self.at, subject, action, actor, self.diff);
        let marks = self.marks.iter().filter_map(|mark| mark.parse().ok());
        entry.marks = marks.collect();
        entry.slug = self.slug;
        entry.request_id = self.request_id;
        entry.reason = self.reason;
        Some(entry)
    }
}

type Statement = BoxedSqlQuery<'static, Pg, SqlQuery>;

fn page(connection: &mut PgConnection, query: &ChangeQuery) -> QueryResult<ChangePage> {
    let mut all = query.clone();
    all.before = None;
    let (statement, _) = filtered("SELECT count(*) AS count FROM (SELECT", &all);
    let statement = statement.sql(format!(" LIMIT {}) counted", COUNT_LIMIT + 1));
    let counted: Count = statement.get_result(connection)?;
    let total = Total::from_bounded_count(counted.count.try_into().unwrap_or(u32::MAX));
    let limit = query.limit.get();
    // One more row shows whether there is a next page.
    let (statement, parameters) = filtered(&format!("SELECT {COLUMNS}"), query);
    let statement = statement
        .sql(format!(
            " ORDER BY c.at DESC, c.id DESC LIMIT ${}",
            parameters + 1
        ))
        .bind::<BigInt, _>(i64::from(limit) + 1);
    let rows: Vec<Row> = statement.load(connection)?;
    let has_more = rows.len() > limit as usize;
    let items = rows.into_iter().take(limit as usize);
    Ok(ChangePage {
        items: items.filter_map(Row::entry).collect(),
        total,
        has_more,
    })
}

/// Appends the conditions of a query to the beginning of a statement. Also returns the number of its parameters.
fn filtered(beginning: &str, query: &ChangeQuery) -> (Statement, usize) {
    let beginning = format!("{beginning} FROM changes c WHERE {}", is_reported());
    let mut statement = sql_query(beginning).into_boxed::<Pg>();
    let mut parameters = 0;
    let mut next = || {
        parameters += 1;
        format!("${parameters}")
    };
    if let Some(resource) = query.resource {
        statement = statement
            .sql(format!(" AND c.resource = {}", next()))
            .bind::<Text, _>(resource.as_str());
    }
    if let Some(slug) = query.slug.clone() {
        statement = statement
            .sql(format!(" AND c.slug = {}", next()))
            .bind::<Text, _>(slug);
    }
    if let Some(actor) = query.actor.clone() {
        statement = statement
            .sql(format!(" AND {} IN (c.actor_kind, c.actor_id)", next()))
            .bind::<Text, _>(actor);
    }
    if let Some(since) = query.since {
        statement = statement
            .sql(format!(" AND c.at >= {}", next()))
            .bind::<Timestamptz, _>(since);
    }
    if let Some(until) = query.until {
        statement = statement
            .sql(format!(" AND c.at < {}", next()))
            .bind::<Timestamptz, _>(until);
    }
    if let Some((at, id)) = query.before {
        statement = statement
            .sql(format!(" AND (c.at, c.id) < ({}, {})", next(), next()))
            .bind::<Timestamptz, _>(at)
            .bind::<BigInt, _>(id);
    }
    (statement, parameters)
}

/// Deletes the oldest changes and stores the position of the last deleted one, so that followers notice the gap.
fn delete_old(connection: &mut PgConnection, age: Duration, limit: u32) -> QueryResult<u64> {
    let forgotten = sql_query(
        "WITH old AS (DELETE FROM changes WHERE id IN (SELECT id FROM changes \
         WHERE at < now() - make_interval(secs => $1) ORDER BY at, id LIMIT $2) RETURNING transaction_id, id), \
         last AS (SELECT transaction_id, id FROM old ORDER BY transaction_id DESC, id DESC LIMIT 1), \
         noted AS (UPDATE change_log SET forgotten_transaction = last.transaction_id, forgotten_id = last.id FROM last \
         WHERE (last.transaction_id, last.id) > (forgotten_transaction, forgotten_id)) \
         SELECT count(*) AS count FROM old",
    )
    .bind::<Double, _>(age.as_secs_f64())
    .bind::<BigInt, _>(i64::from(limit))
    .get_result::<Count>(connection)?;
    Ok(forgotten.count.unsigned_abs())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
