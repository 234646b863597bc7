#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod error;
mod money;
mod permission;
mod rules;
mod scope;
mod slug;
mod text;

pub mod categories;
pub mod changes;
pub mod health;
pub mod idempotency;
pub mod images;
pub mod imports;
pub mod keys;
pub mod metrics;
pub mod products;
pub mod reviews;
pub mod sessions;
pub mod stock;
pub mod synonyms;
pub mod webhooks;

#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod words;

pub use bytes::Bytes;
pub use error::StoreError;
pub use garde::{Report, Unvalidated, Valid, Validate};
pub use money::{InvalidPrice, Price, parse_amount};
pub use permission::{Permission, UnknownPermission};
pub use rust_decimal::Decimal;
pub use slug::{InvalidSlug, Slug};
pub use text::nfc;
pub use {garde, time};
