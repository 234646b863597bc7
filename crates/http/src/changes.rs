//! `/api/changes` and `/api/events`: what was changed, for people and for other systems.

mod body;
pub(crate) mod events;
mod list;

pub(crate) use self::list::{__path_list, list};
