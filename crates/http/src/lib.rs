#![doc = include_str!("../README.md")]

mod api;
#[cfg(fuzzing)]
pub mod fuzzing;
mod long_calls;
mod message;
mod openapi;
mod pipeline;
mod receivers;
mod routes;
mod server;
mod settings;
mod state;
#[cfg(any(test, feature = "testing"))]
mod testing;

pub use api::changes::EventWriter;
pub use api::health::CachedProbe;
pub use openapi::document as openapi_document;
pub use pipeline::{Edge, RateLimits};
pub use receivers::{TestEvent, TestedReceiver, WebhookReceivers};
pub use routes::{configure as routes, probes};
pub use server::serve;
pub use settings::{HttpLimits, HttpSettings};
pub use state::{Api, ErrorTracker, KeyUses, Stopping, Storefront, UnexpectedFailure};
