#![doc = include_str!("../README.md")]

mod admin;
mod answers;
mod api;
mod categories;
mod connection;
mod cursor;
mod docs;
mod document;
mod edge;
mod encoding;
mod entity_tag;
mod fields;
mod front;
mod health;
mod images;
mod json_body;
mod link;
mod media;
mod metrics;
mod openapi;
mod problem;
mod products;
mod query;
mod reviews;
mod routes;
mod server;
mod session;
mod settings;
mod static_document;

pub use api::{Api, ErrorTracker, Stopping, UnexpectedFailure};
pub use edge::{Edge, RateLimits};
pub use health::CachedProbe;
pub use openapi::document as openapi_document;
pub use routes::{configure as routes, probes};
pub use server::serve;
pub use settings::{HttpLimits, HttpSettings};
