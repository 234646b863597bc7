//! Test support: in-memory stores, and contract tests that every store must pass.

mod memory;
mod pictures;

pub mod contract;

pub use contract::Stores;
pub use memory::{InMemoryImages, InMemoryShop};
pub use pictures::a_png;
