//! Records the results of attempts.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Double, Integer, Nullable, Text};
use eggypro_domain::webhooks::{ClaimedDelivery, DeliveryState, FailedAttempt, Recorded};

use crate::database::Call;

/// The result of an attempt.
pub(super) struct Attempt {
    webhook: String,
    number: i64,
    lease: String,
    /// The state from now on. A pending delivery is sent again after the delay.
    state: DeliveryState,
    delay: Duration,
    status: Option<i32>,
    milliseconds: i64,
    error: Option<String>,
}

#[derive(QueryableByName)]
struct IsRecorded {
    #[diesel(sql_type = Bool)]
    record_attempt: bool,
}

impl Attempt {
    pub(super) fn delivered(delivery: &ClaimedDelivery, status: u16, milliseconds: u64) -> Self {
        Self {
            webhook: delivery.webhook.to_string(),
            number: delivery.number,
            lease: delivery.lease.to_string(),
            state: DeliveryState::Delivered,
            delay: Duration::ZERO,
            status: Some(status.into()),
            milliseconds: i64::try_from(milliseconds).unwrap_or(i64::MAX),
            error: None,
        }
    }

    pub(super) fn failed(
        delivery: &ClaimedDelivery,
        attempt: FailedAttempt,
        retry_in: Option<Duration>,
    ) -> Self {
        Self {
            state: match retry_in {
                Some(_) => DeliveryState::Pending,
                None => DeliveryState::Failed,
            },
            delay: retry_in.unwrap_or_default(),
            status: attempt.status.map(i32::from),
            error: Some(attempt.error.replace('\0', "\u{fffd}")),
            ..Self::delivered(delivery, 0, attempt.milliseconds)
        }
    }

    pub(super) fn record(&self, connection: &mut PgConnection) -> QueryResult<Recorded> {
        let arguments = (
            self.webhook.as_str().into_sql::<Text>(),
            self.number.into_sql::<BigInt>(),
            self.lease.as_str().into_sql::<Text>(),
            self.state.as_str().into_sql::<Text>(),
            self.delay.as_secs_f64().into_sql::<Double>(),
            self.status.into_sql::<Nullable<Integer>>(),
            self.milliseconds.into_sql::<BigInt>(),
            self.error.as_deref().into_sql::<Nullable<Text>>(),
        );
        let recorded: IsRecorded = Call::new("record_attempt", arguments).get_result(connection)?;
        Ok(match recorded.record_attempt {
            true => Recorded::Made,
            false => Recorded::Lost,
        })
    }

    /// Records the last attempt, in the transaction of the caller. Switches the webhook off if nothing was delivered to
    /// it since the first attempt. Successes are recorded once a minute, so one of that minute counts.
    pub(super) fn record_last(
        &self,
        connection: &mut PgConnection,
        reason: &str,
    ) -> QueryResult<Recorded> {
        let recorded = self.record(connection)?;
        if recorded != Recorded::Made {
            return Ok(recorded);
        }
        let switched_off = sql_query(
            "UPDATE webhooks w SET is_active = false, disabled_reason = $3 FROM webhook_deliveries d \
             WHERE w.id = $1::uuid AND w.is_active AND d.webhook_id = w.id AND d.event = $2 \
             AND d.first_attempt_at >= w.activated_at \
             AND coalesce(w.last_success_at < d.first_attempt_at - interval '1 minute', true)",
        )
        .bind::<Text, _>(&self.webhook)
        .bind::<BigInt, _>(self.number)
        .bind::<Text, _>(reason)
        .execute(connection)?;
        Ok(match switched_off {
            0 => Recorded::Made,
            _ => Recorded::SwitchedOff,
        })
    }
}
