//! Writes webhooks and their secrets.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Double, Nullable, Text};
use eggypro_domain::webhooks::{
    MAX_WEBHOOKS, NewWebhook, SECRET_OVERLAP, TypePattern, Webhook, WebhookChanges, WebhookError,
    WebhookId, WebhookSecret, WebhookUrl,
};

use super::follow;
use super::row::{COLUMNS, Row, locked};
use crate::error::Failure;

type Result<T> = std::result::Result<T, Failure<WebhookError>>;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(connection: &mut PgConnection) -> QueryResult<u64> {
    let row: Count = sql_query("SELECT count(*) FROM webhooks WHERE deleted_at IS NULL")
        .get_result(connection)?;
    Ok(row.count.unsigned_abs())
}

pub(super) fn create(
    connection: &mut PgConnection,
    new: &NewWebhook,
    secret: &WebhookSecret,
) -> Result<Webhook> {
    if count(connection)? >= MAX_WEBHOOKS {
        return Err(Failure::Refused(WebhookError::TooMany));
    }
    if new.is_active {
        follow::begin(connection)?;
    }
    let row: Row = sql_query(format!(
        "INSERT INTO webhooks (id, url, types, is_active) VALUES ($1::uuid, $2, $3, $4) RETURNING {COLUMNS}"
    ))
    .bind::<Text, _>(WebhookId::random().to_string())
    .bind::<Text, _>(new.url.as_str())
    .bind::<Array<Text>, _>(names(&new.types))
    .bind::<Bool, _>(new.is_active)
    .get_result(connection)?;
    let webhook = row.read()?;
    add_secret(connection, webhook.id, secret)?;
    Ok(webhook)
}

pub(super) fn update(
    connection: &mut PgConnection,
    id: WebhookId,
    changes: WebhookChanges,
) -> Result<Webhook> {
    // Before the webhook is locked, in the order in which events are added.
    if changes.is_active == Some(true) {
        follow::begin(connection)?;
    }
    let before = locked(connection, id)?;
    // Patterns of a newer version stay unless all are replaced.
    let types = changes.types.as_deref().map(names);
    let mut after = before.clone();
    after.apply(changes);
    if after == before {
        return Ok(before);
    }
    sql_query(
        "UPDATE webhooks SET url = $2, types = coalesce($3, types), is_active = $4, disabled_reason = $5, \
         active_since = CASE WHEN $4 AND NOT is_active THEN pg_current_snapshot() ELSE active_since END, \
         activated_at = CASE WHEN $4 AND NOT is_active THEN now() ELSE activated_at END WHERE id = $1::uuid",
    )
    .bind::<Text, _>(id.to_string())
    .bind::<Text, _>(after.url.as_str())
    .bind::<Nullable<Array<Text>>, _>(types)
    .bind::<Bool, _>(after.is_active)
    .bind::<Nullable<Text>, _>(&after.disabled_reason)
    .execute(connection)?;
    Ok(after)
}

/// Marks a webhook as deleted. Its deliveries are deleted later, in small steps, and then the row itself.
pub(super) fn delete(connection: &mut PgConnection, id: WebhookId) -> Result<()> {
    locked(connection, id)?;
    sql_query(
        "UPDATE webhooks SET is_active = false, disabled_reason = NULL, deleted_at = now() WHERE id = $1::uuid",
    )
    .bind::<Text, _>(id.to_string())
    .execute(connection)?;
    sql_query("DELETE FROM webhook_secrets WHERE webhook_id = $1::uuid")
        .bind::<Text, _>(id.to_string())
        .execute(connection)?;
    Ok(())
}

pub(super) fn rotate_secret(
    connection: &mut PgConnection,
    id: WebhookId,
    secret: &WebhookSecret,
) -> Result<Webhook> {
    let webhook = locked(connection, id)?;
    sql_query("DELETE FROM webhook_secrets WHERE webhook_id = $1::uuid AND expires_at <= now()")
        .bind::<Text, _>(id.to_string())
        .execute(connection)?;
    sql_query(
        "UPDATE webhook_secrets SET expires_at = now() + make_interval(secs => $2) \
         WHERE webhook_id = $1::uuid AND expires_at IS NULL",
    )
    .bind::<Text, _>(id.to_string())
    .bind::<Double, _>(SECRET_OVERLAP.as_secs_f64())
    .execute(connection)?;
    add_secret(connection, id, secret)?;
    // The log of changes records the rotation by this time.
    sql_query("UPDATE webhooks SET secret_created_at = now() WHERE id = $1::uuid")
        .bind::<Text, _>(id.to_string())
        .execute(connection)?;
    Ok(webhook)
}

/// Switches a webhook with this URL off. Returns whether it was active.
pub(super) fn disable(
    connection: &mut PgConnection,
    id: WebhookId,
    url: &WebhookUrl,
    reason: &str,
) -> QueryResult<bool> {
    let disabled = sql_query(
        "UPDATE webhooks SET is_active = false, disabled_reason = $2 \
         WHERE id = $1::uuid AND url = $3 AND is_active",
    )
    .bind::<Text, _>(id.to_string())
    .bind::<Text, _>(reason.replace('\0', "\u{fffd}"))
    .bind::<Text, _>(url.as_str())
    .execute(connection)?;
    Ok(disabled > 0)
}

fn add_secret(
    connection: &mut PgConnection,
    id: WebhookId,
    secret: &WebhookSecret,
) -> QueryResult<()> {
    sql_query("INSERT INTO webhook_secrets (webhook_id, secret) VALUES ($1::uuid, $2)")
        .bind::<Text, _>(id.to_string())
        .bind::<Text, _>(secret.expose())
        .execute(connection)?;
    Ok(())
}

fn names(types: &[TypePattern]) -> Vec<String> {
    types.iter().map(ToString::to_string).collect()
}
