//! Lists the deliveries of a webhook, and retries one.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz};
use eggypro_domain::products::{COUNT_LIMIT, PageSize, Total};
use eggypro_domain::webhooks::{
    Delivery, DeliveryPage, DeliveryState, EventId, WebhookError, WebhookId,
};
use time::OffsetDateTime;

use super::row;
use crate::database::Call;
use crate::error::Failure;

type Result<T> = std::result::Result<T, Failure<WebhookError>>;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    event_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    status: Option<i32>,
    #[diesel(sql_type = Nullable<BigInt>)]
    milliseconds: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    error: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    next_attempt_at: Option<OffsetDateTime>,
    #[diesel(sql_type = Timestamptz)]
    created_at: OffsetDateTime,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    finished_at: Option<OffsetDateTime>,
}

impl Row {
    /// `None` if this version does not know the type or the state.
    fn read(self) -> Option<Delivery> {
        let state: DeliveryState = self.state.parse().ok()?;
        let is_delivered = state == DeliveryState::Delivered;
        Some(Delivery {
            number: self.number,
            event: self.event_id.parse().ok()?,
            kind: self.kind.parse().ok()?,
            subject: self.subject,
            state,
            attempts: self.attempts.unsigned_abs(),
            status: self.status.and_then(|status| status.try_into().ok()),
            milliseconds: self.milliseconds.map(i64::unsigned_abs),
            error: self.error,
            next_attempt_at: self.next_attempt_at,
            created_at: self.created_at,
            delivered_at: self.finished_at.filter(|_| is_delivered),
        })
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

pub(super) fn page(
    connection: &mut PgConnection,
    id: WebhookId,
    before: Option<i64>,
    limit: PageSize,
) -> Result<DeliveryPage> {
    let webhook = row::find(connection, id)?;
    webhook.ok_or(Failure::Refused(WebhookError::NotFound))?;
    let limit = limit.get();
    let mut rows: Vec<Row> = sql_query(
        "SELECT d.event AS number, e.id AS event_id, e.type AS kind, e.subject, d.state, d.attempts, d.status, \
         d.milliseconds, d.error, CASE WHEN d.lease IS NULL THEN d.due_at END AS next_attempt_at, e.created_at, d.finished_at \
         FROM webhook_deliveries d JOIN webhook_events e ON e.number = d.event \
         WHERE d.webhook_id = $1::uuid AND d.event < $2 ORDER BY d.event DESC LIMIT $3",
    )
    .bind::<Text, _>(id.to_string())
    .bind::<BigInt, _>(before.unwrap_or(i64::MAX))
    .bind::<BigInt, _>(i64::from(limit) + 1)
    .load(connection)?;
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let count: Count = sql_query(
        "SELECT count(*) AS count FROM (SELECT FROM webhook_deliveries WHERE webhook_id = $1::uuid LIMIT $2) d",
    )
    .bind::<Text, _>(id.to_string())
    .bind::<BigInt, _>(i64::from(COUNT_LIMIT) + 1)
    .get_result(connection)?;
    Ok(DeliveryPage {
        items: rows.into_iter().filter_map(Row::read).collect(),
        total: Total::from_bounded_count(count.count.try_into().unwrap_or(u32::MAX)),
        has_more,
    })
}

#[derive(QueryableByName)]
struct Retried {
    #[diesel(sql_type = Bool)]
    retry_delivery: bool,
}

pub(super) fn retry(connection: &mut PgConnection, id: WebhookId, event: EventId) -> Result<()> {
    let webhook = row::find(connection, id)?;
    let webhook = webhook.ok_or(Failure::Refused(WebhookError::NotFound))?;
    if !webhook.is_active {
        return Err(Failure::Refused(WebhookError::Inactive));
    }
    let arguments = (
        id.to_string().into_sql::<Text>(),
        event.to_string().into_sql::<Text>(),
    );
    let retried: Retried = Call::new("retry_delivery", arguments).get_result(connection)?;
    match retried.retry_delivery {
        true => Ok(()),
        false => Err(Failure::Refused(WebhookError::DeliveryNotFound)),
    }
}
