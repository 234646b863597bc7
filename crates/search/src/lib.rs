#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod analysis;
mod columns;
mod cursor;
mod filter;
mod follower;
mod highlight;
mod index;
mod page;
mod query;
mod rank;
mod search;
mod synonyms;
mod vocabulary;
mod words;

pub use self::follower::Follower;
pub use self::index::{CatalogueIndex, Changes, IndexError};
