#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod delivery;
mod failure;
pub mod guard;
mod lazy_sender;
mod resolver;
pub mod schedule;
mod sender;
pub mod signature;
mod target;

pub use self::delivery::{Deliverer, DeliveryFigures, EventRenderer, RenderError};
pub use self::failure::Failure;
pub use self::guard::{Blocked, Guard};
pub use self::lazy_sender::LazySender;
pub use self::schedule::next_attempt;
pub use self::sender::{Attempt, InvalidSettings, Outcome, Sender, Settings};
pub use self::signature::{InvalidSecret, Secret, sign};
