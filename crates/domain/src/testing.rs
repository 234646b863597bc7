//! For tests: stores in memory, and the contract tests that every store must pass.

mod memory;

pub mod contract;

pub use contract::Stores;
pub use memory::InMemoryShop;
