//! Delivers events of the in-memory store to receivers on this machine.

mod following;
mod outages;
mod queue;
mod receiver;
mod sending;
mod stopping;

use eggypro_domain::changes::{Action, Actor, ChangeEntry, EventType, Resource};
use eggypro_domain::webhooks::{
    AllowedSchemes, NewWebhook, TypePattern, Webhook, WebhookRepository, WebhookSecret, WebhookUrl,
};
use eggypro_domain::{Bytes, Unvalidated};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use self::queue::{Call, TestQueue};
use self::receiver::Receiver;
use super::*;
use crate::{Guard, Settings};

/// Less than the time limit of an attempt, so that nothing that a test waits for can be the end of a hanging one.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server of a shop in memory.
struct Server {
    queue: Arc<TestQueue>,
    deliverer: Deliverer,
    calls: mpsc::UnboundedReceiver<Call>,
    change_signal: watch::Sender<u64>,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Server {
    fn start() -> Self {
        let (queue, calls) = TestQueue::new();
        let queue = Arc::new(queue);
        let guard = Guard {
            allow_private: true,
            allow_http: true,
        };
        let sender = LazySender::new(Settings::new(guard, "EggyPro/1.0"));
        let deliverer = Deliverer::new(Arc::clone(&queue) as _, sender, Arc::new(Plain));
        let (change_signal, stop) = (watch::Sender::new(0), watch::Sender::new(false));
        let (signals, stops) = (change_signal.subscribe(), stop.subscribe());
        let running = deliverer.clone();
        let running = tokio::spawn(async move { running.run(signals, stops).await });
        Self {
            queue,
            deliverer,
            calls,
            change_signal,
            stop,
            running,
        }
    }

    /// Creates a webhook for all events.
    async fn webhook(&self, receiver: &Receiver) -> Webhook {
        let url = format!("http://{}/", receiver.address);
        let url = WebhookUrl::parse(&url, AllowedSchemes::HttpsAndHttp).unwrap();
        let new = NewWebhook::new(url, vec![TypePattern::ALL]);
        let new = Unvalidated::new(new).validate().unwrap();
        let secret = WebhookSecret::random();
        self.queue.shop.create(new, &secret).await.unwrap()
    }

    async fn found(&self, webhook: &Webhook) -> Webhook {
        let found = WebhookRepository::find(&self.queue.shop, webhook.id).await;
        found.unwrap().unwrap()
    }

    /// Queues updates of products, each with the id of its event.
    async fn publish(&self, updates: &[(i64, &str)]) {
        let shop = &self.queue.shop;
        let followed = shop.next_entries(100).await.unwrap().unwrap();
        let entries = updates.iter().map(|(id, product)| entry(*id, product));
        let events = entries.map(|entry| event(&entry, 0, EventType::ProductUpdated));
        let queued = shop.enqueue(&followed.step, events.collect()).await;
        assert!(queued.unwrap());
        self.look();
    }

    /// Makes the server look for due deliveries now.
    fn look(&self) {
        self.deliverer.0.wake.notify_one();
    }

    /// The next call that the test queue reports.
    async fn call(&mut self) -> Call {
        timeout(PATIENCE, self.calls.recv()).await.unwrap().unwrap()
    }

    /// Waits until the server has stopped.
    async fn end(&mut self) {
        timeout(PATIENCE, &mut self.running).await.unwrap().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.running.abort();
    }
}

fn entry(id: i64, product: &str) -> ChangeEntry {
    ChangeEntry::new(
        id,
        OffsetDateTime::UNIX_EPOCH,
        (Resource::Product, product.to_owned()),
        Action::Updated,
        Actor::customer(),
        "{}".to_owned(),
    )
}

fn event(entry: &ChangeEntry, number: u32, kind: EventType) -> NewEvent {
    let subject = format!("/api/products/{}", entry.resource_id);
    let body = Bytes::from(format!(r#"{{"subject":"{subject}"}}"#));
    NewEvent::of(entry, number, kind, subject, body)
}

/// Renders events with their subject only.
struct Plain;

impl EventRenderer for Plain {
    fn render(&self, followed: &Followed) -> Result<Vec<NewEvent>, RenderError> {
        let entries = followed.entries.entries.iter();
        let events = entries.flat_map(|(entry, ..)| {
            let kinds = EventType::of(entry).into_iter().zip(0..);
            let wanted = kinds.filter(move |(kind, _)| followed.wants(*kind));
            wanted.map(move |(kind, number)| event(entry, number, kind))
        });
        Ok(events.collect())
    }
}
