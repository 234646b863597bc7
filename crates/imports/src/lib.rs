#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod batches;
mod compare;
mod difference;
mod file;
mod run;

pub use self::run::Importer;
