//! Reads webhooks.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Text, Timestamptz};
use eggypro_domain::webhooks::{
    AllowedSchemes, MAX_SECRETS, Target, Webhook, WebhookError, WebhookId, WebhookSecret,
    WebhookUrl,
};
use time::OffsetDateTime;

use crate::error::{Failure, corrupt};

/// The selected columns of a [`Row`].
pub(super) const COLUMNS: &str = "id::text, url, types, is_active, disabled_reason, created_at";

#[derive(QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = Array<Text>)]
    types: Vec<String>,
    #[diesel(sql_type = Bool)]
    is_active: bool,
    #[diesel(sql_type = Nullable<Text>)]
    disabled_reason: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: OffsetDateTime,
}

impl Row {
    pub(super) fn read(self) -> QueryResult<Webhook> {
        // Patterns of a newer version are ignored.
        let types = self.types.iter().filter_map(|name| name.parse().ok());
        let id = self.id.parse().map_err(corrupt)?;
        let mut webhook = Webhook::new(id, url(&self.url)?, types.collect(), self.created_at);
        webhook.is_active = self.is_active;
        webhook.disabled_reason = self.disabled_reason;
        Ok(webhook)
    }
}

/// Reads a stored URL. It was valid when it was stored, maybe with other settings.
pub(super) fn url(text: &str) -> QueryResult<WebhookUrl> {
    WebhookUrl::parse(text, AllowedSchemes::HttpsAndHttp).map_err(corrupt)
}

pub(super) fn secrets(texts: &[String]) -> QueryResult<Vec<WebhookSecret>> {
    let secrets = texts.iter();
    let secrets = secrets.map(|text| text.parse::<WebhookSecret>().map_err(corrupt));
    secrets.collect()
}

pub(super) fn list(connection: &mut PgConnection) -> QueryResult<Vec<Webhook>> {
    let rows: Vec<Row> = sql_query(format!(
        "SELECT {COLUMNS} FROM webhooks WHERE deleted_at IS NULL ORDER BY created_at DESC, webhooks.id"
    ))
    .load(connection)?;
    rows.into_iter().map(Row::read).collect()
}

pub(super) fn find(connection: &mut PgConnection, id: WebhookId) -> QueryResult<Option<Webhook>> {
    select(connection, id, "")
}

/// Locks a webhook until the transaction ends. Its deliveries are not locked.
pub(super) fn locked(
    connection: &mut PgConnection,
    id: WebhookId,
) -> Result<Webhook, Failure<WebhookError>> {
    let webhook = select(connection, id, "FOR NO KEY UPDATE")?;
    webhook.ok_or(Failure::Refused(WebhookError::NotFound))
}

fn select(
    connection: &mut PgConnection,
    id: WebhookId,
    lock: &str,
) -> QueryResult<Option<Webhook>> {
    let row: Option<Row> = sql_query(format!(
        "SELECT {COLUMNS} FROM webhooks WHERE id = $1::uuid AND deleted_at IS NULL {lock}"
    ))
    .bind::<Text, _>(id.to_string())
    .get_result(connection)
    .optional()?;
    row.map(Row::read).transpose()
}

#[derive(QueryableByName)]
struct TargetRow {
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = Array<Text>)]
    secrets: Vec<String>,
}

pub(super) fn target(
    connection: &mut PgConnection,
    id: WebhookId,
) -> Result<Target, Failure<WebhookError>> {
    let row: Option<TargetRow> = sql_query(
        "SELECT url, ARRAY(SELECT s.secret FROM webhook_secrets s \
         WHERE s.webhook_id = w.id AND coalesce(s.expires_at > now(), true) \
         ORDER BY s.created_at DESC LIMIT $2) AS secrets \
         FROM webhooks w WHERE id = $1::uuid AND deleted_at IS NULL",
    )
    .bind::<Text, _>(id.to_string())
    .bind::<Integer, _>(i32::try_from(MAX_SECRETS).unwrap_or(i32::MAX))
    .get_result(connection)
    .optional()?;
    let row = row.ok_or(Failure::Refused(WebhookError::NotFound))?;
    Ok(Target {
        url: url(&row.url)?,
        secrets: secrets(&row.secrets)?,
    })
}
