//! `/api/changes` lists changes for people, and `/api/events` reports them to other systems.

mod body;
pub(crate) mod events;
mod list;
mod writer;

pub(crate) use self::body::ActorBody;
pub(crate) use self::list::{__path_list, list};
pub use self::writer::EventWriter;
