//! A client of the EggyPro shop API.
//!
//! ```no_run
//! use eggypro_client::{Client, Credentials};
//! use eggypro_client::stock::{MovementReason, NewMovement};
//!
//! # async fn example() -> eggypro_client::Result<()> {
//! let client = Client::builder("https://api.shop.example")
//!     .credentials(Credentials::api_key("egg_9fK2mQ7xT1bZ_…"))
//!     .build()?;
//! let product = client.products().get("eggypro-vanilla-1kg").await?;
//! println!("{} costs {} {}", product.title, product.price, product.currency);
//! let sale = NewMovement::by(-2, MovementReason::Sale).reference("order-1001");
//! client.stock().move_one(&product.slug, &sale).await?;
//! # Ok(())
//! # }
//! ```
//!
//! The rest of this page is the README, with an example of each task.
//!
#![cfg_attr(all(feature = "blocking", feature = "webhooks"), doc = include_str!("../README.md"))]
#![deny(missing_docs)]

mod answer;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod call;
pub mod categories;
pub mod changes;
mod client;
mod credentials;
mod decimal;
#[cfg(feature = "domain")]
mod domain;
mod download;
mod error;
mod etag;
pub mod feeds;
mod field;
pub mod health;
pub mod images;
pub mod imports;
pub mod keys;
mod memory;
mod operation;
mod page;
mod problem;
pub mod products;
mod redirect;
mod request;
pub mod reservations;
mod retry;
pub mod reviews;
pub mod search_index;
pub mod session;
pub mod stock;
mod text_enum;
mod transport;
mod upload;
pub mod webhooks;

pub use reqwest::header::HeaderMap;
pub use rust_decimal::Decimal;
pub use secrecy::{ExposeSecret, SecretString};
pub use time::OffsetDateTime;

pub use self::builder::ClientBuilder;
pub use self::call::Call;
pub use self::client::Client;
pub use self::credentials::Credentials;
pub use self::download::Download;
pub use self::error::{Error, Result};
pub use self::etag::{ETag, Versioned};
pub use self::field::Field;
pub use self::operation::{OPERATIONS, Operation};
pub use self::page::{Items, Page, Paged, Pages, Pagination, TotalPrecision};
pub use self::problem::{FieldError, Problem, Shortage};
pub use self::retry::RetryPolicy;
pub use self::upload::Upload;
