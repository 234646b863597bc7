#![doc = include_str!("../README.md")]

mod categories;
mod changes;
mod connection_string;
mod database;
mod error;
mod idempotency;
mod images;
mod imports;
mod inspection;
mod keys;
mod metrics;
mod products;
mod reviews;
#[expect(unreachable_pub, reason = "printed by diesel")]
mod schema;
mod sessions;
mod stock;
mod synonyms;
mod webhooks;

pub mod migrations;
pub mod seed;
pub mod sequences;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use categories::PostgresCategories;
pub use changes::PostgresChanges;
pub use connection_string::{ConnectFailure, ConnectionString, InvalidConnectionString};
pub use database::{Database, DatabaseFigures, DatabaseSettings, Listener, ListenerEvent};
pub use idempotency::PostgresIdempotency;
pub use images::PostgresImages;
pub use imports::PostgresImports;
pub use inspection::{Inspection, inspect, passes_notifications};
pub use keys::PostgresKeys;
pub use metrics::PostgresMetrics;
pub use products::{PostgresProductSource, PostgresProducts};
pub use reviews::PostgresReviews;
pub use sessions::PostgresSessions;
pub use stock::PostgresStock;
pub use synonyms::PostgresSynonyms;
pub use webhooks::PostgresWebhooks;
