#![doc = include_str!("../README.md")]

mod categories;
mod database;
mod error;
mod products;
mod schema;

pub mod migrations;
pub mod seed;

#[cfg(feature = "testing")]
pub mod testing;

pub use categories::PostgresCategories;
pub use database::{Database, DatabaseSettings};
pub use products::PostgresProducts;
