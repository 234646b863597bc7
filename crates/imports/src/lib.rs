#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod batches;
mod compare;
mod difference;
mod file;
mod run;
mod write;

use std::time::Duration;

pub use self::run::Importer;

/// How long the work rests when the store is unavailable.
const PAUSE: Duration = Duration::from_millis(500);
