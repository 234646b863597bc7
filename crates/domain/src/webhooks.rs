//! Webhooks: addresses of other systems that receive the events of the log of changes.
//!
//! A write of the shop does nothing for webhooks, so it is as fast with many of them as without. Servers do the work
//! afterwards, through the [`DeliveryQueue`]:
//!
//! 1. One server at a time follows the log. It takes a step with [`next_entries`](DeliveryQueue::next_entries), renders
//!    the events that a webhook wants, and adds them with [`enqueue`](DeliveryQueue::enqueue). A step is made once and
//!    the log is in commit order, so there is a delivery exactly if its change was committed. The bytes of an event are
//!    stored once, and every attempt sends them.
//! 2. All servers [`claim`](DeliveryQueue::claim) deliveries that are due, send them, and record the result with
//!    [`succeeded`](DeliveryQueue::succeeded) or [`failed`](DeliveryQueue::failed). A claim is a lease: if its server
//!    stops, another one sends the event again, with the same id.
//!
//! Events about the same address are sent to a webhook one after the other, in the order of the log, also if a resource has
//! left the address and another one has it. An event that failed holds up the later ones of its address, and those under
//! a new address of its resource, until it is delivered or given up, and nothing else. A webhook has at
//! most [`MAX_OPEN`] open requests over all servers, so a slow receiver takes up nobody else's.
//!
//! A webhook that is not active receives no events. Those that wait for it are dropped, as failed ones that can be
//! retried by hand. Stripe does the same: it creates no events for a disabled endpoint, and prevents pending retries.

mod claim;
mod delivery;
mod event;
mod id;
mod pattern;
mod queue;
mod repository;
mod secret;
mod step;
mod url;
mod webhook;

use std::time::Duration;

pub use self::claim::{ClaimedDelivery, DeliveryLease, FailedAttempt, Recorded};
pub use self::delivery::{Delivery, DeliveryPage, DeliveryState, UnknownDeliveryState};
pub use self::event::{EventId, InvalidEventId, NewEvent};
pub use self::id::{InvalidWebhookId, WebhookId};
pub use self::pattern::{TypePattern, UnknownTypePattern};
pub use self::queue::DeliveryQueue;
pub use self::repository::{WebhookError, WebhookRepository};
pub use self::secret::{InvalidWebhookSecret, WebhookSecret};
pub use self::step::{Followed, Step};
pub use self::url::{AllowedSchemes, InvalidWebhookUrl, WebhookUrl};
pub use self::webhook::{NewWebhook, Target, Webhook, WebhookChanges};

/// Maximum number of open requests to a webhook, over all servers.
pub const MAX_OPEN: u32 = 8;

/// Maximum number of webhooks of a shop.
pub const MAX_WEBHOOKS: u64 = 100;

/// How long deliveries are kept.
pub const RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How long a former secret signs along after a rotation.
pub const SECRET_OVERLAP: Duration = Duration::from_secs(24 * 60 * 60);

/// Maximum number of secrets that sign a request, for a webhook whose secret is rotated again and again. The newest
/// count.
pub const MAX_SECRETS: usize = 5;

/// The error of a delivery that was dropped because its webhook is not active.
pub const DROPPED: &str = "the webhook was switched off";
