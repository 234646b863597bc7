mod attempt;
mod deliveries;
mod follow;
mod queue;
mod row;
mod write;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use diesel::PgConnection;
use eggypro_domain::products::PageSize;
use eggypro_domain::webhooks::{
    ClaimedDelivery, DeliveryPage, DeliveryQueue, EventId, FailedAttempt, Followed, NewEvent,
    NewWebhook, Recorded, Step, Target, Webhook, WebhookChanges, WebhookError, WebhookId,
    WebhookRepository, WebhookSecret, WebhookUrl,
};
use eggypro_domain::{StoreError, Valid};

use crate::database::Database;

/// Webhooks and their deliveries in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresWebhooks {
    database: Database,
    /// Names this server. The server that follows the log goes on with it.
    server: Arc<str>,
}

impl PostgresWebhooks {
    /// The webhooks of this database. Clones count as the same server.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            server: format!("{:016x}", rand::random::<u64>()).into(),
        }
    }
}

#[async_trait]
impl WebhookRepository for PostgresWebhooks {
    async fn list(&self) -> Result<Vec<Webhook>, StoreError> {
        self.database
            .run(|connection| Ok(row::list(connection)?))
            .await
    }

    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        self.database
            .run(move |connection| Ok(row::find(connection, id)?))
            .await
    }

    async fn create(
        &self,
        webhook: Valid<NewWebhook>,
        secret: &WebhookSecret,
    ) -> Result<Webhook, WebhookError> {
        let (new, secret) = (webhook.into_inner(), secret.clone());
        let create = move |connection: &mut PgConnection| write::create(connection, &new, &secret);
        self.database.write(create).await
    }

    async fn update(
        &self,
        id: WebhookId,
        changes: Valid<WebhookChanges>,
    ) -> Result<Webhook, WebhookError> {
        let changes = changes.into_inner();
        let update = move |connection: &mut PgConnection| write::update(connection, id, changes);
        self.database.write(update).await
    }

    async fn delete(&self, id: WebhookId) -> Result<(), WebhookError> {
        let delete = move |connection: &mut PgConnection| write::delete(connection, id);
        self.database.write(delete).await
    }

    async fn rotate_secret(
        &self,
        id: WebhookId,
        secret: &WebhookSecret,
    ) -> Result<Webhook, WebhookError> {
        let secret = secret.clone();
        let rotate =
            move |connection: &mut PgConnection| write::rotate_secret(connection, id, &secret);
        self.database.write(rotate).await
    }

    async fn target(&self, id: WebhookId) -> Result<Target, WebhookError> {
        self.database
            .run(move |connection| row::target(connection, id))
            .await
    }

    async fn deliveries(
        &self,
        id: WebhookId,
        before: Option<i64>,
        limit: PageSize,
    ) -> Result<DeliveryPage, WebhookError> {
        self.database
            .run(move |connection| deliveries::page(connection, id, before, limit))
            .await
    }

    async fn retry(&self, id: WebhookId, event: EventId) -> Result<(), WebhookError> {
        let retry = move |connection: &mut PgConnection| deliveries::retry(connection, id, event);
        self.database.write(retry).await
    }
}

/// Only what switches a webhook off changes what the log of changes shows. All other statements run outside of any unit
/// of work.
#[async_trait]
impl DeliveryQueue for PostgresWebhooks {
    async fn next_entries(&self, limit: u16) -> Result<Option<Followed>, StoreError> {
        let server = Arc::clone(&self.server);
        self.database
            .run(move |connection| follow::next_entries(connection, &server, limit))
            .await
    }

    async fn enqueue(&self, step: &Step, events: Vec<NewEvent>) -> Result<bool, StoreError> {
        let (step, server) = (step.clone(), Arc::clone(&self.server));
        self.database
            .run(move |connection| Ok(follow::enqueue(connection, &step, &server, &events)?))
            .await
    }

    async fn claim(&self, lease: Duration, limit: u32) -> Result<Vec<ClaimedDelivery>, StoreError> {
        self.database
            .run(move |connection| Ok(queue::claim(connection, lease, limit)?))
            .await
    }

    async fn give_back(&self, deliveries: &[ClaimedDelivery]) -> Result<(), StoreError> {
        let held = queue::Held::of(deliveries);
        self.database
            .run(move |connection| Ok(queue::give_back(connection, held)?))
            .await
    }

    async fn succeeded(
        &self,
        delivery: &ClaimedDelivery,
        status: u16,
        milliseconds: u64,
    ) -> Result<Recorded, StoreError> {
        let attempt = attempt::Attempt::delivered(delivery, status, milliseconds);
        self.database
            .run(move |connection| Ok(attempt.record(connection)?))
            .await
    }

    async fn failed(
        &self,
        delivery: &ClaimedDelivery,
        attempt: FailedAttempt,
        retry_in: Option<Duration>,
    ) -> Result<Recorded, StoreError> {
        let attempt = attempt::Attempt::failed(delivery, attempt, retry_in);
        if retry_in.is_some() {
            let record = move |connection: &mut PgConnection| Ok(attempt.record(connection)?);
            return self.database.run(record).await;
        }
        let reason = delivery.exhaustion();
        let record =
            move |connection: &mut PgConnection| Ok(attempt.record_last(connection, &reason)?);
        self.database.write(record).await
    }

    async fn disable(
        &self,
        id: WebhookId,
        url: &WebhookUrl,
        reason: &str,
    ) -> Result<bool, StoreError> {
        let (url, reason) = (url.clone(), reason.to_owned());
        let disable =
            move |connection: &mut PgConnection| Ok(write::disable(connection, id, &url, &reason)?);
        self.database.write(disable).await
    }

    async fn next_due(&self) -> Result<Option<Duration>, StoreError> {
        self.database
            .run(|connection| Ok(queue::next_due(connection)?))
            .await
    }

    async fn drop_pending(&self, limit: u32) -> Result<u64, StoreError> {
        self.database
            .run(move |connection| Ok(queue::drop_pending(connection, limit)?))
            .await
    }

    async fn delete_old(&self, limit: u32) -> Result<u64, StoreError> {
        self.database
            .run(move |connection| Ok(queue::delete_old(connection, limit)?))
            .await
    }
}
