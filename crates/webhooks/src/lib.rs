#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod failure;
pub mod guard;
mod resolver;
pub mod schedule;
mod sender;
pub mod signature;

pub use self::failure::Failure;
pub use self::guard::{Blocked, Guard};
pub use self::schedule::next_attempt;
pub use self::sender::{Attempt, InvalidSettings, Outcome, Sender, Settings};
pub use self::signature::{InvalidSecret, Secret, sign};
